"""Rows of the database as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Table as SqlTable
from sqlalchemy import bindparam, select

from fluvial.store.columns.table import Arrays, Base, ColumnId, Dictionary, Numbers, Part, Texts, nothing
from fluvial.store.database import Row, Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.run_fields import TABLES
from fluvial.store.statement import Statement
from fluvial.store.tables import metric, param, run, tag

_BASE = (run.c.run_key, run.c.run_id, run.c.status, run.c.is_deleted, run.c.start_ms, run.c.end_ms)
_ATTRIBUTES = {Part.NAME: run.c.name, Part.USER: run.c.user_id}
_TABLES: Mapping[Part, SqlTable] = {Part.PARAM: param, Part.TAG: tag}

Keys = Sequence[int] | None


def read_base(transaction: Transaction, experiment_id: int, run_keys: Keys = None) -> Base:
    """The attributes of runs, in the order of their keys; of all runs, or of some."""
    rows = transaction.rows(
        _base_statement(run_keys is None), _given(transaction, experiment_id, run_keys=run_keys)
    )
    if not rows:
        rows_by_column: list[Any] = [()] * len(_BASE)
    else:
        rows.sort(key=lambda row: row[0])
        rows_by_column = list(zip(*rows, strict=True))
    keys, run_ids, status, is_deleted, start_ms, end_ms = rows_by_column
    ids = np.frombuffer(bytes.fromhex("".join(run_ids)), ">u8").astype(np.uint64).reshape(-1, 2)
    return Base(
        run_keys=np.array(keys, np.int64),
        id_high=ids[:, 0].copy(),
        id_low=ids[:, 1].copy(),
        status=np.array(status, np.int8),
        is_deleted=np.array(is_deleted, np.bool_),
        start_ms=np.array(start_ms, np.int64),
        end_ms=np.array([0 if end is None else end for end in end_ms], np.int64),
        has_end=np.array([end is not None for end in end_ms], np.bool_),
    )


def read_columns(
    transaction: Transaction,
    experiment_id: int,
    dictionaries: Mapping[ColumnId, Dictionary],
    columns: Iterable[ColumnId],
    run_keys: NDArray[np.int64],
    *,
    reads_all: bool,
) -> dict[ColumnId, Arrays]:
    """Columns of runs.

    Args:
        transaction: Where to read.
        experiment_id: Of which experiment.
        dictionaries: Of the columns of texts; their texts are added.
        columns: Which columns, but for `RUNS`.
        run_keys: Keys of the runs, in order.
        reads_all: Whether these are all runs of the experiment.
    """
    wanted = list(columns)
    only = None if reads_all else run_keys.tolist()
    found: dict[ColumnId, Arrays] = {}
    for part, attribute in _ATTRIBUTES.items():
        column = ColumnId(part)
        if column in wanted:
            statement = _attribute_statement(attribute, is_of_all=only is None)
            rows = transaction.rows(statement, _given(transaction, experiment_id, run_keys=only))
            found[column] = _texts(rows, 1, dictionaries[column], run_keys)
    for part, table in _TABLES.items():
        keys = sorted(column.key_id for column in wanted if column.part == part)
        if keys:
            statement = _text_statement(table, is_of_all=only is None)
            given = _given(transaction, experiment_id, run_keys=only, key_ids=keys)
            by_key = _by_key(transaction.rows(statement, given))
            for key in keys:
                column = ColumnId(part, key)
                found[column] = _texts(by_key.get(key, []), 2, dictionaries[column], run_keys)
    of_metrics = [column for column in wanted if column.part.is_metric]
    if of_metrics:
        parts = tuple(sorted({column.part for column in of_metrics}))
        keys = sorted({column.key_id for column in of_metrics})
        statement = _metric_statement(parts, is_of_all=only is None)
        given = _given(transaction, experiment_id, run_keys=only, key_ids=keys)
        by_key = _by_key(transaction.rows(statement, given))
        for column in of_metrics:
            rows = by_key.get(column.key_id, [])
            found[column] = _numbers(rows, 2 + parts.index(column.part), run_keys)
    return found


@lru_cache
def _base_statement(is_of_all: bool) -> Statement:
    return Statement(_of_runs(select(*_BASE), run, is_of_all=is_of_all))


@lru_cache
def _attribute_statement(attribute: Any, *, is_of_all: bool) -> Statement:
    return Statement(_of_runs(select(run.c.run_key, attribute), run, is_of_all=is_of_all))


@lru_cache
def _text_statement(table: SqlTable, *, is_of_all: bool) -> Statement:
    statement = select(table.c.run_key, table.c.key_id, table.c.value).where(AnyOf(table.c.key_id, "key_ids"))
    return Statement(_of_runs(statement, table, is_of_all=is_of_all))


@lru_cache
def _metric_statement(parts: tuple[Part, ...], *, is_of_all: bool) -> Statement:
    values = TABLES.collections["metrics"].values
    statement = select(
        metric.c.run_key, metric.c.key_id, *(values[part.name.lower()](metric) for part in parts)
    ).where(AnyOf(metric.c.key_id, "key_ids"))
    return Statement(_of_runs(statement, metric, is_of_all=is_of_all))


def _of_runs(statement: Any, table: SqlTable, *, is_of_all: bool) -> Any:
    statement = statement.where(table.c.experiment_id == bindparam("experiment_id"))
    return statement if is_of_all else statement.where(AnyOf(table.c.run_key, "run_keys"))


def _given(
    transaction: Transaction, experiment_id: int, *, run_keys: Keys, key_ids: Keys = None
) -> dict[str, Any]:
    given: dict[str, Any] = {"experiment_id": experiment_id}
    if run_keys is not None:
        given["run_keys"] = as_list(transaction.dialect, run_keys)
    if key_ids is not None:
        given["key_ids"] = as_list(transaction.dialect, key_ids)
    return given


def _by_key(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row[1], []).append(row)
    return found


def _texts(rows: list[Row], at: int, dictionary: Dictionary, run_keys: NDArray[np.int64]) -> Texts:
    made = Texts(*nothing(ColumnId(Part.PARAM), len(run_keys)))
    if rows:
        made.codes[_slots(rows, run_keys)] = dictionary.encode([row[at] for row in rows])
    return made


def _numbers(rows: list[Row], at: int, run_keys: NDArray[np.int64]) -> Numbers:
    made = Numbers(*nothing(ColumnId(Part.LAST), len(run_keys)))
    if rows:
        slots = _slots(rows, run_keys)
        # None becomes NaN, which it stands for.
        made.values[slots] = np.array([row[at] for row in rows], np.float64)
        made.is_there[slots] = True
    return made


def _slots(rows: list[Row], run_keys: NDArray[np.int64]) -> NDArray[np.intp]:
    return np.searchsorted(run_keys, np.array([row[0] for row in rows], np.int64))
