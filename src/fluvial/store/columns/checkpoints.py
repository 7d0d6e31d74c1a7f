"""Columns kept in the database as packed blocks, so that a server that starts need not read a million rows.

A checkpoint of a column says up to which number of changes (`run_changes.py`) its blocks are true. Whoever
loads it reads the blocks, and lays the rows of the runs that have changed since over them. A block holds
the runs from its first key up to that of the next block; one is written anew where a run of it has changed.
Blocks and number change in one transaction: a server that is killed leaves what was there before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.segments.columns import pack_columns, unpack_columns
from fluvial.store import run_changes
from fluvial.store.columns.table import (
    BLOCK_RUNS,
    MAX_BLOCK_RUNS,
    RUNS,
    Arrays,
    Base,
    Column,
    ColumnId,
    Dictionary,
    Table,
    cut,
    joined,
    nothing,
)
from fluvial.store.database import Transaction
from fluvial.store.statement import Statement
from fluvial.store.tables import column_block, column_checkpoint, run_change

# Fewer runs are read from rows as quickly.
FROM_RUNS = 10_000
# A checkpoint that is so many changes behind is written anew; a loader lays up to these over it.
MAX_BEHIND = 2_000
_LOWEST = -(2**63)

_PLACE = ("experiment_id", "part", "key_id")
_AT = [getattr(column_block.c, name) == bindparam(f"the_{name}") for name in _PLACE]
_CHECKPOINT = Statement(
    select(column_checkpoint.c.next_number).where(
        *(getattr(column_checkpoint.c, name) == bindparam(f"the_{name}") for name in _PLACE)
    )
)
_ALL = Statement(
    select(column_checkpoint.c.part, column_checkpoint.c.key_id, column_checkpoint.c.next_number).where(
        column_checkpoint.c.experiment_id == bindparam("experiment_id")
    )
)
_BLOCKS = Statement(
    select(column_block.c.data, column_block.c.texts).where(*_AT).order_by(column_block.c.first_run_key)
)
_FIRSTS = Statement(select(column_block.c.first_run_key).where(*_AT).order_by(column_block.c.first_run_key))
_DELETE = Statement(delete(column_block).where(*_AT, column_block.c.first_run_key == bindparam("first")))
_DELETE_ALL = Statement(delete(column_block).where(*_AT))
_INSERT = Statement(
    insert(column_block).values({column.name: bindparam(column.name) for column in column_block.c})
)
_SET = Statement(
    insert(column_checkpoint)
    .values({column.name: bindparam(column.name) for column in column_checkpoint.c})
    .on_conflict_do_update(
        index_elements=list(_PLACE), set_={"next_number": insert(column_checkpoint).excluded.next_number}
    )
)
_GREATEST = Statement(
    select(func.max(run_change.c.change)).where(run_change.c.experiment_id == bindparam("experiment_id"))
)
_RESET = Statement(
    update(run_change)
    .where(
        run_change.c.experiment_id == bindparam("the_experiment_id"), run_change.c.change > bindparam("now")
    )
    .values(change=0)
)
_FORGET = Statement(
    delete(column_checkpoint).where(column_checkpoint.c.experiment_id == bindparam("experiment_id"))
)


class Loaded(NamedTuple):
    """A column as its blocks have it.

    Attributes:
        next_number: From which number on changes are not in it.
        run_keys: Keys of its runs, in order.
        arrays: Their values.
    """

    next_number: int
    run_keys: NDArray[np.int64]
    arrays: Arrays


class Rewrite(NamedTuple):
    """What is to be written of a column.

    Attributes:
        column: Which.
        next_number: From which number on changes are not in it.
        replaced: The blocks that go, by their first keys; None for all.
        blocks: The blocks that come, by their first keys.
    """

    column: ColumnId
    next_number: int
    replaced: list[int] | None
    blocks: list[tuple[int, bytes, bytes | None]]


def load(
    transaction: Transaction, experiment_id: int, column: ColumnId, dictionary: Dictionary | None
) -> Loaded | None:
    """A column from its checkpoint; None where there is none."""
    row = transaction.row(_CHECKPOINT, _given(experiment_id, column))
    if row is None or row[0] > run_changes.next_number(transaction, experiment_id):
        return None  # or it was made where numbers were greater: on another server of PostgreSQL
    parts = [
        _unpacked(column, data, texts, dictionary)
        for data, texts in transaction.rows(_BLOCKS, _given(experiment_id, column))
    ]
    if not parts:
        return None
    keys = joined([keys for keys, _ in parts], np.int64)
    arrays = tuple(np.concatenate(arrays) for arrays in zip(*(arrays for _, arrays in parts), strict=True))
    return Loaded(int(row[0]), keys, arrays)


def base_table(transaction: Transaction, experiment_id: int) -> Table | None:
    """The runs of an experiment as they were when their checkpoint was written."""
    found = load(transaction, experiment_id, RUNS, None)
    if found is None:
        return None
    base = Base(found.run_keys, *found.arrays)
    return Table(experiment_id, found.next_number, frozenset(), {RUNS: Column(tuple(cut(base)))})


def aligned(found: Loaded, column: ColumnId, run_keys: NDArray[np.int64]) -> Arrays:
    """The values of a column for the runs of a table."""
    if np.array_equal(found.run_keys, run_keys):
        return found.arrays
    made = nothing(column, len(run_keys))
    slots = np.searchsorted(run_keys, found.run_keys)
    slots[slots == len(run_keys)] = 0
    is_known = run_keys[slots] == found.run_keys
    for target, values in zip(made, found.arrays, strict=True):
        target[slots[is_known]] = values[is_known]
    return made


def is_behind(transaction: Transaction, table: Table) -> bool:
    """Whether a column of a table has no checkpoint, or one that is too far behind."""
    return len(table) >= FROM_RUNS and bool(_behind(transaction, table))


def rewrites(transaction: Transaction, table: Table) -> list[Rewrite]:
    """What is to be written so that no column of a table is behind; the table is of this transaction."""
    if len(table) < FROM_RUNS:
        return []
    run_keys = table.run_keys()
    made = []
    for column, number in _behind(transaction, table).items():
        if number is None:
            made.append(_whole(table, column, run_keys))
            continue
        changes = run_changes.since(transaction, table.experiment_id, number)
        changed = np.array(sorted({change.run_key for change in changes}), np.int64)
        rows = transaction.rows(_FIRSTS, _given(table.experiment_id, column))
        made.append(_partly(table, column, run_keys, changed, [first for (first,) in rows]))
    return made


def write(transaction: Transaction, experiment_id: int, rewrite: Rewrite) -> None:
    """Write blocks, and up to where they are true."""
    at = _given(experiment_id, rewrite.column)
    if rewrite.replaced is None:
        transaction.run(_DELETE_ALL, at)
    else:
        transaction.run_many(_DELETE, [{**at, "first": first} for first in rewrite.replaced])
    part, key_id = int(rewrite.column.part), rewrite.column.key_id
    place = {"experiment_id": experiment_id, "part": part, "key_id": key_id}
    transaction.run_many(
        _INSERT,
        [
            {**place, "first_run_key": first, "data": data, "texts": texts}
            for first, data, texts in rewrite.blocks
        ],
    )
    transaction.run(_SET, {**place, "next_number": rewrite.next_number})


def is_of_another_server(transaction: Transaction, experiment_id: int) -> bool:
    """Whether changes have numbers that no transaction here has had: the database was moved."""
    greatest = transaction.rows(_GREATEST, {"experiment_id": experiment_id})[0][0]
    return greatest is not None and greatest > run_changes.newest_number(transaction, experiment_id)


def begin_anew(transaction: Transaction, experiment_id: int) -> None:
    """Take numbers back that no transaction here has had, with the checkpoints that rest on them."""
    now = run_changes.newest_number(transaction, experiment_id)
    transaction.run(_RESET, {"the_experiment_id": experiment_id, "now": now})
    transaction.run(_FORGET, {"experiment_id": experiment_id})


def _behind(transaction: Transaction, table: Table) -> dict[ColumnId, int | None]:
    """The columns that are behind, with the number of their checkpoint, if they have one."""
    numbers = {
        (part, key_id): number
        for part, key_id, number in transaction.rows(_ALL, {"experiment_id": table.experiment_id})
    }
    n_since: dict[int, int] = {}
    for number in set(numbers.values()):
        n_since[number] = len(run_changes.since(transaction, table.experiment_id, number))
    now = run_changes.next_number(transaction, table.experiment_id)
    found: dict[ColumnId, int | None] = {}
    for column in table.columns:
        number = numbers.get((int(column.part), column.key_id))
        if number is None or number > now:
            found[column] = None
        elif n_since[number] > MAX_BEHIND:
            found[column] = number
    return found


def _whole(table: Table, column: ColumnId, run_keys: NDArray[np.int64]) -> Rewrite:
    return Rewrite(
        column, table.next_number, None, _packed_range(table, column, run_keys, _LOWEST, 0, len(run_keys))
    )


def _partly(
    table: Table,
    column: ColumnId,
    run_keys: NDArray[np.int64],
    changed: NDArray[np.int64],
    firsts: list[int],
) -> Rewrite:
    bounds = np.array(firsts, np.int64)
    # The first block has all that is before the second: a run may come that is older than those in it.
    dirty = np.unique(np.maximum(np.searchsorted(bounds, changed, side="right") - 1, 0))
    starts = np.searchsorted(run_keys, bounds)
    starts[0] = 0
    ends = np.append(starts[1:], len(run_keys))
    blocks: list[tuple[int, bytes, bytes | None]] = []
    for number in dirty.tolist():
        blocks += _packed_range(
            table, column, run_keys, firsts[number], int(starts[number]), int(ends[number])
        )
    return Rewrite(column, table.next_number, [firsts[number] for number in dirty.tolist()], blocks)


def _packed_range(
    table: Table, column: ColumnId, run_keys: NDArray[np.int64], first: int, start: int, end: int
) -> list[tuple[int, bytes, bytes | None]]:
    """The runs at some places as one block that begins at `first`, or as several."""
    size = end - start if end - start <= MAX_BLOCK_RUNS else BLOCK_RUNS
    made = []
    for at in range(start, end, max(size, 1)):
        until = min(at + size, end)
        label = first if at == start else int(run_keys[at])
        made.append((label, *_packed(table, column, np.arange(at, until))))
    return made


def _packed(table: Table, column: ColumnId, slots: NDArray[np.intp]) -> tuple[bytes, bytes | None]:
    arrays = [
        table.gather(lambda block, n=number: table.columns[column].blocks[block][n], slots)  # type: ignore[misc]
        for number in range(len(table.columns[column].blocks[0]))
    ]
    texts = None
    if column.part.is_text:
        used, codes = np.unique(arrays[0], return_inverse=True)
        known = table.dictionary(column).texts
        texts = msgspec.msgpack.encode([known[code] for code in used.tolist() if code >= 0])
        # Where a run lacks the text, -1 is the first of the codes.
        arrays = [codes - int(len(used) > 0 and used[0] < 0)]
    keys = [] if column == RUNS else [table.gather(lambda block: table.runs[block].run_keys, slots)]
    return pack_columns([_plain(array) for array in [*keys, *arrays]]), texts


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    """As int64 or float64, which can be packed."""
    if array.dtype == np.uint64:
        return array.view(np.int64)
    return array if array.dtype.kind == "f" else array.astype(np.int64)


def _unpacked(
    column: ColumnId, data: bytes, texts: bytes | None, dictionary: Dictionary | None
) -> tuple[NDArray[np.int64], Arrays]:
    keys, *arrays = unpack_columns(data)
    if column == RUNS:
        kinds = [np.uint64, np.uint64, np.int8, np.bool_, np.int64, np.int64, np.bool_]
        return keys, tuple(
            array.view(kind) if kind is np.uint64 else array.astype(kind)
            for array, kind in zip(arrays, kinds, strict=True)
        )
    if dictionary is not None and texts is not None:
        codes = np.append(dictionary.encode(msgspec.msgpack.decode(texts, type=list[str])), np.int32(-1))
        return keys, (codes[arrays[0]],)
    values, is_there = arrays
    return keys, (values, is_there.astype(np.bool_))


def _given(experiment_id: int, column: ColumnId) -> dict[str, Any]:
    return {
        "the_experiment_id": experiment_id,
        "the_part": int(column.part),
        "the_key_id": column.key_id,
    }


def changed_since(
    transaction: Transaction, experiment_id: int, number: int, among: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Keys of runs, among some, that have changed since a checkpoint; in order."""
    changes: Iterable[run_changes.Change] = run_changes.since(transaction, experiment_id, number)
    keys = np.array(sorted({change.run_key for change in changes}), np.int64)
    return np.intersect1d(keys, among, assume_unique=True)


def laid_over(
    arrays: Arrays, values: Mapping[ColumnId, Arrays], column: ColumnId, slots: NDArray[np.intp]
) -> Arrays:
    """Arrays with the newer values of some runs."""
    made = tuple(array.copy() for array in arrays)
    for target, newer in zip(made, values[column], strict=True):
        target[slots] = newer
    return made
