"""What 10^6 runs and 10^9 or 10^12 points take, worked out from what a few take on PostgreSQL.

Measured: bytes on the disk after compaction, with indexes and full-text search, and the rate at which one
process writes. The rest is multiplication; docs/scaling.md says what it leaves out.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psycopg

from bench.report import measured, report
from fluvial.artifacts import StoreOptions
from fluvial.artifacts.locations import Locations
from fluvial.entities.metric import Metric
from fluvial.entities.tag import Param, Tag
from fluvial.jobs.compaction import compact
from fluvial.services.platform import Platform
from fluvial.store.schema import open_database
from fluvial.wire.runs import CREATE_RUN, LOG_BATCH, UPDATE_RUN, CreateRun, LogBatch, UpdateRun
from tests.postgres import shared_cluster, shared_folder

N_RUNS = 300
N_PARAMS = 20
N_TAGS = 8
N_METRICS = 10
N_STEPS = 500
STEPS_IN_BATCH = 100
N_CLIENTS = 8
POINT_TABLES = ("segment", "chunk", "rollup")


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        shared_folder() as shared,
        shared_cluster(shared).database() as name,
    ):
        url = shared_cluster(shared).url(name)
        platform = Platform(
            open_database(url), Locations(destination=f"{folder}/artifacts", options=StoreOptions())
        )
        empty = _sizes(url)
        points_s, runs_s = _fill(platform)
        compact(platform, 0, 600)
        platform.close()
        sizes = _sizes(url)
    taken = {table: size - empty.get(table, 0) for table, size in sizes.items()}
    n_points = N_RUNS * N_METRICS * N_STEPS
    per_point = sum(taken[table] for table in POINT_TABLES) / n_points
    per_run = sum(size for table, size in taken.items() if table not in POINT_TABLES) / N_RUNS
    for table, size in sorted(taken.items(), key=lambda each: -each[1])[:12]:
        print(f"{table}: {size / N_RUNS:,.0f} bytes a run")
    report(
        "capacity",
        [
            measured("a run with 20 params, 8 tags, 10 metrics, on PostgreSQL", "bytes", [per_run]),
            measured("a point, compacted, on PostgreSQL", "bytes", [per_point], below=16),
            measured("disk of 10^6 runs", "GB", [per_run * 1e6 / 1e9]),
            measured("disk of 10^9 points", "GB", [per_point * 1e9 / 1e9]),
            measured("disk of 10^12 points", "TB", [per_point * 1e12 / 1e12]),
            measured("10^6 runs logged by one process", "h", [1e6 / runs_s / 3600]),
            measured("10^9 points logged by one process", "h", [1e9 / points_s / 3600]),
            measured("10^12 points in a year: processes", "", [1e12 / points_s / (365 * 86400)]),
        ],
    )


def _fill(platform: Platform) -> tuple[float, float]:
    """Log the runs; returns points a second and runs (with their params and tags) a second."""

    def start(number: int) -> str:
        info = platform.call(CREATE_RUN, CreateRun(experiment_id="0", start_time=1_800_000_000_000)).run.info
        params = [Param(key=f"param-{i}", value=f"{number * i * 0.000137:.6f}") for i in range(N_PARAMS)]
        tags = [Tag(key=f"tag-{i}", value=f"value {number % 50}") for i in range(N_TAGS)]
        platform.call(LOG_BATCH, LogBatch(run_id=info.run_id, params=tuple(params), tags=tuple(tags)))
        platform.call(UPDATE_RUN, UpdateRun(run_id=info.run_id, end_time=1_800_000_100_000))
        return info.run_id

    def log(batch: LogBatch) -> None:
        platform.call(LOG_BATCH, batch)

    chance = np.random.default_rng(0)
    with ThreadPoolExecutor(N_CLIENTS) as clients:
        begun = time.perf_counter()
        run_ids = list(clients.map(start, range(N_RUNS)))
        runs_s = N_RUNS / (time.perf_counter() - begun)
        writing_s = 0.0
        for first in range(0, N_STEPS, STEPS_IN_BATCH):
            batches = [LogBatch(run_id=each, metrics=tuple(_points(chance, first))) for each in run_ids]
            begun = time.perf_counter()
            list(clients.map(log, batches))
            writing_s += time.perf_counter() - begun
    return N_RUNS * N_METRICS * N_STEPS / writing_s, runs_s


def _points(chance: np.random.Generator, first: int) -> Sequence[Metric]:
    """Values as training gives them: half of them are 32-bit numbers."""
    found = []
    for step in range(first, first + STEPS_IN_BATCH):
        for i in range(N_METRICS):
            value = float(chance.normal())
            found.append(
                Metric(
                    key=f"metric-{i}",
                    value=float(np.float32(value)) if i % 2 else value,
                    step=step,
                    timestamp=1_800_000_000_000 + 137 * step,
                )
            )
    return found


def _sizes(url: str) -> dict[str, int]:
    """Bytes of each table with its indexes and what it keeps out of line."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM FULL")
        rows = connection.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
    return {str(name): int(size) for name, size in rows}


if __name__ == "__main__":
    main()
