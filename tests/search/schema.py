"""The store's tables as far as searches see them, and how things get into them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import sqlalchemy as sa

from fluvial.entities.run import RunStatus
from fluvial.search import RUNS
from fluvial.search.sql import Rows, Scalar, Tables
from tests.search.things import Run

METADATA = sa.MetaData()

run = sa.Table(
    "run",
    METADATA,
    sa.Column("experiment_id", sa.BigInteger, primary_key=True),
    sa.Column("run_key", sa.BigInteger, primary_key=True),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text),
    sa.Column("status", sa.SmallInteger, nullable=False),
    sa.Column("start_ms", sa.BigInteger),
    sa.Column("end_ms", sa.BigInteger),
    sa.Column("artifact_uri", sa.Text),
)


def _owner() -> list[sa.Column[int]]:
    return [
        sa.Column("experiment_id", sa.BigInteger, primary_key=True),
        sa.Column("run_key", sa.BigInteger, primary_key=True),
    ]


key = sa.Table(
    "key",
    METADATA,
    sa.Column("key_id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, unique=True),
)
param, tag = (
    sa.Table(
        name,
        METADATA,
        *_owner(),
        sa.Column("key_id", sa.Integer, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    for name in ("param", "tag")
)
metric = sa.Table(
    "metric",
    METADATA,
    *_owner(),
    sa.Column("key_id", sa.Integer, primary_key=True),
    sa.Column("last_value", sa.Double),
    sa.Column("min_value", sa.Double),
    sa.Column("max_value", sa.Double),
    sa.Column("sum_value", sa.Double),
    sa.Column("n_points", sa.BigInteger, nullable=False),
    sa.Column("n_nan", sa.BigInteger, nullable=False),
)
dataset = sa.Table(
    "dataset",
    METADATA,
    sa.Column("experiment_id", sa.BigInteger, primary_key=True),
    sa.Column("dataset_id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
)
run_input = sa.Table(
    "run_input",
    METADATA,
    *_owner(),
    sa.Column("dataset_id", sa.Integer, primary_key=True),
    sa.Column("context", sa.Text),
)

_LINK = {"experiment_id": run.c.experiment_id, "run_key": run.c.run_key}

RUN_TABLES = Tables(
    noun=RUNS,
    table=run,
    attributes={
        "run_id": Scalar(value=run.c.run_id),
        "run_name": Scalar(value=run.c.name),
        "user_id": Scalar(value=run.c.user_id),
        "status": Scalar(value=run.c.status, choices={s.value: s.number for s in RunStatus}),
        "start_time": Scalar(value=run.c.start_ms),
        "end_time": Scalar(value=run.c.end_ms),
        "duration": Scalar(value=run.c.end_ms - run.c.start_ms),
        "artifact_uri": Scalar(value=run.c.artifact_uri),
    },
    collections={
        "metrics": Rows(
            source=metric,
            link=_LINK,
            key="key_id",
            is_interned=True,
            values={
                "last": lambda rows: rows.c.last_value,
                "min": lambda rows: rows.c.min_value,
                "max": lambda rows: rows.c.max_value,
                "mean": lambda rows: rows.c.sum_value / sa.func.nullif(rows.c.n_points - rows.c.n_nan, 0),
                "count": lambda rows: rows.c.n_points,
            },
        ),
        "params": Rows(
            source=param,
            link=_LINK,
            key="key_id",
            is_interned=True,
            values={"value": lambda rows: rows.c.value},
        ),
        "tags": Rows(
            source=tag,
            link=_LINK,
            key="key_id",
            is_interned=True,
            values={"value": lambda rows: rows.c.value},
        ),
        "datasets": Rows(
            source=sa.select(
                run_input.c.experiment_id,
                run_input.c.run_key,
                dataset.c.name,
                dataset.c.digest,
                run_input.c.context,
            )
            .join(
                dataset,
                sa.and_(
                    dataset.c.experiment_id == run_input.c.experiment_id,
                    dataset.c.dataset_id == run_input.c.dataset_id,
                ),
            )
            .subquery(),
            link=_LINK,
            values={
                "name": lambda rows: rows.c.name,
                "digest": lambda rows: rows.c.digest,
                "context": lambda rows: rows.c.context,
            },
        ),
    },
)


def _finite_or_null(value: float) -> float | None:
    return None if math.isnan(value) else value


def insert_runs(connection: sa.Connection, runs: Iterable[Run]) -> dict[str, int]:
    """Write the runs into experiment 1; returns the numbers of the keys."""
    key_ids: dict[str, int] = {}
    rows: dict[sa.Table, list[dict[str, object]]] = {
        table: [] for table in (run, param, tag, metric, dataset, run_input)
    }
    for run_key, item in enumerate(runs):
        owner = {"experiment_id": 1, "run_key": run_key}
        rows[run].append(
            owner
            | {
                "run_id": item.run_id,
                "name": item.run_name,
                "user_id": item.user_id,
                "status": RunStatus(item.status).number,
                "start_ms": item.start_time,
                "end_ms": item.end_time,
                "artifact_uri": f"mlflow-artifacts:/1/{item.run_id}",
            }
        )
        for table, texts in ((param, item.params), (tag, item.tags)):
            for name, text in texts.items():
                key_id = key_ids.setdefault(name, len(key_ids))
                rows[table].append(owner | {"key_id": key_id, "value": text})
        for name, series in item.metrics.items():
            numbers = [value for value in series if not math.isnan(value)]
            rows[metric].append(
                owner
                | {
                    "key_id": key_ids.setdefault(name, len(key_ids)),
                    "last_value": _finite_or_null(series[-1]),
                    "min_value": min(numbers, default=None),
                    "max_value": max(numbers, default=None),
                    "sum_value": _finite_or_null(sum(numbers)) if numbers else None,
                    "n_points": len(series),
                    "n_nan": len(series) - len(numbers),
                }
            )
        for read in item.datasets:
            dataset_id = len(rows[dataset])
            rows[dataset].append(
                {
                    "experiment_id": 1,
                    "dataset_id": dataset_id,
                    "name": read.name,
                    "digest": read.digest,
                }
            )
            rows[run_input].append(owner | {"dataset_id": dataset_id, "context": read.context})
    for table, values in rows.items():
        if values:
            connection.execute(table.insert(), values)
    if key_ids:
        connection.execute(
            key.insert(), [{"key_id": number, "name": name} for name, number in key_ids.items()]
        )
    return key_ids
