"""The rows of views (`wire/views.py`) of some runs of an experiment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from fluvial.store import runs
from fluvial.store.database import Row, Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.runs import RunRow
from fluvial.store.statement import Statement
from fluvial.store.tables import experiment, key, metric, param, run, tag

_NEXT_RUNS = Statement(
    select(*runs.COLUMNS)
    .where(run.c.experiment_id == bindparam("e"), run.c.run_key > bindparam("after"), run.c.is_deleted == 0)
    .order_by(run.c.run_key)
    .limit(bindparam("n"))
)
_EXPERIMENTS = Statement(
    select(
        experiment.c.experiment_id,
        experiment.c.name,
        experiment.c.created_ms,
        experiment.c.updated_ms,
        experiment.c.artifact_location,
    )
    .where(experiment.c.is_deleted == 0)
    .order_by(experiment.c.experiment_id)
)
_PARAMS, _TAGS = (
    Statement(
        select(table.c.run_key, key.c.name, table.c.value)
        .join(key, key.c.key_id == table.c.key_id)
        .where(table.c.experiment_id == bindparam("e"), AnyOf(table.c.run_key, "runs"))
        .order_by(table.c.run_key, key.c.name)
    )
    for table in (param, tag)
)
_METRICS = Statement(
    select(
        metric.c.run_key,
        key.c.name,
        metric.c.last_value,
        metric.c.last_step,
        metric.c.last_ms,
        metric.c.min_value,
        metric.c.max_value,
        metric.c.sum_value,
        metric.c.n_points,
        metric.c.n_nan,
    )
    .join(key, key.c.key_id == metric.c.key_id)
    .where(metric.c.experiment_id == bindparam("e"), AnyOf(metric.c.run_key, "runs"))
    .order_by(metric.c.run_key, key.c.name)
)
_SIZES = Statement(
    select(metric.c.run_key, metric.c.key_id, key.c.name, metric.c.n_points)
    .join(key, key.c.key_id == metric.c.key_id)
    .where(metric.c.experiment_id == bindparam("e"), AnyOf(metric.c.run_key, "runs"))
)


def experiments(transaction: Transaction) -> list[Row]:
    """All experiments that are not in the trash, as the view has them."""
    return transaction.rows(_EXPERIMENTS)


def runs_after(transaction: Transaction, experiment_id: int, run_key: int, limit: int) -> list[RunRow]:
    """The next runs of an experiment in the order of their keys, without those in the trash."""
    given = {"e": experiment_id, "after": run_key, "n": limit}
    return [RunRow(*row) for row in transaction.rows(_NEXT_RUNS, given)]


def params(transaction: Transaction, experiment_id: int, run_keys: Sequence[int]) -> list[Row]:
    """(run key, name, value) of the params of some runs."""
    return transaction.rows(_PARAMS, _of(transaction, experiment_id, run_keys))


def tags(transaction: Transaction, experiment_id: int, run_keys: Sequence[int]) -> list[Row]:
    """The same of tags."""
    return transaction.rows(_TAGS, _of(transaction, experiment_id, run_keys))


def metrics(transaction: Transaction, experiment_id: int, run_keys: Sequence[int]) -> list[Row]:
    """(run key, name, last value, step, ms, least, greatest, sum, points, NaN) of metrics of some runs."""
    return transaction.rows(_METRICS, _of(transaction, experiment_id, run_keys))


def sizes(transaction: Transaction, experiment_id: int, run_keys: Sequence[int]) -> list[Row]:
    """(run key, key id, name, points) of the metrics of some runs."""
    return transaction.rows(_SIZES, _of(transaction, experiment_id, run_keys))


def _of(transaction: Transaction, experiment_id: int, run_keys: Sequence[int]) -> dict[str, Any]:
    return {"e": experiment_id, "runs": as_list(transaction.dialect, list(run_keys))}
