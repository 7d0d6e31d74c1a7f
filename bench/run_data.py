"""The same made-up runs in a store of fluvial and in one of MLflow, written straight into their tables.

Each run has as many metrics as params: p0 with 2 values, p1 with 4, p2 with 8, and so on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from msgspec import Struct

from fluvial.store.ids import hashed_id
from fluvial.store.schema import open_database

START_MS = 1_790_000_000_000
N_KEYS = 10
PART = 20_000
EXPERIMENT = 1
RUN_NAME = "mlflow.runName"

Rows = Iterable[tuple[Any, ...]]
Insert = Callable[[str, int, Rows], object]


class Part(Struct, frozen=True):
    """Some runs.

    Attributes:
        first: Number of the first.
        ids: 32 hex characters each.
        params: Number of the value, by param and run.
        metrics: Value by metric and run.
    """

    first: int
    ids: list[str]
    params: list[list[int]]
    metrics: list[list[float]]


def parts(n_runs: int, n_keys: int) -> Iterator[Part]:
    """The runs, always the same for as many keys."""
    chance = np.random.default_rng(1)
    for first in range(0, n_runs, PART):
        n = min(PART, n_runs - first)
        yield Part(
            first,
            [chance.bytes(16).hex() for _ in range(n)],
            [chance.integers(0, 2 << param, n).tolist() for param in range(n_keys)],
            [chance.random(n).tolist() for _ in range(n_keys)],
        )


def fill_fluvial(uri: str, n_runs: int, n_keys: int = N_KEYS) -> None:
    """Make a store of fluvial with so many runs in one experiment."""
    open_database(uri).close()
    if uri.startswith("sqlite:///"):
        with sqlite3.connect(uri.removeprefix("sqlite:///")) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            _fluvial_rows(_into_sqlite(connection), n_runs, n_keys)
            connection.execute("ANALYZE")
        connection.close()
        return
    with psycopg.connect(uri) as postgres:
        _fluvial_rows(_into_postgres(postgres), n_runs, n_keys)
    with psycopg.connect(uri, autocommit=True) as postgres:
        postgres.execute("VACUUM ANALYZE")


def fill_mlflow(path: Path, n_runs: int, n_keys: int = N_KEYS) -> None:
    """Fill MLflow's store, which MLflow has made, with so many runs in one experiment."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        insert = _into_sqlite(connection)
        experiment = (EXPERIMENT, "runs", "mlflow-artifacts:/1", "active", START_MS, START_MS, "default")
        insert("experiments", 7, [experiment])
        for part in parts(n_runs, n_keys):
            _mlflow_rows(insert, part)
        connection.execute("ANALYZE")
    connection.close()


def _mlflow_rows(insert: Insert, part: Part) -> None:
    runs = list(enumerate(part.ids))
    insert(
        "runs",
        14,
        (
            (run, f"run-{part.first + i}", "UNKNOWN", "", "", "ada", "FINISHED", _start(part, i),
             _start(part, i) + 60_000, "", "active", f"mlflow-artifacts:/1/{run}/artifacts", EXPERIMENT, None)
            for i, run in runs
        ),
    )  # fmt: skip
    insert("tags", 3, ((RUN_NAME, f"run-{part.first + i}", run) for i, run in runs))
    for number, values in enumerate(part.params):
        insert("params", 3, ((f"p{number}", f"v{values[i]}", run) for i, run in runs))
    for number, numbers in enumerate(part.metrics):
        insert("latest_metrics", 6, ((f"m{number}", numbers[i], START_MS, 0, 0, run) for i, run in runs))
        insert("metrics", 6, ((f"m{number}", numbers[i], START_MS, run, 0, 0) for i, run in runs))


def _fluvial_rows(insert: Insert, n_runs: int, n_keys: int) -> None:
    params = sorted((hashed_id(f"p{number}"), number) for number in range(n_keys))
    metrics = sorted((hashed_id(f"m{number}"), number) for number in range(n_keys))
    insert("experiment", 6, [(EXPERIMENT, "runs", "mlflow-artifacts:/1", 0, START_MS, START_MS)])
    names = [f"p{number}" for number in range(n_keys)] + [f"m{number}" for number in range(n_keys)]
    insert("key", 2, [(hashed_id(name), name) for name in (*names, RUN_NAME)])
    kinds = {"p": 0, "m": 1}
    columns = [(EXPERIMENT, kinds[name[0]], hashed_id(name)) for name in names]
    insert("experiment_key", 3, [*columns, (EXPERIMENT, 2, hashed_id(RUN_NAME))])
    for part in parts(n_runs, n_keys):
        runs = [(i, run, (part.first + i + 1) << 20) for i, run in enumerate(part.ids)]
        insert(
            "run",
            10,
            (
                (EXPERIMENT, key, run, f"run-{part.first + i}", "ada", 3, 0, _start(part, i),
                 _start(part, i) + 60_000, f"mlflow-artifacts:/1/{run}/artifacts")
                for i, run, key in runs
            ),
        )  # fmt: skip
        insert("run_place", 3, ((run, EXPERIMENT, key) for _, run, key in runs))
        insert(
            "tag", 4, ((EXPERIMENT, key, hashed_id(RUN_NAME), f"run-{part.first + i}") for i, _, key in runs)
        )
        insert(
            "param",
            4,
            (
                (EXPERIMENT, key, key_id, f"v{part.params[number][i]}")
                for i, _, key in runs
                for key_id, number in params
            ),
        )
        insert("metric", 12, _metric_rows(part, runs, metrics))


def _metric_rows(
    part: Part, runs: list[tuple[int, str, int]], metrics: list[tuple[int, int]]
) -> Iterator[tuple[Any, ...]]:
    for i, _, key in runs:
        for key_id, number in metrics:
            value = part.metrics[number][i]
            yield (EXPERIMENT, key, key_id, value, 0, START_MS, None, value, value, value, 1, 0)


def _start(part: Part, i: int) -> int:
    return START_MS + 50 * (part.first + i)


def _into_sqlite(connection: sqlite3.Connection) -> Insert:
    def insert(table: str, n_columns: int, rows: Rows) -> object:
        places = ", ".join("?" * n_columns)
        return connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608  ours

    return insert


def _into_postgres(connection: psycopg.Connection[Any]) -> Insert:
    def insert(table: str, n_columns: int, rows: Rows) -> None:
        del n_columns
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    return insert
