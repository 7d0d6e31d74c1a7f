"""The tables of this process: loaded when they are first asked for, brought up to date in each transaction.

A transaction begins with the tables that were there before it began, so that none is of a later state than
its own. It reads what has changed since and lays it in. No server tells another anything: all of them read
the same numbers of changes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, exists, literal_column, select

from fluvial.store import run_changes
from fluvial.store.columns import checkpoints
from fluvial.store.columns.reading import read_base, read_columns
from fluvial.store.columns.table import (
    RUNS,
    Arrays,
    Column,
    ColumnId,
    Dictionary,
    Part,
    Patch,
    Table,
    cut,
    nothing,
)
from fluvial.store.database import Database, StateTooOld, Transaction
from fluvial.store.keys import Kind
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.statement import Statement
from fluvial.store.tables import experiment, experiment_key, run

# With more changes than this, reading everything again is quicker than laying them in.
MAX_PATCHED_SHARE = 0.25
MIN_PATCHED = 10_000

_LARGE = Statement(
    select(experiment.c.experiment_id).where(
        AnyOf(experiment.c.experiment_id, "ids"),
        exists(
            select(literal_column("1"))
            .select_from(run)
            .where(run.c.experiment_id == experiment.c.experiment_id)
            .limit(1)
            .offset(bindparam("others"))
        ),
    )
)
_KEYS = Statement(
    select(experiment_key.c.kind, experiment_key.c.key_id).where(
        experiment_key.c.experiment_id == bindparam("experiment_id"),
        AnyOf(experiment_key.c.key_id, "key_ids"),
    )
)
_KINDS = {Part.PARAM: Kind.PARAM, Part.TAG: Kind.TAG}


class ColumnCache:
    """Tables by experiment.

    Args:
        limit_bytes: How much memory they may take; what was used least lately goes first.
        from_runs: From how many runs on an experiment is searched by its columns.

    Attributes:
        tables: What is there now; replaced, never changed.
    """

    def __init__(self, limit_bytes: int, from_runs: int) -> None:
        self.tables: Mapping[int, Table] = {}
        self._limit_bytes = limit_bytes
        self._from_runs = from_runs
        self._lock = threading.Lock()
        self._loading: dict[int, threading.Lock] = {}
        self._large: set[int] = set()
        self._used: dict[tuple[int, ColumnId], int] = {}
        self._clock = 0

    def large_among(self, transaction: Transaction, experiment_ids: Sequence[int]) -> list[int]:
        """The experiments that are searched by their columns."""
        unknown = [one for one in experiment_ids if one not in self._large]
        if unknown:
            given = {"ids": as_list(transaction.dialect, unknown), "others": self._from_runs - 1}
            # An experiment that was large once counts as large: its columns are as right as its rows.
            self._large.update(one for (one,) in transaction.rows(_LARGE, given))
        return [one for one in experiment_ids if one in self._large]

    def table(self, transaction: Transaction, experiment_id: int, needed: Iterable[ColumnId]) -> Table:
        """Columns of an experiment in the state that a transaction sees.

        Raises:
            StateTooOld: Another thread has loaded them meanwhile, from a later state perhaps.
        """
        wanted = {RUNS, *needed}
        before = transaction.kept_columns.get(experiment_id)
        table = None if before is None else _brought_up_to_date(transaction, before)
        if table is None or not wanted <= table.columns.keys():
            with self._loading_lock(experiment_id):
                now = self.tables.get(experiment_id)
                if now is not None and now is not before and wanted <= now.columns.keys():
                    raise StateTooOld
                table = _loaded(transaction, experiment_id, table, wanted)
                self._publish(table, before)
                self._note_use(experiment_id, wanted)
                self._evict()
            return table
        if table is not before:
            self._publish(table, before)
        self._note_use(experiment_id, wanted)
        return table

    def _loading_lock(self, experiment_id: int) -> threading.Lock:
        with self._lock:
            return self._loading.setdefault(experiment_id, threading.Lock())

    def _publish(self, table: Table, before: Table | None) -> None:
        """Let others begin with a table. One of an earlier state is as right: they bring it up to date."""
        with self._lock:
            now = self.tables.get(table.experiment_id)
            if now is None or now is before or now.columns.keys() < table.columns.keys():
                self.tables = {**self.tables, table.experiment_id: table}

    def _note_use(self, experiment_id: int, columns: Iterable[ColumnId]) -> None:
        with self._lock:
            self._clock += 1
            for column in columns:
                self._used[experiment_id, column] = self._clock

    def _evict(self) -> None:
        with self._lock:
            sizes = {
                (table.experiment_id, name): column.n_bytes
                for table in self.tables.values()
                for name, column in table.columns.items()
            }
            excess = sum(sizes.values()) - self._limit_bytes
            # The base of a table goes last: the others are nothing without it.
            order = sorted(sizes, key=lambda one: (self._used.get(one, 0), one[1] == RUNS))
            gone: set[tuple[int, ColumnId]] = set()
            for one in order:
                if excess <= 0:
                    break
                gone.add(one)
                excess -= sizes[one]
            if gone:
                self.tables = _without(self.tables, gone)
            self._used = {one: used for one, used in self._used.items() if one in sizes and one not in gone}


def cache_of(database: Database) -> ColumnCache:
    """The cache of a database."""
    if database.columns is None:
        with _MAKING:
            if database.columns is None:
                database.columns = ColumnCache(database.columns_limit_bytes, database.columns_from_runs)
    return database.columns


_MAKING = threading.Lock()


def _without(tables: Mapping[int, Table], gone: set[tuple[int, ColumnId]]) -> dict[int, Table]:
    kept = {}
    for experiment_id, table in tables.items():
        columns = [column for column in table.columns if (experiment_id, column) not in gone]
        if RUNS in columns:
            kept[experiment_id] = table if len(columns) == len(table.columns) else table.only(columns)
    return kept


def _brought_up_to_date(transaction: Transaction, table: Table) -> Table | None:
    """The table in the state of the transaction; None where it has to be read anew."""
    experiment_id = table.experiment_id
    next_number = run_changes.next_number(transaction, experiment_id)
    if next_number < table.next_number:
        return None  # another database than before: a copy of an earlier day, or on another server
    changes = frozenset(run_changes.since(transaction, experiment_id, table.next_number))
    run_keys = sorted({change.run_key for change in changes - table.seen})
    seen = frozenset(change for change in changes if change.number >= next_number)
    if len(run_keys) > max(MIN_PATCHED, MAX_PATCHED_SHARE * len(table)):
        return None
    if run_keys:
        table = table.patched(_patch(transaction, table, run_keys))
    elif (next_number, seen) == (table.next_number, table.seen):
        return table
    return table.at(next_number, seen)


def _patch(transaction: Transaction, table: Table, run_keys: list[int]) -> Patch:
    runs = read_base(transaction, table.experiment_id, run_keys)
    columns = read_columns(
        transaction,
        table.experiment_id,
        {name: column.dictionary for name, column in table.columns.items() if column.dictionary},
        [name for name in table.columns if name != RUNS],
        runs.run_keys,
        reads_all=False,
    )
    gone = np.setdiff1d(np.array(run_keys, np.int64), runs.run_keys, assume_unique=True)
    return Patch(runs, columns, gone)


def _loaded(
    transaction: Transaction, experiment_id: int, table: Table | None, wanted: set[ColumnId]
) -> Table:
    """A table with all the columns that are wanted."""
    if table is None:
        kept = checkpoints.base_table(transaction, experiment_id)
        table = None if kept is None else _brought_up_to_date(transaction, kept)
    if table is None:
        next_number = run_changes.next_number(transaction, experiment_id)
        changes = run_changes.since(transaction, experiment_id, next_number)
        base = read_base(transaction, experiment_id)
        runs = Column(tuple(cut(base)))
        table = Table(experiment_id, next_number, frozenset(changes), {RUNS: runs})
    missing = wanted - table.columns.keys()
    if not missing:
        return table
    run_keys = table.run_keys()
    dictionaries = {column: Dictionary() for column in missing if column.part.is_text}
    existing = _existing(transaction, experiment_id, missing)
    found = _from_checkpoints(transaction, experiment_id, dictionaries, existing, run_keys)
    unkept = existing - found.keys()
    found |= read_columns(transaction, experiment_id, dictionaries, unkept, run_keys, reads_all=True)
    return table.with_columns(
        {
            column: Column(
                _in_blocks(table, found[column]) if column in found else _empty_blocks(table, column),
                dictionaries.get(column),
            )
            for column in missing
        }
    )


def _from_checkpoints(
    transaction: Transaction,
    experiment_id: int,
    dictionaries: Mapping[ColumnId, Dictionary],
    columns: Iterable[ColumnId],
    run_keys: NDArray[np.int64],
) -> dict[ColumnId, Arrays]:
    """Those columns that have checkpoints, with what has changed since laid over them."""
    found: dict[ColumnId, Arrays] = {}
    for column in columns:
        kept = checkpoints.load(transaction, experiment_id, column, dictionaries.get(column))
        if kept is None:
            continue
        arrays = checkpoints.aligned(kept, column, run_keys)
        newer = checkpoints.changed_since(transaction, experiment_id, kept.next_number, run_keys)
        if len(newer) > max(MIN_PATCHED, MAX_PATCHED_SHARE * len(run_keys)):
            continue
        if len(newer):
            values = read_columns(transaction, experiment_id, dictionaries, [column], newer, reads_all=False)
            arrays = checkpoints.laid_over(arrays, values, column, np.searchsorted(run_keys, newer))
        found[column] = arrays
    return found


def _existing(transaction: Transaction, experiment_id: int, columns: set[ColumnId]) -> set[ColumnId]:
    """Without those that no run has, for which every row would be looked at in vain."""
    given = {
        "experiment_id": experiment_id,
        "key_ids": as_list(transaction.dialect, sorted({column.key_id for column in columns})),
    }
    known = {(kind, key_id) for kind, key_id in transaction.rows(_KEYS, given)}
    return {
        column
        for column in columns
        if not column.key_id or (_KINDS.get(column.part, Kind.METRIC), column.key_id) in known
    }


def _in_blocks(table: Table, arrays: Arrays) -> tuple[Arrays, ...]:
    bounds: NDArray[np.intp] = table.offsets
    return tuple(
        tuple(array[start:end].copy() for array in arrays)
        for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    )


def _empty_blocks(table: Table, column: ColumnId) -> tuple[Arrays, ...]:
    from_table = [len(block.run_keys) for block in table.runs]
    return tuple(nothing(column, n) for n in from_table)
