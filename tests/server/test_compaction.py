"""A server that is killed while it compacts, and readers that look on."""

from __future__ import annotations

import random
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import urllib3

from tests.server_process import ServerProcess, running_server
from tests.services.slices import slice_of

N_KILLS = 2
N_POINTS = 2_000
KEYS = ("a", "b")


def steps_of(server: ServerProcess, run_id: str, key: str) -> list[int]:
    """The steps of a history, whose values say the same."""
    answer = server.get("/api/1.0/fluvial/metrics/points", run_id=run_id, metric_key=key)
    assert answer.status == 200, answer
    (n,) = struct.unpack_from("<Q", answer.body)
    steps = np.frombuffer(answer.body, "<i8", n, 8)
    assert steps.tolist() == np.frombuffer(answer.body, "<f8", n, 8 + 16 * n).tolist()
    return [int(step) for step in steps]


def look_on(server: ServerProcess, run_id: str, n_sent: dict[str, int], is_over: threading.Event) -> int:
    """Read while points are logged and folded: whatever was acknowledged before is there, once."""
    n_reads = 0
    while not is_over.is_set():
        for key in KEYS:
            at_least = n_sent[key]
            try:
                steps = steps_of(server, run_id, key)
            except urllib3.exceptions.HTTPError:
                return n_reads  # the server was killed
            assert steps == list(range(len(steps)))
            assert len(steps) >= at_least
            n_reads += 1
    return n_reads


@pytest.mark.parametrize("backend", ["sqlite", "postgres"])
def test_a_server_that_is_killed_while_it_compacts_loses_and_doubles_nothing(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    uri = None if backend == "sqlite" else request.getfixturevalue("postgres_url")
    chance = random.Random(5)
    n_sent = dict.fromkeys(KEYS, 0)
    run_id = ""
    for _ in range(N_KILLS):
        with (
            running_server(tmp_path, backend_store_uri=uri, compaction_idle_s=0) as server,
            ThreadPoolExecutor(1) as threads,
        ):
            if not run_id:
                created = server.post("/api/2.0/mlflow/runs/create", experiment_id="0")
                run_id = created.json["run"]["info"]["run_id"]
            is_over = threading.Event()
            reading = threads.submit(look_on, server, run_id, n_sent, is_over)
            for _ in range(chance.randrange(8, 25)):
                for key in KEYS:
                    steps = np.arange(n_sent[key], n_sent[key] + N_POINTS)
                    body = slice_of(run_id, key, steps, steps.astype(float))
                    answer = server.request("POST", "/api/1.0/fluvial/ingest", body=body)
                    assert answer.status == 200, answer
                    n_sent[key] += N_POINTS
            server.process.kill()
            server.process.wait()
            is_over.set()
            reading.result()

    with running_server(tmp_path, backend_store_uri=uri, compaction_idle_s=0) as server:
        for key in KEYS:
            assert steps_of(server, run_id, key) == list(range(n_sent[key]))
