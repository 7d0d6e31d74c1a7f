"""Looking for one text among everything that has a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fluvial.entities.experiment import ViewType
from fluvial.entities.run import RunStatus
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.store import experiment_search, experiments, reports, run_search, saved_views
from fluvial.store.runs import RunRow
from fluvial.wire.everywhere import (
    SEARCH_EVERYWHERE,
    FoundEverywhere,
    FoundExperiment,
    FoundReport,
    FoundRun,
    FoundView,
    SearchEverywhere,
)
from fluvial.wire.filter_text import literal_pattern

MAX_TEXT_CHARS = 500
MAX_EACH = 50
_ID_PREFIX = re.compile(r"[0-9a-f]{4,32}")
_WORD = re.compile(r"[^\W_]+")


@serve(SEARCH_EVERYWHERE, needs=Permission.READ)
def search_everywhere(context: Context, request: SearchEverywhere) -> FoundEverywhere:
    """What a text names: by name, by the beginning of an id, by the words in a run's texts.

    Raises:
        InvalidRequest: The text is too long, or the results too many.
    """
    rules.check_length("A text to search for", request.text, MAX_TEXT_CHARS)
    size = rules.page_size(request.max_results, maximum=MAX_EACH)
    text = request.text.strip()
    if not text:
        return FoundEverywhere()
    views = saved_views.search(context.transaction, text, size)
    return FoundEverywhere(
        experiments=_experiments(context, text, size),
        runs=_runs(context, text, size),
        views=tuple(
            FoundView(view_id=view_id, name=name, experiment_id=str(owner), experiment_name=owner_name)
            for view_id, name, owner, owner_name in views
        ),
        reports=tuple(
            FoundReport(report_id=row.report_id, title=row.title)
            for row in reports.find_page(context.transaction, text, 0, size)
        ),
    )


def _experiments(context: Context, text: str, size: int) -> tuple[FoundExperiment, ...]:
    exact = f"experiment_id = '{text}' OR " if text.isascii() and text.isdigit() else ""
    found = experiment_search.find_page(
        context.transaction,
        f"{exact}name ILIKE {_containing(text)}",
        experiment_search.parsed_order(("last_update_time DESC",)),
        ViewType.ACTIVE_ONLY,
        now_ms=context.now_ms,
        after=None,
        limit=size,
    )
    return tuple(
        FoundExperiment(experiment_id=str(one.row.experiment_id), name=one.row.name) for one in found
    )


def _runs(context: Context, text: str, size: int) -> tuple[FoundRun, ...]:
    """The best kind of match first, the next kind only where there is room."""
    experiment_ids = experiments.active_ids(context.transaction)
    order = run_search.parsed_order(("start_time DESC",))
    found: dict[str, RunRow] = {}
    for each in _run_filters(text):
        search = run_search.Search.of(experiment_ids, each, ViewType.ACTIVE_ONLY, context.now_ms)
        page = run_search.find_page(context.transaction, search, order, limit=size)
        found |= {one.row.run_id: one.row for one in page if one.row.run_id not in found}
        if len(found) >= size:
            break
    rows = list(found.values())[:size]
    names = experiments.names(context.transaction, [row.experiment_id for row in rows])
    return tuple(
        FoundRun(
            run_id=row.run_id,
            run_name=row.name,
            experiment_id=str(row.experiment_id),
            experiment_name=names[row.experiment_id],
            status=RunStatus.from_number(row.status),
            start_time=row.start_ms,
        )
        for row in rows
    )


def _run_filters(text: str) -> Iterator[str]:
    if _ID_PREFIX.fullmatch(text):
        yield f"run_id LIKE '{text}%'"
    yield f"run_name ILIKE {_containing(text)}"
    words = _WORD.findall(text)
    if words:
        # The last word may not be finished yet.
        yield f"text MATCHES '{' '.join(words).lower()}*'"


def _containing(text: str) -> str:
    return f"'%{literal_pattern(text)}%'"
