"""A chart of 100 runs with a million points each, in 1,000 buckets.

MLflow has nothing to set beside it: 100 million rows of its metrics are 27 GB, its charts thin points out.

python -m bench.chart --points 100000
"""

from __future__ import annotations

import argparse
import http.client
import json
import time
import uuid
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from bench.databases import Stored, on_postgresql, on_sqlite
from bench.peer import Server
from bench.report import Measure, measured, report
from fluvial.wire.charts import CHARTS_PATH
from fluvial.wire.journal import (
    INGEST_PATH,
    KIND_POINT,
    RunDefinition,
    SeriesDefinition,
    SliceHeader,
    pack_slice,
)
from tests.services.slices import FRAME

N_RUNS = 100
N_POINTS = 1_000_000
N_SLICE = 100_000
N_BUCKETS = 1000
N_TIMES = 7
START_MS = 1_800_000_000_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=N_POINTS)
    n_points = parser.parse_known_args()[0].points
    measures = []
    for name, database in (("SQLite", on_sqlite), ("PostgreSQL", on_postgresql)):
        measures.append(_measure(name, database(), n_points))
    report("chart", measures)


def _measure(name: str, database: AbstractContextManager[tuple[Server, Stored]], n_points: int) -> Measure:
    with database as (server, stored):
        parts = urlsplit(server.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=600)
        run_ids = [log_run(connection, n_points) for _ in range(N_RUNS)]
        stored.await_compaction()
        connection.close()  # the server has let go of it; the next request opens it anew
        series = [{"run_id": run_id, "key": "loss"} for run_id in run_ids]
        body = json.dumps({"series": series, "n_buckets": N_BUCKETS}).encode()
        taken = []
        for _ in range(N_TIMES):
            begun = time.perf_counter()
            content = _post(connection, CHARTS_PATH, body)
            taken.append(1000 * (time.perf_counter() - begun))
    print(f"{name}: an answer has {len(content):,} bytes")
    about = f"chart of {N_RUNS} runs x {n_points:,} points, {N_BUCKETS:,} buckets, {name}"
    return measured(about, "ms", taken, below=200)


def log_run(connection: http.client.HTTPConnection, n_points: int) -> str:
    """A run with a noisy loss of single precision, as from a GPU."""
    made = json.loads(_post(connection, "/api/2.0/mlflow/runs/create", b'{"experiment_id": "0"}'))
    run_id = str(made["run"]["info"]["run_id"])
    chance = np.random.default_rng()
    journal_id = uuid.uuid4().hex
    frames = np.zeros(N_SLICE, FRAME)
    frames["length"] = FRAME.itemsize - 8
    frames["kind"] = KIND_POINT
    for first in range(0, n_points, N_SLICE):
        frames["step"] = steps = first + np.arange(N_SLICE)
        frames["timestamp"] = START_MS + 50 * steps + chance.integers(0, 8, N_SLICE)
        loss = np.exp(-steps / (n_points / 3)) + 0.05 * chance.normal(size=N_SLICE)
        frames["value"] = loss.astype(np.float32)
        header = SliceHeader(
            journal_id=journal_id,
            first_sequence=first,
            n_records=N_SLICE,
            runs=(RunDefinition(0, run_id),),
            series=(SeriesDefinition(0, "loss"),),
        )
        _post(connection, INGEST_PATH, pack_slice(header, frames.tobytes()))
    return run_id


def _post(connection: http.client.HTTPConnection, path: str, body: bytes) -> Any:
    connection.request("POST", path, body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered with {answer.status}: {content[:500]!r}")
    return content


if __name__ == "__main__":
    main()
