"""Chunks of series, and the cells that they are rolled up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from fluvial.errors import Unavailable
from fluvial.segments.cells import Cells, unpack_cells
from fluvial.segments.chunks import Moment, first_moment, last_moment, unpack_chunk
from fluvial.segments.points import Points
from fluvial.store.database import Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.statement import Statement
from fluvial.store.tables import chunk, rollup

ROLLUPS_TO_MERGE = 16


class Series(NamedTuple):
    """One metric of one run, by the keys of its rows."""

    experiment_id: int
    run_key: int
    key_id: int

    @property
    def parameters(self) -> dict[str, int]:
        """As the parameters of a statement about the series."""
        return {"e": self.experiment_id, "r": self.run_key, "k": self.key_id}


class Chunk(NamedTuple):
    """A row of the table `chunk` without its points."""

    last_step: int
    chunk_id: int
    last_ms: int
    first_step: int
    first_ms: int
    n_points: int
    is_rolled: int

    @property
    def first(self) -> Moment:
        """Where it begins."""
        return Moment(self.first_step, self.first_ms)

    @property
    def last(self) -> Moment:
        """Where it ends."""
        return Moment(self.last_step, self.last_ms)


class Rollup(NamedTuple):
    """A row of the table `rollup` without its cells."""

    level: int
    last_step: int
    rollup_id: int
    first_step: int
    n_cells: int


_CHUNK = tuple(chunk.c[name] for name in Chunk._fields)
_ROLLUP = tuple(rollup.c[name] for name in Rollup._fields)
_of_chunk_series = (
    chunk.c.experiment_id == bindparam("e"),
    chunk.c.run_key == bindparam("r"),
    chunk.c.key_id == bindparam("k"),
)
_of_rollup_series = (
    rollup.c.experiment_id == bindparam("e"),
    rollup.c.run_key == bindparam("r"),
    rollup.c.key_id == bindparam("k"),
)
_BETWEEN = Statement(
    select(*_CHUNK)
    .where(
        *_of_chunk_series, chunk.c.last_step >= bindparam("first"), chunk.c.first_step <= bindparam("last")
    )
    .order_by(chunk.c.last_step, chunk.c.chunk_id)
    .limit(bindparam("limit"))
)
_BEFORE = Statement(
    select(*_CHUNK)
    .where(*_of_chunk_series, chunk.c.last_step < bindparam("first"))
    .order_by(chunk.c.last_step.desc(), chunk.c.chunk_id.desc())
    .limit(bindparam("limit"))
)
_IS_AFTER = Statement(select(1).where(*_of_chunk_series, chunk.c.last_step > bindparam("last")).limit(1))
_DATA = Statement(
    select(chunk.c.data).where(
        *_of_chunk_series, chunk.c.last_step == bindparam("last"), chunk.c.chunk_id == bindparam("id")
    )
)
_ROLLED_BETWEEN = Statement(
    select(*_CHUNK, chunk.c.data)
    .where(
        *_of_chunk_series,
        chunk.c.last_step >= bindparam("first"),
        chunk.c.first_step <= bindparam("last"),
        chunk.c.is_rolled == 1,
    )
    .order_by(chunk.c.last_step, chunk.c.chunk_id)
)
_OF_RUN = Statement(
    select(chunk.c.chunk_id, chunk.c.key_id, chunk.c.data)
    .where(chunk.c.experiment_id == bindparam("e"), chunk.c.run_key == bindparam("r"))
    .order_by(chunk.c.chunk_id)
)
_OF_SERIES = Statement(
    select(chunk.c.chunk_id, chunk.c.key_id, chunk.c.data)
    .where(
        chunk.c.experiment_id == bindparam("e"),
        chunk.c.run_key == bindparam("r"),
        AnyOf(chunk.c.key_id, "keys"),
    )
    .order_by(chunk.c.chunk_id)
)
_INSERT = Statement(insert(chunk).values({column.name: bindparam(column.name) for column in chunk.c}))
_DELETE = Statement(
    delete(chunk).where(
        *_of_chunk_series, chunk.c.last_step == bindparam("last"), chunk.c.chunk_id == bindparam("id")
    )
)
_ROLLUPS_BETWEEN = Statement(
    select(*_ROLLUP, rollup.c.data)
    .where(
        *_of_rollup_series,
        rollup.c.level == bindparam("level"),
        rollup.c.last_step >= bindparam("first"),
        rollup.c.first_step <= bindparam("last"),
    )
    .order_by(rollup.c.last_step, rollup.c.rollup_id)
)
_LAST_ROLLUPS = Statement(
    select(*_ROLLUP, rollup.c.data)
    .where(*_of_rollup_series, rollup.c.level == bindparam("level"))
    .order_by(rollup.c.last_step.desc(), rollup.c.rollup_id.desc())
    .limit(ROLLUPS_TO_MERGE)
)
_INSERT_ROLLUP = Statement(
    insert(rollup).values({column.name: bindparam(column.name) for column in rollup.c})
)
_DELETE_ROLLUP = Statement(
    delete(rollup).where(
        *_of_rollup_series,
        rollup.c.level == bindparam("level"),
        rollup.c.last_step == bindparam("last"),
        rollup.c.rollup_id == bindparam("id"),
    )
)


def read_series(
    transaction: Transaction, experiment_id: int, run_key: int, key_ids: Sequence[int] | None
) -> list[Points]:
    """The points of all chunks of some series of a run, or of all; in the order in which they were folded."""
    given: dict[str, Any] = {"e": experiment_id, "r": run_key}
    if key_ids is None:
        rows = transaction.rows(_OF_RUN, given)
    else:
        rows = transaction.rows(_OF_SERIES, given | {"keys": as_list(transaction.dialect, key_ids)})
    return [unpack_chunk(data, key_id) for _, key_id, data in rows]


def find_between(transaction: Transaction, series: Series, first: int, last: int, limit: int) -> list[Chunk]:
    """Chunks that hold points from one step to another, at most so many."""
    given = series.parameters | {"first": first, "last": last, "limit": limit}
    return [Chunk(*row) for row in transaction.rows(_BETWEEN, given)]


def find_before(transaction: Transaction, series: Series, first: int, limit: int) -> list[Chunk]:
    """The last chunks that end before a step, the last of them first."""
    return [
        Chunk(*row) for row in transaction.rows(_BEFORE, series.parameters | {"first": first, "limit": limit})
    ]


def is_any_after(transaction: Transaction, series: Series, last: int) -> bool:
    """Whether a series goes on after a step."""
    return transaction.row(_IS_AFTER, series.parameters | {"last": last}) is not None


def read(transaction: Transaction, series: Series, found: Chunk) -> Points:
    """The points of a chunk."""
    ((data,),) = transaction.rows(_DATA, series.parameters | {"last": found.last_step, "id": found.chunk_id})
    return unpack_chunk(data, series.key_id)


def read_rolled(
    transaction: Transaction, series: Series, first: int, last: int
) -> list[tuple[Chunk, Points]]:
    """The chunks that are rolled up and hold points from one step to another, with their points."""
    rows = transaction.rows(_ROLLED_BETWEEN, series.parameters | {"first": first, "last": last})
    return [(Chunk(*row[:-1]), unpack_chunk(row[-1], series.key_id)) for row in rows]


def insert_chunk(
    transaction: Transaction, series: Series, points: Points, data: bytes, *, is_rolled: bool
) -> None:
    """Keep points in step order as a chunk."""
    first, last = first_moment(points), last_moment(points)
    transaction.run(
        _INSERT,
        {
            **series._asdict(),
            "chunk_id": transaction.database.ids.next(),
            "first_step": first.step,
            "first_ms": first.ms,
            "last_step": last.step,
            "last_ms": last.ms,
            "n_points": len(points),
            "is_rolled": int(is_rolled),
            "data": data,
        },
    )


def delete_chunk(transaction: Transaction, series: Series, found: Chunk) -> None:
    """Remove a chunk.

    Raises:
        Unavailable: Another did so meanwhile.
    """
    given = series.parameters | {"last": found.last_step, "id": found.chunk_id}
    _check_one(transaction.run(_DELETE, given))


def rollups_between(
    transaction: Transaction, series: Series, level: int, first: int, last: int
) -> list[tuple[Rollup, Cells]]:
    """The roll-ups of a level that hold cells from one step to another."""
    given = series.parameters | {"level": level, "first": first, "last": last}
    rows = transaction.rows(_ROLLUPS_BETWEEN, given)
    return [(Rollup(*row[:-1]), unpack_cells(row[-1])) for row in rows]


def last_rollups(transaction: Transaction, series: Series, level: int) -> Iterator[tuple[Rollup, bytes]]:
    """The roll-ups of a level that end last, the last of them first, their cells still packed."""
    for row in transaction.rows(_LAST_ROLLUPS, series.parameters | {"level": level}):
        yield Rollup(*row[:-1]), row[-1]


def insert_rollup(transaction: Transaction, series: Series, level: int, cells: Cells, data: bytes) -> None:
    """Keep cells as a roll-up."""
    transaction.run(
        _INSERT_ROLLUP,
        {
            **series._asdict(),
            "level": level,
            "rollup_id": transaction.database.ids.next(),
            "first_step": int(cells.first_steps[0]),
            "last_step": int(cells.last_steps[-1]),
            "n_cells": cells.n,
            "data": data,
        },
    )


def delete_rollup(transaction: Transaction, series: Series, found: Rollup) -> None:
    """Remove a roll-up.

    Raises:
        Unavailable: Another did so meanwhile.
    """
    given = series.parameters | {"level": found.level, "last": found.last_step, "id": found.rollup_id}
    _check_one(transaction.run(_DELETE_ROLLUP, given))


def belongs(cells: Cells, to: Sequence[Chunk]) -> NDArray[np.bool_]:
    """Which cells are made of the points of some chunks."""
    mask = np.zeros(cells.n, bool)
    steps, ms = cells.first_steps, cells.first_ms
    for each in to:
        is_begun = (steps > each.first_step) | ((steps == each.first_step) & (ms >= each.first_ms))
        is_over = (steps > each.last_step) | ((steps == each.last_step) & (ms > each.last_ms))
        mask |= is_begun & ~is_over
    return mask


def _check_one(n_deleted: int) -> None:
    if n_deleted != 1:
        raise Unavailable("Another server works on the same series: try again.")
