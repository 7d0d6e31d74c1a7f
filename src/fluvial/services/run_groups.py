"""Groups of runs and the values of their fields: what tables over seeds and folds are made of."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from fluvial.errors import InvalidRequest
from fluvial.search.tree import Field
from fluvial.services import rules, run_fields
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.store import run_groups
from fluvial.store.run_groups import GroupOfRuns
from fluvial.store.run_search import Search
from fluvial.wire.run_groups import (
    FIND_FACETS,
    GROUP_RUNS,
    Facet,
    Facets,
    FacetValue,
    FindFacets,
    GroupRuns,
    Histogram,
    RunGroup,
    RunGroups,
    Summary,
)

MAX_GROUPS = 10_000
MAX_FIELDS = 50
MAX_VALUES = 1000


@serve(GROUP_RUNS, needs=Permission.READ)
def group_runs(context: Context, request: GroupRuns) -> RunGroups:
    """Group the runs that match, and compute statistics of each group.

    Raises:
        InvalidRequest: A field is grouped by that holds numbers, or the other way round.
        InvalidFilter: The filter or a field is not in the search language.
    """
    rules.page_size(request.max_groups, maximum=MAX_GROUPS, name="max_groups")
    by = run_fields.parse("group_by", request.group_by, least=1, most=MAX_FIELDS)
    numbers = run_fields.parse("numbers", request.numbers, least=0, most=MAX_FIELDS)
    for text, field in zip(request.group_by, by, strict=True):
        if not run_fields.is_text(field):
            raise InvalidRequest(
                f"Runs are grouped by texts, such as params.depth, tags.team or status; not by {text}."
            )
    for text, field in zip(request.numbers, numbers, strict=True):
        if not run_fields.is_number(field):
            raise InvalidRequest(f"{text} holds no numbers: name metrics, duration or times in numbers.")
    if request.sort_by and request.sort_by not in request.numbers:
        raise InvalidRequest(f"sort_by is one of the numbers, not {request.sort_by!r}.")
    search = _search(context, request)
    groups = run_groups.group(context.transaction, search, by, numbers)
    groups.sort(key=_key_order)
    groups.sort(key=_sort_order(request))
    return RunGroups(
        groups=tuple(_as_message(group) for group in groups[: request.max_groups]),
        n_groups=len(groups),
        n_runs=sum(group.n_runs for group in groups),
    )


@serve(FIND_FACETS, needs=Permission.READ)
def find_facets(context: Context, request: FindFacets) -> Facets:
    """Find which values some fields have among the runs that match.

    Raises:
        InvalidRequest: A field has neither texts to count nor numbers.
        InvalidFilter: The filter or a field is not in the search language.
    """
    rules.page_size(request.max_values, maximum=MAX_VALUES, name="max_values")
    rules.page_size(request.n_bins, maximum=MAX_VALUES, name="n_bins")
    search = _search(context, request)
    fields = run_fields.parse("fields", request.fields, least=1, most=MAX_FIELDS)
    return Facets(
        facets=tuple(
            _facet(context, search, text, field, request)
            for text, field in zip(request.fields, fields, strict=True)
        )
    )


def _facet(context: Context, search: Search, text: str, field: Field, request: FindFacets) -> Facet:
    if run_fields.is_text(field):
        counts, n_missing = run_groups.count_texts(context.transaction, search, field)
        most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[: request.max_values]
        return Facet(
            field=text,
            n_runs=counts.total(),
            n_missing=n_missing,
            n_values=len(counts),
            values=tuple(FacetValue(value=value, n_runs=n) for value, n in most),
        )
    if not run_fields.is_number(field):
        raise InvalidRequest(f"There are no facets of {text}: name params, tags, metrics, status or times.")
    found = run_groups.spread(context.transaction, search, field, request.n_bins)
    return Facet(
        field=text,
        n_runs=sum(found.counts) + found.n_nan + found.n_infinite,
        n_missing=found.n_missing,
        histogram=Histogram(
            edges=tuple(found.edges),
            counts=tuple(found.counts),
            n_nan=found.n_nan,
            n_infinite=found.n_infinite,
        ),
    )


def _search(context: Context, request: GroupRuns | FindFacets) -> Search:
    experiment_ids = rules.experiment_ids(request.experiment_ids)
    return Search.of(experiment_ids, request.filter, request.run_view_type, context.now_ms)


def _key_order(group: GroupOfRuns) -> list[tuple[bool, str]]:
    return [(value is None, value or "") for value in group.key]


def _sort_order(request: GroupRuns) -> Callable[[GroupOfRuns], Any]:
    if not request.sort_by:
        return lambda group: -group.n_runs
    number = request.numbers.index(request.sort_by)

    def order(group: GroupOfRuns) -> tuple[bool, float]:
        summary = _summary(group.moments[number])
        value = getattr(summary, request.statistic.value)
        if value is None or math.isnan(value):
            return True, 0.0
        return False, -value if request.is_descending else value

    return order


def _as_message(group: GroupOfRuns) -> RunGroup:
    numbers = tuple(_summary(moments) for moments in group.moments)
    return RunGroup(values=group.key, n_runs=group.n_runs, numbers=numbers)


def _summary(moments: tuple[int, float, float, float, float]) -> Summary:
    count, mean, squares, least, greatest = moments
    if not count:
        return Summary(count=0)
    std = math.sqrt(squares / (count - 1)) if count > 1 else None
    return Summary(count=count, mean=mean, std=std, min=least, max=greatest)
