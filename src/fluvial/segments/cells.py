"""Cells: what some neighbouring points of one series come to. A chart is made of them.

Numbers are kept apart from what is none: NaN and infinities are counted, and everything else is of the
finite values alone, NaN where there are none. So neither ever hides a number.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fluvial.segments.columns import pack_columns, unpack_columns

# Points in a cell, by level of the pyramid; each divides the points of a chunk.
LEVELS = (64, 512, 4096)


class Cells(NamedTuple):
    """Cells in the order of their points, which is by step, then time; all of shape (n,).

    Attributes:
        n_points: Points in the cell, of all values.
        n_nan: Of them, how many are NaN.
        n_pos_inf: How many are +inf.
        n_neg_inf: How many are -inf.
        minimums: Least finite value.
        maximums: Greatest finite value.
        sums: Sum of the finite values, 0 where there are none.
        firsts: First finite value.
        lasts: Last finite value.
        first_steps: Step of the first point.
        last_steps: Step of the last point.
        first_ms: Time of the first point, ms since the epoch.
        last_ms: Time of the last point.
        min_ms: Earliest time of any point.
        max_ms: Latest time of any point.
    """

    n_points: NDArray[np.int64]
    n_nan: NDArray[np.int64]
    n_pos_inf: NDArray[np.int64]
    n_neg_inf: NDArray[np.int64]
    minimums: NDArray[np.float64]
    maximums: NDArray[np.float64]
    sums: NDArray[np.float64]
    firsts: NDArray[np.float64]
    lasts: NDArray[np.float64]
    first_steps: NDArray[np.int64]
    last_steps: NDArray[np.int64]
    first_ms: NDArray[np.int64]
    last_ms: NDArray[np.int64]
    min_ms: NDArray[np.int64]
    max_ms: NDArray[np.int64]

    @property
    def n(self) -> int:
        """How many cells; a tuple's length is taken by its fields."""
        return len(self.n_points)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.intp] | slice) -> Cells:
        """The cells that a mask, a list of positions or a slice picks."""
        return Cells._make(column[chosen] for column in self)

    def merged(self, starts: NDArray[np.intp]) -> Cells:
        """Neighbouring cells taken together: those from each start up to the next."""
        ends = last_of(starts, self.n)
        return Cells(
            n_points=np.add.reduceat(self.n_points, starts),
            n_nan=_added(self.n_nan, starts),
            n_pos_inf=_added(self.n_pos_inf, starts),
            n_neg_inf=_added(self.n_neg_inf, starts),
            minimums=np.fmin.reduceat(self.minimums, starts),
            maximums=np.fmax.reduceat(self.maximums, starts),
            sums=_sums(self.sums, starts),
            firsts=_first_number(self.firsts, starts),
            lasts=_last_number(self.lasts, ends, starts),
            first_steps=self.first_steps[starts],
            last_steps=self.last_steps[ends],
            first_ms=self.first_ms[starts],
            last_ms=self.last_ms[ends],
            min_ms=np.minimum.reduceat(self.min_ms, starts),
            max_ms=np.maximum.reduceat(self.max_ms, starts),
        )


def concatenate(parts: list[Cells]) -> Cells:
    """Cells one after the other."""
    if len(parts) == 1:
        return parts[0]
    return Cells._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def in_order(cells: Cells) -> Cells:
    """Cells of one series by where they begin."""
    if (cells.first_steps[1:] > cells.first_steps[:-1]).all():
        return cells
    return cells.where(np.lexsort((cells.first_ms, cells.first_steps)))


def cells_of(
    steps: NDArray[np.int64],
    timestamps: NDArray[np.int64],
    values: NDArray[np.float64],
    starts: NDArray[np.intp],
) -> Cells:
    """Points as cells: those from each start up to the next.

    Args:
        steps: Of the points, in order.
        timestamps: Of the points, ms since the epoch.
        values: Of the points.
        starts: Where each cell begins, increasing, the first 0.
    """
    n = len(values)
    ends = last_of(starts, n)
    is_finite = np.isfinite(values)
    if is_finite.all():
        none = np.zeros(len(starts), np.int64)
        n_nan = n_pos_inf = n_neg_inf = none
        numbers = values
        firsts, lasts, sums = values[starts], values[ends], _sums(values, starts)
    else:
        n_nan = _counts(np.isnan(values), starts)
        n_pos_inf = _counts(np.isposinf(values), starts)
        n_neg_inf = _counts(np.isneginf(values), starts)
        numbers = np.where(is_finite, values, np.nan)
        sums = _sums(np.where(is_finite, values, 0.0), starts)
        firsts, lasts = _first_number(numbers, starts), _last_number(numbers, ends, starts)
    return Cells(
        n_points=ends + 1 - starts,
        n_nan=n_nan,
        n_pos_inf=n_pos_inf,
        n_neg_inf=n_neg_inf,
        minimums=np.fmin.reduceat(numbers, starts),
        maximums=np.fmax.reduceat(numbers, starts),
        sums=sums,
        firsts=firsts,
        lasts=lasts,
        first_steps=steps[starts],
        last_steps=steps[ends],
        first_ms=timestamps[starts],
        last_ms=timestamps[ends],
        min_ms=np.minimum.reduceat(timestamps, starts),
        max_ms=np.maximum.reduceat(timestamps, starts),
    )


def pack_cells(cells: Cells) -> bytes:
    """Cells as bytes: ends as distances from their beginnings, which mostly are all the same."""
    return pack_columns(
        cells._replace(
            last_steps=cells.last_steps - cells.first_steps,
            last_ms=cells.last_ms - cells.first_ms,
            min_ms=cells.min_ms - cells.first_ms,
            max_ms=cells.max_ms - cells.last_ms,
        )
    )


def unpack_cells(data: bytes) -> Cells:
    """The cells that were packed.

    Raises:
        ValueError: They were written by a newer version.
    """
    cells = Cells._make(unpack_columns(data))
    last_ms = cells.first_ms + cells.last_ms
    return cells._replace(
        last_steps=cells.first_steps + cells.last_steps,
        last_ms=last_ms,
        min_ms=cells.first_ms + cells.min_ms,
        max_ms=last_ms + cells.max_ms,
    )


def last_of(starts: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    """Where groups of neighbours end, their last element: those that begin at `starts`, of n elements."""
    ends = np.empty_like(starts)
    np.subtract(starts[1:], 1, out=ends[:-1])
    ends[-1:] = n - 1
    return ends


def starts_of(groups: NDArray[np.integer[Any]]) -> NDArray[np.intp]:
    """Where the groups of equal neighbours begin."""
    is_start = np.ones(len(groups), bool)
    np.not_equal(groups[1:], groups[:-1], out=is_start[1:])
    return np.flatnonzero(is_start)


def _counts(mask: NDArray[np.bool_], starts: NDArray[np.intp]) -> NDArray[np.int64]:
    return np.add.reduceat(mask.astype(np.int64), starts)


def _added(counts: NDArray[np.int64], starts: NDArray[np.intp]) -> NDArray[np.int64]:
    """Counts of neighbours added up; mostly there is nothing to count."""
    return np.add.reduceat(counts, starts) if counts.any() else np.zeros(len(starts), np.int64)


def _sums(values: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):
        return np.add.reduceat(values, starts)


def _first_number(values: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Of the values from each start on, the first that is a number; NaN where none is."""
    is_none = np.isnan(values)
    if not is_none.any():
        return values[starts]
    n = len(values)
    found = np.minimum.reduceat(np.where(is_none, n, np.arange(n)), starts)
    return _picked(values, found)


def _last_number(
    values: NDArray[np.float64], ends: NDArray[np.intp], starts: NDArray[np.intp]
) -> NDArray[np.float64]:
    is_none = np.isnan(values)
    if not is_none.any():
        return values[ends]
    n = len(values)
    found = np.maximum.reduceat(np.where(is_none, -1, np.arange(n)), starts)
    return _picked(values, np.where(found < 0, n, found))


def _picked(values: NDArray[np.float64], positions: NDArray[Any]) -> NDArray[np.float64]:
    """The values at some positions; NaN where a position is past the end."""
    picked: NDArray[np.float64] = np.append(values, np.nan)[positions]
    return picked
