"""Groups of runs, and the values of their fields."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from fluvial.search.sql import Scope
from fluvial.search.tree import Field
from fluvial.store.columns import grouping, matching
from fluvial.store.columns.table import Table
from fluvial.store.database import Transaction
from fluvial.store.run_search import Search, table_of


class GroupOfRuns(NamedTuple):
    """A group.

    Attributes:
        key: The texts that its runs share; None where they lack one.
        n_runs: How many there are.
        moments: Of each number: count, mean, squared distances from it, least, greatest.
    """

    key: tuple[str | None, ...]
    n_runs: int
    moments: tuple[tuple[int, float, float, float, float], ...]


class CountedTexts(NamedTuple):
    """The values of a text with how many runs have each, and how many lack it."""

    counts: Counter[str]
    n_missing: int


class SpreadNumbers(NamedTuple):
    """Numbers of runs: the edges of bins, the counts in them, and what is in no bin."""

    edges: list[float]
    counts: list[int]
    n_nan: int
    n_infinite: int
    n_missing: int


class _Found(NamedTuple):
    """The matching runs of an experiment: at least one."""

    table: Table
    slots: grouping.Slots
    scope: Scope


def group(
    transaction: Transaction, search: Search, by: Sequence[Field], numbers: Sequence[Field]
) -> list[GroupOfRuns]:
    """The groups of the runs that match, in no order."""
    parts: defaultdict[tuple[str | None, ...], list[tuple[int, tuple[Any, ...]]]] = defaultdict(list)
    for table, slots, scope in _matching(transaction, search, [*by, *numbers]):
        groups = grouping.grouped(
            [grouping.labels(table, slots, field, scope) for field in by],
            [grouping.values(table, slots, field, scope) for field in numbers],
        )
        moments = [
            list(zip(*(array.tolist() for array in of_number), strict=True)) for of_number in groups.numbers
        ]
        for number, (key, n_runs) in enumerate(zip(groups.keys, groups.n_runs.tolist(), strict=True)):
            parts[key].append((n_runs, tuple(of_number[number] for of_number in moments)))
    return [
        GroupOfRuns(
            key,
            sum(n_runs for n_runs, _ in found),
            tuple(
                grouping.joined_moments([moments[number] for _, moments in found])
                for number in range(len(numbers))
            ),
        )
        for key, found in parts.items()
    ]


def count_texts(transaction: Transaction, search: Search, field: Field) -> CountedTexts:
    """The values of a text among the runs that match."""
    counts: Counter[str] = Counter()
    n_missing = 0
    for table, slots, scope in _matching(transaction, search, [field]):
        found = grouping.labels(table, slots, field, scope)
        by_code = np.bincount(found.codes + 1, minlength=len(found.texts) + 1)
        n_missing += int(by_code[0])
        for code in np.flatnonzero(by_code[1:]).tolist():
            counts[found.texts[code]] += int(by_code[code + 1])
    return CountedTexts(counts, n_missing)


def spread(transaction: Transaction, search: Search, field: Field, n_bins: int) -> SpreadNumbers:
    """How a number is spread among the runs that match."""
    parts = [
        grouping.values(table, slots, field, scope)
        for table, slots, scope in _matching(transaction, search, [field])
    ]
    if not parts:
        return SpreadNumbers([], [], 0, 0, 0)
    numbers = np.concatenate([part.values for part in parts])
    is_there = np.concatenate([part.is_there for part in parts])
    is_finite = np.isfinite(numbers)
    n_nan = int((np.isnan(numbers) & is_there).sum())
    others = {"n_nan": n_nan, "n_infinite": int(np.isinf(numbers).sum()), "n_missing": int((~is_there).sum())}
    finite = numbers[is_finite]
    if not len(finite):
        return SpreadNumbers([], [], **others)
    least, greatest = float(finite.min()), float(finite.max())
    if not math.isfinite(greatest - least) or (greatest - least) / n_bins <= 0:
        # All the same, or too far apart for bins of equal width.
        edges = np.array([least, greatest])
        return SpreadNumbers(edges.tolist(), [len(finite)], **others)
    counts, edges = np.histogram(finite, n_bins, (least, greatest))
    return SpreadNumbers(edges.tolist(), counts.tolist(), **others)


def _matching(transaction: Transaction, search: Search, mentioned: Sequence[Field]) -> Iterator[_Found]:
    scope = search.scope(transaction, mentioned)
    for experiment_id in search.experiment_ids:
        table = table_of(transaction, experiment_id, search, mentioned, scope)
        slots = matching.matching(transaction, table, search.node, search.view, scope)
        if len(slots):
            yield _Found(table, slots, scope)
