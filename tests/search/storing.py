"""Runs written straight into the store's tables, so that a search can be held to what it should find."""

from __future__ import annotations

import math
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, cast

import sqlalchemy as sa

from fluvial.entities.run import RunStatus
from fluvial.store.database import Transaction
from fluvial.store.postgres import PostgresDatabase
from fluvial.store.sqlite import SqliteDatabase
from fluvial.store.tables import dataset, key, metric, param, run, run_input, tag
from fluvial.store.texts import RUN_TEXTS
from tests.search.things import Run


def _finite_or_null(value: float) -> float | None:
    return None if math.isnan(value) else value


def insert_runs(connection: sa.Connection, runs: Iterable[Run]) -> dict[str, int]:
    """Write the runs into experiment 1; returns the numbers of the keys."""
    key_ids: dict[str, int] = {}
    dataset_ids: dict[tuple[str, str], int] = {}
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
                "is_deleted": 0,
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
                    "last_step": len(series),
                    "last_ms": len(series),
                    "last_value": _finite_or_null(series[-1]),
                    "min_value": min(numbers, default=None),
                    "max_value": max(numbers, default=None),
                    "sum_value": _finite_or_null(sum(numbers)) if numbers else None,
                    "n_points": len(series),
                    "n_nan": len(series) - len(numbers),
                }
            )
        for read in item.datasets:
            dataset_id = dataset_ids.setdefault((read.name, read.digest), len(dataset_ids))
            if dataset_id == len(rows[dataset]):
                rows[dataset].append(
                    {
                        "experiment_id": 1,
                        "dataset_id": dataset_id,
                        "name": read.name,
                        "digest": read.digest,
                        "source_type": "local",
                        "source": "{}",
                    }
                )
            rows[run_input].append(owner | {"dataset_id": dataset_id, "context": read.context, "tags": "{}"})
    for table, values in rows.items():
        if values:
            connection.execute(table.insert(), values)
    if key_ids:
        connection.execute(
            key.insert(), [{"key_id": number, "name": name} for name, number in key_ids.items()]
        )
    index_words(connection, [*rows[run]])
    return key_ids


def index_words(connection: sa.Connection, places: Iterable[dict[str, object]]) -> None:
    """Index the words of runs as the store does at the end of a transaction."""
    cursor: Any = connection.connection.cursor()
    kind = SqliteDatabase if connection.dialect.name == "sqlite" else PostgresDatabase
    database: Any = SimpleNamespace(dialect=kind.dialect)
    transaction = Transaction(database, cursor)
    for place in places:
        RUN_TEXTS.touch(transaction, 1, cast("int", place["run_key"]))
    transaction.finish()
