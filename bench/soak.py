"""Mixed load on one server for an hour: does its memory grow?

    python -m bench.soak --minutes 10

The slope is fitted to what comes after the first third: until then caches fill and threads start. In a few
minutes they do not: only an hour says whether memory is flat.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import numpy as np

from bench.peer import Server, fluvial_server, memory_mb
from bench.report import measured, report

MINUTES = 60.0
SAMPLE_EVERY_S = 2.0
MAX_MB_PER_HOUR = 30.0
N_EXPERIMENTS = 20
API = "/api/2.0/mlflow"


def main() -> None:
    minutes = _minutes() if __name__ == "__main__" else MINUTES
    with fluvial_server() as server:
        load = Load(server)
        samples = load.run(minutes * 60)
    seconds, megabytes = np.array(samples).T
    settled = seconds >= seconds[-1] / 3
    mb_per_hour = float(np.polyfit(seconds[settled], megabytes[settled], 1)[0]) * 3600
    print(f"{minutes:g} minutes, {load.n_requests:,} requests, {load.n_failed} failed")
    print(
        f"memory: {megabytes[0]:.0f} MB at first, {megabytes[settled][0]:.0f} settled, {megabytes[-1]:.0f} MB"
    )
    report(
        "soak",
        [
            measured(
                f"memory growth under mixed load ({minutes:g} min)",
                "MB/h",
                [mb_per_hour],
                below=MAX_MB_PER_HOUR,
            ),
            measured("memory at its end", "MB", [float(megabytes[-1])]),
        ],
    )


class Load:
    """Clients that log, search, read, upload, listen and go away.

    Args:
        server: What they load.

    Attributes:
        n_requests: Sent so far.
        n_failed: Of them, how many were not answered 200.
    """

    def __init__(self, server: Server) -> None:
        self.n_requests = 0
        self.n_failed = 0
        self._server = server
        self._experiments = [
            self._post("experiments/create", {"name": f"soak {i}"})["experiment_id"]
            for i in range(N_EXPERIMENTS)
        ]
        self._runs: list[tuple[str, str]] = [self._new_run() for _ in range(N_EXPERIMENTS)]
        self._stopping = threading.Event()

    def run(self, seconds: float) -> list[tuple[float, float]]:
        """Load it for some time; returns its memory: (seconds since the start, MB)."""
        work: list[Callable[[int], None]] = [self._log, self._log, self._search, self._read, self._files]
        threads = [threading.Thread(target=self._repeat, args=(each,)) for each in [*work, self._listen]]
        for thread in threads:
            thread.start()
        begun = time.monotonic()
        samples = []
        while time.monotonic() - begun < seconds:
            samples.append((time.monotonic() - begun, memory_mb(self._server.pid)))
            time.sleep(SAMPLE_EVERY_S)
        self._stopping.set()
        for thread in threads:
            thread.join()
        return samples

    def _repeat(self, work: Callable[[int], None]) -> None:
        for number in itertools.count():
            if self._stopping.wait(0.01):
                return
            try:
                work(number)
            except OSError:
                self.n_failed += 1

    def _log(self, number: int) -> None:
        if number % 2000 == 1999:
            self._runs[random.randrange(len(self._runs))] = self._new_run()
        run_id, _ = random.choice(self._runs)
        metrics = [
            {"key": f"m{i % 20}", "value": random.random(), "timestamp": 1000 + number, "step": number + i}
            for i in range(100)
        ]
        self._post(
            "runs/log-batch",
            {
                "run_id": run_id,
                "metrics": metrics,
                "tags": [{"key": f"t{number % 30}", "value": str(number)}],
            },
        )

    def _search(self, number: int) -> None:
        filter_ = f"metrics.m1 > {random.random():.3f} and tags.t{number % 30} != 'x'"
        message = {"experiment_ids": self._experiments, "filter": filter_, "max_results": 50}
        self._post("runs/search", message)

    def _read(self, number: int) -> None:
        run_id, _ = random.choice(self._runs)
        self._get(f"{API}/runs/get?run_id={run_id}")
        self._get(f"{API}/metrics/get-history?run_id={run_id}&metric_key=m{number % 20}")

    def _files(self, number: int) -> None:
        _, folder = random.choice(self._runs)
        path = f"/api/2.0/mlflow-artifacts/artifacts/{folder}/f{number % 50}.bin"
        request = urllib.request.Request(self._server.url + path, random.randbytes(200_000), method="PUT")
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.read()
        self._get(path)
        self.n_requests += 1

    def _listen(self, number: int) -> None:
        del number
        url = f"{self._server.url}/api/1.0/fluvial/events"
        with urllib.request.urlopen(url, timeout=60) as answer:
            for _ in range(200):
                if answer.readline() and self._stopping.is_set():
                    return
        self.n_requests += 1

    def _new_run(self) -> tuple[str, str]:
        made = self._post("runs/create", {"experiment_id": random.choice(self._experiments)})["run"]["info"]
        return made["run_id"], made["artifact_uri"].partition(":")[2].strip("/")

    def _post(self, operation: str, message: dict[str, object]) -> Any:
        request = urllib.request.Request(
            f"{self._server.url}{API}/{operation}",
            json.dumps(message).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            self.n_requests += 1
            return json.load(answer)

    def _get(self, path: str) -> None:
        with urllib.request.urlopen(self._server.url + path, timeout=60) as answer:
            answer.read()
        self.n_requests += 1


def _minutes() -> float:
    parser = argparse.ArgumentParser(description="Mixed load on one server: does its memory grow?")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    return float(parser.parse_args(sys.argv[1:]).minutes)


if __name__ == "__main__":
    main()
