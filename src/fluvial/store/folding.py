"""Compaction: segments of a run are folded into chunks of its series, and those rolled up to cells.

One fold reads a bounded part of a run's segments in one state of the database, works the chunks out with no
transaction that writes, and puts them in the segments' place in one short one. A process that dies leaves
either the segments or the chunks. Of two that fold the same run at once, the second finds the segments gone
and undoes its part.

Chunks are merged as a binary counter carries: a series' last chunk is taken up again where it is no longer
than what is new, so that each point is written a logarithmic number of times, not once per fold. Points that
come late are merged into the chunks around them, unless those are too many: then they stay a chunk of their
own that overlaps others, and is not rolled up; readers merge it.
"""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from fluvial.errors import Unavailable
from fluvial.segments.cells import LEVELS, Cells, cells_of, concatenate, in_order, pack_cells, unpack_cells
from fluvial.segments.chunks import CHUNK_POINTS, first_moment, last_moment, pack_chunk
from fluvial.segments.points import MAX_KEYS, Points, pack, unpack
from fluvial.store import chunks
from fluvial.store.chunks import Chunk, Rollup, Series
from fluvial.store.database import Database, Transaction
from fluvial.store.ids import TimeOrderedIds
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.statement import Statement
from fluvial.store.tables import run, segment

# Of one run at a time: bounds the memory of a fold, and how long its transaction holds up others.
MAX_POINTS = 1 << 19
# A series with fewer new points stays in a segment with others.
MIN_CHUNK_POINTS = 256
# More chunks than this are not written anew for points that come late.
MAX_REWRITTEN = 16
CELLS_IN_ROLLUP = 4096
# A run is folded once it has so many segments, or so many points in them, or gets no more.
DUE_SEGMENTS = 32
DUE_POINTS = 1 << 18

_OPEN = Statement(
    select(
        segment.c.experiment_id,
        segment.c.run_key,
        func.count(),
        func.sum(segment.c.n_points),
        func.max(segment.c.segment_id),
    )
    .where(segment.c.is_folded == literal_column("0"))
    .group_by(segment.c.experiment_id, segment.c.run_key)
)
_SIZES = Statement(
    select(segment.c.segment_id, segment.c.n_points, segment.c.is_folded)
    .where(segment.c.experiment_id == bindparam("e"), segment.c.run_key == bindparam("r"))
    .order_by(segment.c.segment_id)
)
_DATA = Statement(
    select(segment.c.data)
    .where(
        segment.c.experiment_id == bindparam("e"),
        segment.c.run_key == bindparam("r"),
        AnyOf(segment.c.segment_id, "ids"),
    )
    .order_by(segment.c.segment_id)
)
_DELETE = Statement(
    delete(segment).where(
        segment.c.experiment_id == bindparam("e"),
        segment.c.run_key == bindparam("r"),
        segment.c.segment_id == bindparam("id"),
    )
)
_HOLD = Statement(
    select(literal_column("1"))
    .select_from(run)
    .where(run.c.experiment_id == bindparam("e"), run.c.run_key == bindparam("r"))
    .with_for_update(read=True, key_share=True)
)
_INSERT = Statement(insert(segment).values({column.name: bindparam(column.name) for column in segment.c}))


class OpenRun(NamedTuple):
    """A run with segments that were not folded yet."""

    experiment_id: int
    run_key: int
    n_segments: int
    n_points: int
    last_segment_id: int

    def is_due(self, now_ms: int, idle_ms: int) -> bool:
        """Whether to fold it now."""
        if self.n_segments >= DUE_SEGMENTS or self.n_points >= DUE_POINTS:
            return True
        return now_ms - TimeOrderedIds.made_ms(self.last_segment_id) >= idle_ms


class _Piece(NamedTuple):
    points: Points
    is_rolled: bool
    data: bytes


class _SeriesFold(Struct):
    """What a fold changes about one series."""

    series: Series
    removed: list[Chunk]
    added: list[_Piece]
    removed_rollups: list[Rollup]
    added_rollups: list[tuple[int, Cells, bytes]]


class _Fold(Struct):
    """What a fold changes about a run."""

    segment_ids: list[int]
    left_over: list[Points]
    series: list[_SeriesFold]
    n_points: int


def open_runs(transaction: Transaction) -> list[OpenRun]:
    """Runs with segments that were not folded yet, those with the most points first."""
    found = [OpenRun(e, r, n, int(n_points), last) for e, r, n, n_points, last in transaction.rows(_OPEN)]
    return sorted(found, key=lambda each: -each.n_points)


def fold(database: Database, experiment_id: int, run_key: int) -> int:
    """Fold the oldest segments of a run, a bounded number; returns how many points they held.

    Raises:
        Unavailable: Another process folds the same run, or the database is busy.
    """
    planned = database.read(lambda transaction: _plan(transaction, experiment_id, run_key))
    if planned is None:
        return 0
    database.write(lambda transaction: _carry_out(transaction, experiment_id, run_key, planned))
    return planned.n_points


def _plan(transaction: Transaction, experiment_id: int, run_key: int) -> _Fold | None:
    of_run = {"e": experiment_id, "r": run_key}
    ids: list[int] = []
    n_points, has_open = 0, False
    for segment_id, size, is_folded in transaction.rows(_SIZES, of_run):
        if is_folded and size > MAX_POINTS // 2:
            continue  # thousands of short series: enough in one segment
        if has_open and n_points + size > MAX_POINTS:
            break
        has_open |= not is_folded
        ids.append(segment_id)
        n_points += size
    if not has_open:
        return None
    rows = transaction.rows(_DATA, of_run | {"ids": as_list(transaction.dialect, ids)})
    points = Points.concatenate([unpack(data) for (data,) in rows])
    folds, left_over = [], []
    for key_id, part in _by_key(points):
        if len(part) < MIN_CHUNK_POINTS:
            left_over.append(part)
        else:
            series = Series(experiment_id, run_key, key_id)
            folds.append(_plan_series(transaction, series, part.in_step_order()))
    return _Fold(ids, left_over, folds, n_points)


def _carry_out(transaction: Transaction, experiment_id: int, run_key: int, planned: _Fold) -> None:
    of_run = {"e": experiment_id, "r": run_key}
    if transaction.row(_HOLD, of_run) is None:
        raise Unavailable("The run was moved to another experiment meanwhile: try again.")
    for segment_id in planned.segment_ids:
        if transaction.run(_DELETE, of_run | {"id": segment_id}) != 1:
            raise Unavailable("Another server folds the same run: try again.")
    # Under ids of segments that they came from: what is left over is older than what came since.
    starts = range(0, len(planned.left_over), MAX_KEYS)
    for segment_id, start in zip(planned.segment_ids, starts, strict=False):
        points = Points.concatenate(planned.left_over[start : start + MAX_KEYS])
        transaction.run(
            _INSERT,
            {
                "experiment_id": experiment_id,
                "run_key": run_key,
                "segment_id": segment_id,
                "n_points": len(points),
                "data": pack(points),
                "is_folded": 1,
            },
        )
    for each in planned.series:
        for removed in each.removed:
            chunks.delete_chunk(transaction, each.series, removed)
        for rollup in each.removed_rollups:
            chunks.delete_rollup(transaction, each.series, rollup)
        for piece in each.added:
            chunks.insert_chunk(transaction, each.series, piece.points, piece.data, is_rolled=piece.is_rolled)
        for level, cells, data in each.added_rollups:
            chunks.insert_rollup(transaction, each.series, level, cells, data)


def _by_key(points: Points) -> list[tuple[int, Points]]:
    """Points by series, each in the order in which they came."""
    keys, index = np.unique(points.keys, return_inverse=True)
    order = np.argsort(index.astype(np.uint16 if len(keys) <= MAX_KEYS else np.int64), kind="stable")
    bounds = np.searchsorted(index[order], np.arange(len(keys) + 1)).tolist()
    return [
        (key_id, points.where(order[start:end]))
        for key_id, start, end in zip(keys.tolist(), bounds[:-1], bounds[1:], strict=True)
    ]


def _plan_series(transaction: Transaction, series: Series, new: Points) -> _SeriesFold:
    """Fold points in step order into the chunks of their series."""
    removed = _to_merge(transaction, series, new)
    removed.sort(key=lambda each: each.chunk_id)
    parts = [chunks.read(transaction, series, each) for each in removed]
    points = Points.concatenate([*parts, new]).in_step_order()
    first, last = first_moment(points), last_moment(points)
    is_last = not chunks.is_any_after(transaction, series, last.step)
    around = chunks.find_between(transaction, series, first.step, last.step, 2 * MAX_REWRITTEN)
    gone = {each.chunk_id for each in removed}
    staying = [each for each in around if each.is_rolled and each.chunk_id not in gone]
    is_crowded = len(around) == 2 * MAX_REWRITTEN
    added = []
    pieces = _cut(points, is_last=is_last)
    for piece in pieces:
        is_whole = len(piece) >= CHUNK_POINTS or not is_last or piece is not pieces[-1]
        is_apart = not is_crowded and not any(
            each.first <= last_moment(piece) and first_moment(piece) <= each.last for each in staying
        )
        added.append(_Piece(piece, is_whole and is_apart, pack_chunk(piece)))
    planned = _SeriesFold(series, removed, added, [], [])
    _plan_rollups(transaction, planned)
    return planned


def _to_merge(transaction: Transaction, series: Series, new: Points) -> list[Chunk]:
    """The chunks to write anew together with new points."""
    first, last = first_moment(new), last_moment(new)
    overlapped = chunks.find_between(transaction, series, first.step, last.step, MAX_REWRITTEN + 1)
    if len(overlapped) > MAX_REWRITTEN:
        return []
    n_points = len(new) + sum(each.n_points for each in overlapped)
    for each in chunks.find_before(transaction, series, first.step, MAX_REWRITTEN):
        if each.is_rolled or each.n_points > n_points:
            break
        overlapped.append(each)
        n_points += each.n_points
    return overlapped


def _cut(points: Points, *, is_last: bool) -> list[Points]:
    """Points in step order as chunks: full ones where the series ends, else alike.

    Never between points of one step and time, so that chunks can be told apart by where they begin and end.
    """
    n = len(points)
    n_pieces = -(-n // CHUNK_POINTS)
    wanted: NDArray[Any]
    wanted = np.arange(1, n_pieces) * CHUNK_POINTS if is_last else np.arange(1, n_pieces) * n // n_pieces
    is_new = np.ones(n, bool)
    is_new[1:] = (np.diff(points.steps) != 0) | (np.diff(points.timestamps) != 0)
    moments = np.flatnonzero(is_new)
    cuts = np.unique(moments[np.searchsorted(moments, wanted, "right") - 1])
    bounds = [0, *cuts[cuts > 0].tolist(), n]
    return [points.where(np.arange(start, end)) for start, end in itertools.pairwise(bounds)]


def _plan_rollups(transaction: Transaction, planned: _SeriesFold) -> None:
    """Replace the cells of the chunks that go by those of the chunks that come."""
    rolled = [piece.points for piece in planned.added if piece.is_rolled]
    gone = [each for each in planned.removed if each.is_rolled]
    finest = [
        cells_of(points.steps, points.timestamps, points.values, np.arange(0, len(points), LEVELS[0]))
        for points in rolled
    ]
    for level in LEVELS:
        new = [cells.merged(np.arange(0, cells.n, level // LEVELS[0])) for cells in finest]
        kept: list[Cells] = []
        if gone:
            span = min(each.first_step for each in gone), max(each.last_step for each in gone)
            for found, cells in chunks.rollups_between(transaction, planned.series, level, *span):
                planned.removed_rollups.append(found)
                kept.append(cells.where(~chunks.belongs(cells, gone)))
        n_cells = sum(cells.n for cells in (*new, *kept))
        taken = {each.rollup_id for each in planned.removed_rollups}
        for found, data in chunks.last_rollups(transaction, planned.series, level) if n_cells else ():
            if found.rollup_id in taken or found.n_cells > n_cells or found.n_cells >= CELLS_IN_ROLLUP:
                break
            planned.removed_rollups.append(found)
            kept.append(unpack_cells(data))
            n_cells += found.n_cells
        if n_cells:
            cells = in_order(concatenate([*kept, *new]))
            for start in range(0, cells.n, CELLS_IN_ROLLUP):
                part = cells.where(slice(start, start + CELLS_IN_ROLLUP))
                planned.added_rollups.append((level, part, pack_cells(part)))
