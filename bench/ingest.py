"""Points taken in by one server for a minute, while it compacts: slices of journals of many runs.

python -m bench.ingest --seconds 10
"""

from __future__ import annotations

import argparse
import http.client
import json
import threading
import time
import uuid
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from bench.databases import Stored, on_postgresql, on_sqlite
from bench.peer import Server
from bench.report import Measure, measured, report
from fluvial.wire.journal import (
    INGEST_PATH,
    KIND_POINT,
    RunDefinition,
    SeriesDefinition,
    SliceHeader,
    pack_slice,
)
from tests.services.slices import FRAME

SECONDS = 60
N_CLIENTS = 6
N_RUNS = 4  # of each client
N_KEYS = 10
# Of a slice: about the 4 MiB that a client with a backlog sends at a time.
N_POINTS = 80_000
# Slices until the noise repeats: more than a chunk holds, so that it compresses as if it never did.
N_DIFFERENT = 12
START_MS = 1_800_000_000_000
TARGETS = {"SQLite": 1_000_000, "PostgreSQL": 400_000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    seconds = parser.parse_known_args()[0].seconds
    measures = []
    for name, database in (("SQLite", on_sqlite), ("PostgreSQL", on_postgresql)):
        measures += _measure(name, database(), seconds)
    report("ingest", measures)


def _measure(
    name: str, database: AbstractContextManager[tuple[Server, Stored]], seconds: float
) -> list[Measure]:
    with database as (server, stored):
        clients = [_Client(server) for _ in range(N_CLIENTS)]
        until = time.perf_counter() + seconds
        threads = [threading.Thread(target=client.send_until, args=(until,)) for client in clients]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took_s = time.perf_counter() - begun
        n_points = sum(client.n_points for client in clients)
        n_folded = stored.n_points("chunk")
        stored.await_compaction()
        if stored.n_points("chunk") + stored.n_points("segment") != n_points:
            raise RuntimeError(f"{n_points} points were acknowledged; the database holds others.")
        size_bytes = stored.size_bytes()
    slowest = max(client.slowest_s for client in clients)
    print(
        f"{name}: {n_points:,} points, {n_folded / n_points:.0%} of them compacted by the end, "
        f"slowest request {slowest:.2f} s"
    )
    return [
        measured(f"ingest, {name}, compaction running", "points/s", [n_points / took_s], above=TARGETS[name]),
        measured(f"after compaction, {name}", "bytes/point", [size_bytes / n_points], below=8),
    ]


class _Client:
    """Sends slices of one journal, one after the other, each when the one before was acknowledged."""

    def __init__(self, server: Server) -> None:
        parts = urlsplit(server.url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._journal_id = uuid.uuid4().hex
        self._runs = tuple(RunDefinition(number, self._new_run()) for number in range(N_RUNS))
        self._series = tuple(SeriesDefinition(number, f"metric-{number}") for number in range(N_KEYS))
        self._frames = _frames()
        self._values = [_values(self._frames) for _ in range(N_DIFFERENT)]
        self._n_slices = 0
        self.n_points = 0
        self.slowest_s = 0.0

    def send_until(self, until: float) -> None:
        """Send slices until some time."""
        while time.perf_counter() < until:
            self._frames["value"] = self._values[self._n_slices % N_DIFFERENT]
            self._n_slices += 1
            header = SliceHeader(
                journal_id=self._journal_id,
                first_sequence=self.n_points,
                n_records=N_POINTS,
                runs=self._runs,
                series=self._series,
            )
            begun = time.perf_counter()
            answer = self._post(INGEST_PATH, pack_slice(header, self._frames.tobytes()))
            self.slowest_s = max(self.slowest_s, time.perf_counter() - begun)
            if answer["n_points"] != N_POINTS:
                raise RuntimeError(f"The server refused points: {answer}")
            self.n_points += N_POINTS
            self._frames["step"] += N_POINTS // (N_RUNS * N_KEYS)
            self._frames["timestamp"] += 50 * N_POINTS // (N_RUNS * N_KEYS)

    def _new_run(self) -> str:
        made = self._post("/api/2.0/mlflow/runs/create", b'{"experiment_id": "0"}')
        return str(made["run"]["info"]["run_id"])

    def _post(self, path: str, body: bytes) -> Any:
        self._connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}: {content[:500]!r}")
        return json.loads(content)


def _frames() -> np.ndarray[Any, Any]:
    """Steps of some runs, one after the other, all metrics at each; half of the metrics as from a GPU."""
    chance = np.random.default_rng()
    number = np.arange(N_POINTS)
    steps = number // (N_RUNS * N_KEYS)
    frames = np.zeros(N_POINTS, FRAME)
    frames["length"] = FRAME.itemsize - 8
    frames["kind"] = KIND_POINT
    frames["run"] = number // N_KEYS % N_RUNS
    frames["series"] = number % N_KEYS
    frames["step"] = steps
    frames["timestamp"] = START_MS + 50 * steps + chance.integers(0, 8, N_POINTS)
    return frames


def _values(frames: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A noisy loss for each metric, in half of them of single precision, as from a GPU."""
    noise = np.random.default_rng().normal(size=len(frames))
    values = np.exp(-frames["step"] / 1000) + 0.05 * noise
    return np.where(frames["series"] % 2, values, values.astype(np.float32))


if __name__ == "__main__":
    main()
