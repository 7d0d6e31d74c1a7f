"""Searching 100,000 versions of registered models over HTTP, beside MLflow.

python -m bench.registry             on SQLite and PostgreSQL
python -m bench.registry 20000       so many versions, without keeping what was measured
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import urllib3

from bench.peer import Server, fluvial_server, mlflow_server
from bench.report import Measure, measured, p95, report
from fluvial.store.schema import open_database
from tests.postgres import shared_cluster, shared_folder

N_VERSIONS = 100_000
PER_MODEL = 100
N_REQUESTS = 40
N_PEER_REQUESTS = 5
PAGE = "100"
LIMIT_MS = 30
START_MS = 1_790_000_000_000
AT = "/api/2.0/mlflow/model-versions/search"
SEARCHES = {
    "of one model": {"filter": "name = 'model-00042'"},
    "by a tag that one has": {"filter": "tags.ticket = 't-4242'"},
    "by a tag that a tenth has": {"filter": "tags.team = 'team-3'"},
    "by run": {"filter": f"run_id = '{4242:032x}'"},
    "by pattern and number": {
        "filter": "name LIKE 'model-000%' AND version_number > 90",
        "order_by": "version_number DESC",
    },
    "the newest of all": {"filter": ""},
}

TAGS: dict[str, Callable[[int], str]] = {
    "team": lambda number: f"team-{number % 10}",
    "ticket": lambda number: f"t-{number}",
}

Insert = Callable[[str, list[dict[str, Any]]], object]


def main() -> None:
    chosen = [int(text) for text in sys.argv[1:] if text.isdigit()] if __name__ == "__main__" else []
    n = chosen[0] if chosen else N_VERSIONS
    theirs = _of_peer(n)
    measures: list[Measure] = []
    for database, uri in _databases(n):
        with fluvial_server(uri) as server:
            for name, query in SEARCHES.items():
                _times_ms(server, query, 3)
                ours = _times_ms(server, query, N_REQUESTS)
                measures.append(
                    measured(
                        f"search {n:,} versions, {name}, {database}, p95",
                        "ms",
                        [p95(ours)],
                        peer=[sorted(theirs[name])[N_PEER_REQUESTS // 2]] if database == "SQLite" else (),
                        below=LIMIT_MS,
                    )
                )
    if not chosen:
        report("registry", measures)
        return
    for one in measures:
        print(f"{one.name}: {one.fluvial:.4g} {one.unit}, MLflow {one.peer}: {one.is_met}", flush=True)


def _of_peer(n: int) -> dict[str, list[float]]:
    with mlflow_server() as server:
        path = server.folder / "mlflow.db"
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            _mlflow_rows(_into(connection), n)
        connection.close()
        found = {}
        for name, query in SEARCHES.items():
            _times_ms(server, query, 1)
            found[name] = _times_ms(server, query, N_PEER_REQUESTS)
        return found


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _databases(n: int) -> Iterator[tuple[str, str]]:
    with _folder() as folder:
        uri = f"sqlite:///{folder}/fluvial.db"
        open_database(uri).close()
        with sqlite3.connect(folder / "fluvial.db") as connection:
            connection.execute("PRAGMA synchronous=OFF")
            _fluvial_rows(_into(connection), n)
        connection.close()
        yield "SQLite", uri
    with shared_folder() as shared, shared_cluster(shared).database() as name:
        uri = shared_cluster(shared).url(name)
        open_database(uri).close()
        with psycopg.connect(uri) as postgres:
            _fluvial_rows(_into_postgres(postgres), n)
        with psycopg.connect(uri, autocommit=True) as postgres:
            postgres.execute("VACUUM ANALYZE")
        yield "PostgreSQL", uri


def _into(connection: sqlite3.Connection) -> Insert:
    """Inserts rows, as far as a table has their columns."""

    def insert(table: str, rows: list[dict[str, Any]]) -> None:
        known = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        names = [name for name in rows[0] if name in known]
        marks = ", ".join(f":{name}" for name in names)
        connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)  # noqa: S608

    return insert


def _into_postgres(connection: psycopg.Connection[Any]) -> Insert:
    def insert(table: str, rows: list[dict[str, Any]]) -> None:
        names = ", ".join(rows[0])
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(list(row.values()))

    return insert


def _places(n: int) -> list[tuple[int, int, int, str]]:
    """Number, model, version and name of each version."""
    return [
        (number, number // PER_MODEL, number % PER_MODEL + 1, f"model-{number // PER_MODEL:05}")
        for number in range(n)
    ]


def _fluvial_rows(insert: Insert, n: int) -> None:
    insert(
        "registered_model",
        [
            {
                "registered_id": model + 1,
                "name": f"model-{model:05}",
                "description": "",
                "is_prompt": 0,
                "last_version": PER_MODEL,
                "created_ms": START_MS,
                "created_by": "bench",
                "updated_ms": START_MS,
            }
            for model in range(n // PER_MODEL)
        ],
    )
    insert(
        "model_version",
        [
            {
                "version_key": number + 1,
                "registered_id": model + 1,
                "name": name,
                "version": version,
                "is_prompt": 0,
                "source": f"s3://bucket/{number}",
                "storage_uri": f"s3://bucket/{number}",
                "run_id": f"{number:032x}",
                "run_link": "",
                "model_id": "",
                "description": "",
                "stage": 0,
                "state": "",
                "created_ms": START_MS + number,
                "created_by": "bench",
                "updated_ms": START_MS + number,
            }
            for number, model, version, name in _places(n)
        ],
    )
    for key, value in (
        ("team", lambda number: f"team-{number % 10}"),
        ("ticket", lambda number: f"t-{number}"),
    ):
        insert(
            "model_version_tag",
            [
                {"version_key": number + 1, "key": key, "value": value(number), "value_start": value(number)}
                for number in range(n)
            ],
        )


def _mlflow_rows(insert: Insert, n: int) -> None:
    about = {"workspace": "default"}
    insert(
        "registered_models",
        [
            {"name": f"model-{model:05}", "creation_time": START_MS, "last_updated_time": START_MS, **about}
            for model in range(n // PER_MODEL)
        ],
    )
    insert(
        "model_versions",
        [
            {
                "name": name,
                "version": version,
                "creation_time": START_MS + number,
                "last_updated_time": START_MS + number,
                "description": "",
                "current_stage": "None",
                "source": f"s3://bucket/{number}",
                "storage_location": f"s3://bucket/{number}",
                "run_id": f"{number:032x}",
                "status": "READY",
                **about,
            }
            for number, _, version, name in _places(n)
        ],
    )
    for key, value in (
        ("team", lambda number: f"team-{number % 10}"),
        ("ticket", lambda number: f"t-{number}"),
    ):
        insert(
            "model_version_tags",
            [
                {"name": name, "version": version, "key": key, "value": value(number), **about}
                for number, _, version, name in _places(n)
            ],
        )


def _times_ms(server: Server, query: dict[str, str], n: int) -> list[float]:
    """How long a search takes, from the call to the whole answer, n times."""
    pool = urllib3.PoolManager(retries=False, timeout=600)
    fields = {"max_results": PAGE, **query}
    times = []
    for _ in range(n):
        begun = time.perf_counter()
        answer = pool.request("GET", f"{server.url}{AT}", fields=fields)
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status != 200 or not answer.json().get("model_versions"):
            raise RuntimeError(f"Nothing was found: {answer.data[:500]!r}")
    return times


if __name__ == "__main__":
    main()
