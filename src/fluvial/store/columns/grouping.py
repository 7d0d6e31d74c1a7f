"""Fields of matching runs as arrays, their groups, and statistics of these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fluvial.entities.run import RunStatus
from fluvial.search.sql import Scope
from fluvial.search.tree import Field
from fluvial.store.columns.matching import column_of, durations
from fluvial.store.columns.table import Table

Slots = NDArray[np.intp]


class Labels(NamedTuple):
    """A text of some runs.

    Attributes:
        codes: Of each run, -1 where it lacks the text.
        texts: What the codes stand for.
    """

    codes: NDArray[np.int64]
    texts: Sequence[str]


class Values(NamedTuple):
    """A number of some runs: NaN where it is that, and where a run lacks it."""

    values: NDArray[np.float64]
    is_there: NDArray[np.bool_]


class Moments(NamedTuple):
    """A number over each group: how many, the mean, squared distances from it, the least, the greatest."""

    n: NDArray[np.int64]
    mean: NDArray[np.float64]
    squares: NDArray[np.float64]
    least: NDArray[np.float64]
    greatest: NDArray[np.float64]


class Groups(NamedTuple):
    """The groups of some runs.

    Attributes:
        keys: Of each group, the texts that its runs share; None where they lack one.
        n_runs: Of each group.
        numbers: Of each number, its moments in each group.
    """

    keys: list[tuple[str | None, ...]]
    n_runs: NDArray[np.int64]
    numbers: list[Moments]


def labels(table: Table, slots: Slots, field: Field, scope: Scope) -> Labels:
    """A field that holds text."""
    column = column_of(field, scope)
    if field == Field("", "experiment_name"):
        return Labels(np.zeros(len(slots), np.int64), [scope.experiment_names[table.experiment_id]])
    if column is None:
        names = [status.value for status in RunStatus]
        numbers = table.gather(lambda block: table.runs[block].status, slots)
        return Labels(numbers.astype(np.int64) - 1, names)
    codes = table.gather(lambda block: table.codes(column, block), slots)
    return Labels(codes.astype(np.int64), table.dictionary(column).texts)


def values(table: Table, slots: Slots, field: Field, scope: Scope) -> Values:
    """A field that holds numbers, times among them."""
    column = column_of(field, scope)
    if column is not None:
        return Values(
            table.gather(lambda block: table.numbers(column, block).values, slots),
            table.gather(lambda block: table.numbers(column, block).is_there, slots),
        )
    has_end = table.gather(lambda block: table.runs[block].has_end, slots)
    match field.name:
        case "duration":
            return Values(table.gather(lambda block: durations(table, block), slots), has_end)
        case "end_time":
            ended = table.gather(lambda block: table.runs[block].end_ms, slots).astype(np.float64)
            return Values(np.where(has_end, ended, np.nan), has_end)
        case _:
            started = table.gather(lambda block: table.runs[block].start_ms, slots)
            return Values(started.astype(np.float64), np.ones(len(slots), np.bool_))


def grouped(by: Sequence[Labels], numbers: Sequence[Values]) -> Groups:
    """The groups of runs that share all texts."""
    group_of, representatives = _group_numbers(by)
    n = len(representatives)
    keys = [
        tuple(None if (code := label.codes[run]) < 0 else label.texts[code] for label in by)
        for run in representatives.tolist()
    ]
    n_runs = np.bincount(group_of, minlength=n)
    return Groups(keys, n_runs, [_moments(group_of, n, number.values) for number in numbers])


def _group_numbers(by: Sequence[Labels]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The group of each run, and a run of each group."""
    combined = np.zeros(len(by[0].codes), np.int64)
    for label in by:
        # Numbered anew after each field, so that the product never leaves 64 bits.
        size = len(label.texts) + 1
        combined = np.unique(combined * size + label.codes + 1, return_inverse=True)[1]
    _, representatives, group_of = np.unique(combined, return_index=True, return_inverse=True)
    return group_of, representatives


def _moments(group_of: NDArray[np.intp], n: int, numbers: NDArray[np.float64]) -> Moments:
    is_number = ~np.isnan(numbers)
    groups, numbers = group_of[is_number], numbers[is_number]
    count = np.bincount(groups, minlength=n)
    least, greatest = np.full(n, np.inf), np.full(n, -np.inf)
    np.minimum.at(least, groups, numbers)
    np.maximum.at(greatest, groups, numbers)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = np.bincount(groups, numbers, minlength=n) / count
        squares = np.bincount(groups, (numbers - mean[groups]) ** 2, minlength=n).astype(np.float64)
    return Moments(count, mean, squares, least, greatest)


def joined_moments(parts: Sequence[Any]) -> tuple[int, float, float, float, float]:
    """Moments of several sets of runs as those of all, each (count, mean, squares, least, greatest).

    n = Σ n_i; mean = Σ n_i m_i / n; squares = Σ (s_i + n_i (m_i - mean)²): what Chan, Golub and LeVeque give
    in "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances" (1979) for two.
    """
    parts = [part for part in parts if part[0]]
    if not parts:
        return 0, float("nan"), float("nan"), float("nan"), float("nan")
    n = sum(part[0] for part in parts)
    mean = sum(part[0] * part[1] for part in parts) / n if len(parts) > 1 else parts[0][1]
    squares = sum(part[2] + part[0] * (part[1] - mean) ** 2 for part in parts)
    return n, mean, squares, min(part[3] for part in parts), max(part[4] for part in parts)
