"""What charts read: cells where they do, and points where the eye would see the difference.

A series is cells of its rolled chunks at one level of the pyramid, and loose points: those in segments and in
chunks that are not rolled up. Cells give way to the points of their chunks where the range cuts through them,
where a loose point falls among theirs, and where they are much wider than a bucket.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, literal_column, select

from fluvial.segments.buckets import WIDE, Axis, Placed, Range, place, place_points, width_of
from fluvial.segments.cells import LEVELS, Cells, concatenate, in_order, unpack_cells
from fluvial.segments.chunks import first_moment, unpack_chunk
from fluvial.segments.points import Points, unpack
from fluvial.store import chunks
from fluvial.store.chunks import Chunk, Series
from fluvial.store.database import Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.statement import Statement
from fluvial.store.tables import chunk, rollup, segment

_ROLLUPS = Statement(
    select(rollup.c.run_key, rollup.c.n_cells).where(
        rollup.c.experiment_id == bindparam("e"),
        AnyOf(rollup.c.run_key, "runs"),
        rollup.c.key_id == bindparam("k"),
        rollup.c.level == bindparam("level"),
    )
)
_CELLS = Statement(
    select(rollup.c.run_key, rollup.c.data)
    .where(
        rollup.c.experiment_id == bindparam("e"),
        AnyOf(rollup.c.run_key, "runs"),
        rollup.c.key_id == bindparam("k"),
        rollup.c.level == bindparam("level"),
    )
    .order_by(rollup.c.run_key, rollup.c.last_step, rollup.c.rollup_id)
)
_LOOSE = Statement(
    select(chunk.c.run_key, chunk.c.chunk_id, chunk.c.data).where(
        chunk.c.experiment_id == bindparam("e"),
        AnyOf(chunk.c.run_key, "runs"),
        chunk.c.key_id == bindparam("k"),
        chunk.c.is_rolled == literal_column("0"),
    )
)
_SEGMENTS = Statement(
    select(segment.c.run_key, segment.c.data)
    .where(segment.c.experiment_id == bindparam("e"), AnyOf(segment.c.run_key, "runs"))
    .order_by(segment.c.run_key, segment.c.segment_id)
)
# Where a chunk's points stand among those of one step and time, after those of all chunks.
_IN_SEGMENTS = 1 << 63


class Wanted(NamedTuple):
    """One series to draw.

    Attributes:
        series: Which.
        axis: Along what.
    """

    series: Series
    axis: Axis


class _Part(NamedTuple):
    """Points of a series that came together; `order` is by arrival."""

    order: int
    points: Points


def read(
    transaction: Transaction, wanted: Sequence[Wanted], span: Range, n_buckets: int
) -> list[Placed | None]:
    """The cells of each series in a range, in buckets; None for those with no point there."""
    placed: list[Placed | None] = [None] * len(wanted)
    in_segments = _segments(transaction, [each.series for each in wanted])
    by_metric: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, (series, _) in enumerate(wanted):
        by_metric[series.experiment_id, series.key_id].append(number)
    for (experiment_id, key_id), numbers in by_metric.items():
        run_keys = sorted({wanted[number].series.run_key for number in numbers})
        of = {"e": experiment_id, "k": key_id}
        loose = _loose_chunks(transaction, of, run_keys)
        cells = dict(_cells(transaction, of, run_keys, n_buckets))
        for number in numbers:
            series, axis = wanted[number]
            parts = [*loose[series.run_key], *in_segments[series]]
            found = cells.get(series.run_key)
            reader = _Reader(transaction, series, axis, span, n_buckets)
            placed[number] = reader.placed(found, parts)
    return placed


def read_whole(axis: Axis, points: Points, span: Range, n_buckets: int) -> Placed | None:
    """A series from all of its points in step order: those of runs that go on with another's."""
    return _placed(axis, _along(axis, points, span), n_buckets)


def read_against(points: Points, x_points: Points, span: Range, n_buckets: int) -> Placed | None:
    """Points of one metric along the last value that another had at the same step.

    Points are left out where the other has no value at their step, or none that is finite.

    Args:
        points: In step order.
        x_points: Of the other metric, in step order.
        span: Which part of the axis.
        n_buckets: How many buckets at most.
    """
    if not len(points) or not len(x_points):
        return None
    is_last = np.append(np.diff(x_points.steps) != 0, [True])
    steps, values = x_points.steps[is_last], x_points.values[is_last]
    at = np.minimum(np.searchsorted(steps, points.steps), len(steps) - 1)
    xs = values[at]
    kept = np.flatnonzero((steps[at] == points.steps) & np.isfinite(xs) & span.holds(xs))
    if not len(kept):
        return None
    kept = kept[np.argsort(xs[kept], kind="stable")]
    return place_points(xs[kept], points.where(kept), n_buckets)


def _segments(transaction: Transaction, wanted: Sequence[Series]) -> dict[Series, list[_Part]]:
    """What segments hold of each series, read once for all series of a run."""
    found: dict[Series, list[_Part]] = defaultdict(list)
    by_experiment: dict[int, set[int]] = defaultdict(set)
    for series in wanted:
        by_experiment[series.experiment_id].add(series.run_key)
    keys_of: dict[tuple[int, int], set[int]] = defaultdict(set)
    for series in wanted:
        keys_of[series.experiment_id, series.run_key].add(series.key_id)
    for experiment_id, run_keys in by_experiment.items():
        given = {"e": experiment_id, "runs": as_list(transaction.dialect, sorted(run_keys))}
        for number, (run_key, data) in enumerate(transaction.rows(_SEGMENTS, given)):
            points = unpack(data)
            for key_id in keys_of[experiment_id, run_key]:
                mask = points.keys == key_id
                if mask.any():
                    series = Series(experiment_id, run_key, key_id)
                    found[series].append(_Part(_IN_SEGMENTS + number, points.where(mask)))
    return found


def _loose_chunks(
    transaction: Transaction, of: dict[str, int], run_keys: Sequence[int]
) -> dict[int, list[_Part]]:
    found: dict[int, list[_Part]] = defaultdict(list)
    given: dict[str, Any] = of | {"runs": as_list(transaction.dialect, run_keys)}
    for run_key, chunk_id, data in transaction.rows(_LOOSE, given):
        found[run_key].append(_Part(chunk_id, unpack_chunk(data, of["k"])))
    return found


def _cells(
    transaction: Transaction, of: dict[str, int], run_keys: Sequence[int], n_buckets: int
) -> Iterator[tuple[int, _Level]]:
    """The cells of runs at the level that fits each, by run."""
    finest = LEVELS[0]
    given: dict[str, Any] = of | {"runs": as_list(transaction.dialect, run_keys), "level": finest}
    n_points: dict[int, int] = defaultdict(int)
    for run_key, n_cells in transaction.rows(_ROLLUPS, given):
        n_points[run_key] += n_cells * finest
    by_level: dict[int, list[int]] = defaultdict(list)
    for run_key, n in n_points.items():
        by_level[_level(n, n_buckets) or finest].append(run_key)
    for level, of_level in by_level.items():
        given = of | {"runs": as_list(transaction.dialect, of_level), "level": level}
        parts: dict[int, list[Cells]] = defaultdict(list)
        for run_key, data in transaction.rows(_CELLS, given):
            parts[run_key].append(unpack_cells(data))
        for run_key, found in parts.items():
            yield run_key, _Level(level, in_order(concatenate(found)))


class _Level(NamedTuple):
    size: int
    cells: Cells


def _level(n_points: int, n_buckets: int) -> int | None:
    """The coarsest level that shows so many points in half as many cells as buckets; None for the points."""
    fitting = [level for level in LEVELS if 2 * n_points >= level * n_buckets]
    return fitting[-1] if fitting else None


class _Reader:
    """Reads one series."""

    def __init__(
        self, transaction: Transaction, series: Series, axis: Axis, span: Range, n_buckets: int
    ) -> None:
        self._transaction = transaction
        self._series = series
        self._axis = axis
        self._span = span
        self._n_buckets = n_buckets
        self._opened: dict[int, Chunk] = {}

    def placed(self, found: _Level | None, parts: Sequence[_Part]) -> Placed | None:
        """The series from the cells of some level and its loose points."""
        if found is None:
            return self._place(None, parts)
        cells = self._in_range(found.cells)
        fitting = _level(int(cells.n_points.sum()), self._n_buckets)
        if fitting is not None and fitting < found.size:
            finer = chunks.rollups_between(self._transaction, self._series, fitting, *_steps(cells))
            cells = self._in_range(in_order(concatenate([each for _, each in finer])))
        if not cells.n:
            return self._place(None, parts)
        if fitting is None or not self._axis.is_in_order(cells):
            return self._place(None, [*parts, *self._open(cells)])
        opened = list(parts)
        for first, end in _runs(self._is_to_open(cells, _together(parts))):
            opened += self._open(cells.where(slice(first, end)))
        if self._opened:
            cells = cells.where(~chunks.belongs(cells, list(self._opened.values())))
        return self._place(cells, opened)

    def _in_range(self, cells: Cells) -> Cells:
        first, last = self._axis.ends(cells)
        is_outside = np.zeros(cells.n, bool)
        if self._span.start is not None:
            is_outside |= last < self._span.start
        if self._span.end is not None:
            is_outside |= first > self._span.end
        return cells.where(~is_outside) if is_outside.any() else cells

    def _is_to_open(self, cells: Cells, loose: Points) -> NDArray[np.bool_]:
        """Which cells must give way to the points that they stand for."""
        first, last = self._axis.ends(cells)
        least, greatest = float(first[0]), float(last[-1])
        xs = self._axis.of_points(loose)
        mask = np.zeros(cells.n, bool)
        if len(loose):
            least, greatest = min(least, float(xs.min())), max(greatest, float(xs.max()))
            mask |= _touched(first, last, np.sort(xs))
            if first_moment(loose) <= (int(cells.last_steps[-1]), int(cells.last_ms[-1])):
                mask |= _touched(cells.first_steps, cells.last_steps, loose.steps)
        if self._span.start is not None:
            mask |= first < self._span.start
            least = max(least, self._span.start)
        if self._span.end is not None:
            mask |= last > self._span.end
            greatest = min(greatest, self._span.end)
        width = width_of(least, greatest, self._n_buckets)
        return mask | (last.astype(np.float64) - first > WIDE * width)

    def _open(self, cells: Cells) -> list[_Part]:
        """The points of the chunks that some cells are made of, but for chunks opened before."""
        rolled = chunks.read_rolled(self._transaction, self._series, *_steps(cells))
        new = [(each, points) for each, points in rolled if each.chunk_id not in self._opened]
        self._opened |= {each.chunk_id: each for each, _ in new}
        return [_Part(each.chunk_id, points) for each, points in new]

    def _place(self, cells: Cells | None, parts: Sequence[_Part]) -> Placed | None:
        points = _along(self._axis, _together(parts), self._span)
        if cells is not None and cells.n:
            return place(self._axis, cells, points, self._n_buckets)
        return _placed(self._axis, points, self._n_buckets)


def _along(axis: Axis, points: Points, span: Range) -> Points:
    """Those of some points in step order that are in a range, in the order of an axis."""
    points = axis.ordered(points)
    is_in_range = span.holds(axis.of_points(points))
    return points if is_in_range.all() else points.where(is_in_range)


def _placed(axis: Axis, points: Points, n_buckets: int) -> Placed | None:
    return place_points(axis.of_points(points), points, n_buckets) if len(points) else None


def _together(parts: Sequence[_Part]) -> Points:
    return Points.concatenate(
        [part.points for part in sorted(parts, key=lambda part: part.order)]
    ).in_step_order()


def _steps(cells: Cells) -> tuple[int, int]:
    """The first and the last step of some cells in step order."""
    return int(cells.first_steps[0]), int(cells.last_steps.max())


def _touched(
    first: NDArray[np.int64], last: NDArray[np.int64], places: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which of some spans, ends included, hold any of some sorted places."""
    return np.searchsorted(places, last, "right") > np.searchsorted(places, first, "left")


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The stretches of a mask that are true: where each begins and where it has ended."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
