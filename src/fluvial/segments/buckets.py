"""Buckets of a chart: points and cells of a series, taken together along an x axis."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fluvial.segments.cells import Cells, cells_of, concatenate, last_of, starts_of
from fluvial.segments.points import Points

X = NDArray[np.int64] | NDArray[np.float64]

# A cell that is wider than this many buckets is looked into: it has a gap, or few points.
WIDE = 4.0


class Range(NamedTuple):
    """Part of an x axis, its ends included; None for no end."""

    start: float | None = None
    end: float | None = None

    def holds(self, xs: X) -> NDArray[np.bool_]:
        """Which of some places lie within."""
        mask = np.ones(len(xs), bool)
        if self.start is not None:
            mask &= xs >= self.start
        if self.end is not None:
            mask &= xs <= self.end
        return mask


class Axis(abc.ABC):
    """What points and cells are ordered along."""

    @abc.abstractmethod
    def of_points(self, points: Points) -> NDArray[np.int64]:
        """Where points are."""

    @abc.abstractmethod
    def ends(self, cells: Cells) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where cells begin and end."""

    @abc.abstractmethod
    def is_in_order(self, cells: Cells) -> bool:
        """Whether cells, which are in the order of steps, are in this axis' order too, and their points."""

    @abc.abstractmethod
    def ordered(self, points: Points) -> Points:
        """Points that are in the order of steps, in this axis' order."""


class StepAxis(Axis):
    """Along training steps."""

    def of_points(self, points: Points) -> NDArray[np.int64]:
        """Their steps."""
        return points.steps

    def ends(self, cells: Cells) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Their first and last steps."""
        return cells.first_steps, cells.last_steps

    def is_in_order(self, cells: Cells) -> bool:
        """Always."""
        del cells
        return True

    def ordered(self, points: Points) -> Points:
        """As they are."""
        return points


class TimeAxis(Axis):
    """Along time, in ms.

    Args:
        origin_ms: What counts as 0.
    """

    def __init__(self, origin_ms: int) -> None:
        self._origin_ms = origin_ms

    def of_points(self, points: Points) -> NDArray[np.int64]:
        """Their times."""
        return points.timestamps - self._origin_ms

    def ends(self, cells: Cells) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Their earliest and latest times."""
        return cells.min_ms - self._origin_ms, cells.max_ms - self._origin_ms

    def is_in_order(self, cells: Cells) -> bool:
        """Whether no point of a later step is earlier than one of an earlier step, as far as cells tell."""
        return bool(
            (cells.first_ms == cells.min_ms).all()
            and (cells.last_ms == cells.max_ms).all()
            and (cells.first_ms[1:] >= cells.last_ms[:-1]).all()
        )

    def ordered(self, points: Points) -> Points:
        """By time, then step."""
        if not (np.diff(points.timestamps) < 0).any():
            return points
        return points.where(np.argsort(points.timestamps, kind="stable"))


class Placed(NamedTuple):
    """Cells of one series with their places on the axis and the buckets that they fall into."""

    cells: Cells
    x_first: X
    x_last: X
    buckets: NDArray[np.int64]


class Buckets(NamedTuple):
    """The buckets of many series; all of one length, series after series.

    Attributes:
        series: Number of the series.
        x_first: Where the first point is.
        x_last: Where the last point is.
        cells: What the points come to.
    """

    series: NDArray[np.uint32]
    x_first: X
    x_last: X
    cells: Cells

    @property
    def means(self) -> NDArray[np.float64]:
        """Means of the finite values, NaN where there are none."""
        cells = self.cells
        n_finite = cells.n_points - cells.n_nan - cells.n_pos_inf - cells.n_neg_inf
        with np.errstate(divide="ignore", invalid="ignore"):
            means = cells.sums / n_finite
        # What rounding, or a sum beyond the greatest float, made of it stays within the values.
        return np.clip(means, cells.minimums, cells.maximums)


def width_of(first: float, last: float, n_buckets: int) -> float:
    """How wide a bucket is."""
    return (last - first) / n_buckets


def place_points(xs: X, points: Points, n_buckets: int) -> Placed:
    """Points in the order of their axis, in buckets; point by point where they are no more than those."""
    n = len(points)
    if n <= n_buckets:
        buckets = np.arange(n)
        starts = buckets
    else:
        buckets = _buckets(xs, float(xs[0]), float(xs[-1]), n_buckets)
        starts = starts_of(buckets)
    cells = cells_of(points.steps, points.timestamps, points.values, starts)
    ends = last_of(starts, n)
    return Placed(cells, xs[starts], xs[ends], buckets[starts])


def place(axis: Axis, cells: Cells, points: Points, n_buckets: int) -> Placed:
    """Cells and points that do not overlap, in buckets.

    Args:
        axis: Along what.
        cells: In order, and in the axis' order.
        points: In the axis' order.
        n_buckets: How many buckets at most.
    """
    xs = axis.of_points(points)
    if not cells.n:
        return place_points(xs, points, n_buckets)
    x_first, x_last = axis.ends(cells)
    if not len(points):
        buckets = _buckets(x_first, float(x_first[0]), float(x_last[-1]), n_buckets)
        return Placed(cells, x_first, x_last, buckets)
    bounds = min(float(x_first[0]), float(xs[0])), max(float(x_last[-1]), float(xs[-1]))
    of_points = _buckets(xs, *bounds, n_buckets)
    is_start = np.diff(of_points, prepend=-1) != 0
    come_after = bool(xs[0] > x_last[-1])
    if not come_after:
        is_start |= _begins_after_a_cell(x_first, cells, xs, points)
    starts = np.flatnonzero(is_start)
    every = concatenate([cells, cells_of(points.steps, points.timestamps, points.values, starts)])
    firsts = np.concatenate((x_first, xs[starts]))
    lasts = np.concatenate((x_last, xs[last_of(starts, len(points))]))
    if not come_after:
        order = np.lexsort((every.first_ms, every.first_steps, firsts))
        every, firsts, lasts = every.where(order), firsts[order], lasts[order]
    return Placed(every, firsts, lasts, _buckets(firsts, *bounds, n_buckets))


def _begins_after_a_cell(x_first: X, cells: Cells, xs: X, points: Points) -> NDArray[np.bool_]:
    """Which points come right after a cell: what is taken together must not reach over one."""
    order = np.lexsort(
        (
            np.concatenate((cells.first_ms, points.timestamps)),
            np.concatenate((cells.first_steps, points.steps)),
            np.concatenate((x_first, xs)),
        )
    )
    n_cells_before = np.cumsum(order < cells.n)[order >= cells.n]
    begins: NDArray[np.bool_] = np.diff(n_cells_before, prepend=-1) != 0
    return begins


def gather(placed: Sequence[Placed | None]) -> Buckets:
    """The buckets of many series, one after the other; None for a series with nothing."""
    numbers = [number for number, one in enumerate(placed) if one is not None]
    # One by one: what belongs to a series fits into the processor's cache, all of it does not.
    merged = [_merged(one) for one in placed if one is not None] or [_NOTHING]
    return Buckets(
        np.repeat(np.array(numbers or [0], np.uint32), [one.cells.n for one in merged]),
        np.concatenate([one.x_first for one in merged]),
        np.concatenate([one.x_last for one in merged]),
        concatenate([one.cells for one in merged]),
    )


def _merged(placed: Placed) -> Placed:
    """One cell for each bucket."""
    starts = starts_of(placed.buckets)
    if len(starts) == placed.cells.n:
        return placed
    lasts = last_of(starts, placed.cells.n)
    return Placed(
        placed.cells.merged(starts), placed.x_first[starts], placed.x_last[lasts], placed.buckets[starts]
    )


def _buckets(xs: X, first: float, last: float, n_buckets: int) -> NDArray[np.int64]:
    """The bucket that each place falls into; never decreasing."""
    if last <= first:
        return np.zeros(len(xs), np.int64)
    places: NDArray[Any] = (xs.astype(np.float64) - first) / (last - first) * n_buckets
    return np.minimum(places.astype(np.int64), n_buckets - 1)


_NONE = np.empty(0, np.int64)
_NOTHING = place_points(_NONE, Points(_NONE, _NONE, _NONE, np.empty(0)), 1)
