from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, create_engine, select
from sqlalchemy.engine import make_url

from fluvial.artifacts import StoreOptions
from fluvial.artifacts.locations import Locations
from fluvial.jobs.compaction import compact
from fluvial.services.context import Permission
from fluvial.services.metrics import read_metric
from fluvial.services.platform import EVERYBODY, Platform
from fluvial.store.schema import open_database
from fluvial.store.tables import chunk, segment
from tests.services.making import get, last_values, log, start
from tests.services.slices import send_points

Row = tuple[int, int, str]
KEYS = ("a", "b", "c")


def history(platform: Platform, run_id: str, key: str) -> list[Row]:
    points = platform.read_with(Permission.READ, EVERYBODY, lambda context: read_metric(context, run_id, key))
    values = [value.hex() for value in points.values.tolist()]
    return list(zip(points.steps.tolist(), points.timestamps.tolist(), values, strict=True))


def compacted(platform: Platform) -> int:
    """Compact all that there is; returns how many points were folded."""
    return compact(platform, idle_ms=-1_000_000_000_000, for_s=60)


def sizes(uri: str, table: Table) -> list[int]:
    """How many points each row of a table holds."""
    url = make_url(uri)
    engine = create_engine(
        url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url
    )
    with engine.connect() as connection:
        found = connection.scalars(select(table.c.n_points)).all()
    engine.dispose()
    return [int(each) for each in found]


class Logged:
    """What was logged to a run, kept in the simplest way."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.run_id = start(platform)
        self.rows: dict[str, list[Row]] = {key: [] for key in KEYS}

    def add(self, key: str, steps: list[int], values: list[float], timestamps: list[int]) -> None:
        send_points(self.platform, self.run_id, key, steps, values, timestamps)
        self.rows[key] += zip(steps, timestamps, [value.hex() for value in values], strict=True)

    def check(self) -> None:
        for key, rows in self.rows.items():
            expected = sorted(dict.fromkeys(rows), key=lambda row: row[:2])
            assert history(self.platform, self.run_id, key) == expected


BATCH = st.tuples(
    st.sampled_from(KEYS),
    st.integers(0, 30_000),  # first step
    st.sampled_from([1, 10, 300, 5_000, 20_000]),  # points
    st.sampled_from([0, 1, 1, 1, 7]),  # steps between two points
    st.integers(0, 2),  # how the time depends on the step: late writers, equal times
    st.booleans(),  # backwards
    st.booleans(),  # compacted after
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(BATCH, min_size=1, max_size=12))
def test_a_history_is_the_same_before_and_after_compaction(
    platform: Platform, batches: list[tuple[str, int, int, int, int, bool, bool]]
) -> None:
    logged = Logged(platform)
    for number, (key, first, n, stride, clock, is_backwards, is_compacted) in enumerate(batches):
        steps = [first + stride * i for i in range(n)]
        if is_backwards:
            steps.reverse()
        times = [1000 + [step, step // 100, number][clock] for step in steps]
        logged.add(key, steps, [float((step * 31 + number // 3) % 97) for step in steps], times)
        if is_compacted:
            compacted(platform)

    logged.check()
    compacted(platform)
    logged.check()


def test_points_that_were_folded_are_in_chunks_and_few_are_left_in_one_segment(
    platform: Platform, database_uri: str
) -> None:
    run_id = start(platform)
    for first in range(0, 50_000, 500):
        send_points(platform, run_id, "long", range(first, first + 500), np.zeros(500))
        log(platform, run_id, metrics=[("short", 1.0, first)])

    assert compacted(platform) == 50_100

    chunk_sizes, segment_sizes = sizes(database_uri, chunk), sizes(database_uri, segment)
    assert sum(chunk_sizes) == 50_000
    assert len(chunk_sizes) == 7
    assert segment_sizes == [100]
    assert compacted(platform) == 0


def test_a_run_that_is_folded_often_keeps_few_chunks(platform: Platform, database_uri: str) -> None:
    run_id = start(platform)
    for first in range(0, 30_000, 300):
        send_points(platform, run_id, "m", range(first, first + 300), np.zeros(300))
        compacted(platform)

    assert len(sizes(database_uri, chunk)) < 12


def test_servers_that_fold_the_same_runs_at_once_double_nothing(
    platform: Platform, database_uri: str, tmp_path: Path
) -> None:
    locations = Locations(destination=str(tmp_path / "artifacts"), options=StoreOptions())
    others = [Platform(open_database(database_uri), locations) for _ in range(2)]
    run_ids = [start(platform) for _ in range(4)]
    done = threading.Event()

    def fold_on(one: Platform) -> None:
        while not done.is_set():
            compacted(one)

    threads = ThreadPoolExecutor(3)
    folding = [threads.submit(fold_on, one) for one in (platform, *others)]
    for first in range(0, 10_000, 1000):
        for run_id in run_ids:
            steps = range(first, first + 1000)
            send_points(platform, run_id, "m", steps, [float(step) for step in steps])
            assert len(history(platform, run_id, "m")) == first + 1000
    done.set()
    for each in folding:
        each.result()

    for run_id in run_ids:
        assert history(platform, run_id, "m") == [(s, 1000 + s, float(s).hex()) for s in range(10_000)]
    for one in others:
        one.database.close()


def test_a_resumed_run_keeps_both_attempts_at_a_step_the_earlier_first(platform: Platform) -> None:
    run_id = start(platform)
    first_ms, again_ms = 1_000_000, 9_000_000
    for begin, end, began_ms in ((0, 12_000, first_ms), (10_000, 14_000, again_ms)):
        steps = np.arange(begin, end)
        send_points(platform, run_id, "m", steps, (steps + began_ms).astype(np.float64), began_ms + steps)
        compacted(platform)

    found = history(platform, run_id, "m")

    both = [(step, began_ms + step) for step in range(10_000, 12_000) for began_ms in (first_ms, again_ms)]
    expected = [
        *((step, first_ms + step) for step in range(10_000)),
        *both,
        *((step, again_ms + step) for step in range(12_000, 14_000)),
    ]
    assert [(step, ms) for step, ms, _ in found] == expected
    assert last_values(get(platform, run_id)) == {"m": 13_999.0 + again_ms}


def test_ranks_that_log_one_metric_at_once_make_one_series(platform: Platform) -> None:
    run_id = start(platform)
    n_ranks, n_steps = 4, 3_000
    steps = np.arange(n_steps)
    with ThreadPoolExecutor(n_ranks) as ranks:
        logged = [
            ranks.submit(
                send_points,
                platform,
                run_id,
                "m",
                steps,
                (steps + rank).astype(np.float64),
                1000 + 10 * steps + rank,
            )
            for rank in range(n_ranks)
        ]
        compacted(platform)
    for each in logged:
        each.result()
    compacted(platform)

    found = history(platform, run_id, "m")

    assert [(step, ms) for step, ms, _ in found] == [
        (step, 1000 + 10 * step + rank) for step in range(n_steps) for rank in range(n_ranks)
    ]
