"""Several servers on one PostgreSQL and one object store, clients that load them, and what they find after.

The clients note what was acknowledged. Afterwards all of it has to be there, once.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import urllib3
from msgspec import Struct

from bench.peer import FLUVIAL

BATCH = 50
PAUSE_S = 0.02
ARTIFACT_BYTES = 300_000
READY_LIMIT_S = 120.0
# A client that is never answered says so instead of going on for ever.
GIVES_UP_S = 60.0

# Logs until its standard input ends, then says how many points that were.
JOURNAL_CLIENT = """
import sys, threading, time
import fluvial
fluvial.set_tracking_uri(sys.argv[1])
fluvial.set_experiment("journal clients")
stopped = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stopped.set()), daemon=True).start()
n = 0
with fluvial.start_run() as run:
    print(run.info.run_id, flush=True)
    while not stopped.is_set():
        for n in range(n + 1, n + 201):
            fluvial.log_metric("m", float(n), step=n)
        time.sleep(0.02)
print(n, flush=True)
"""


class Outcome(Struct, kw_only=True):
    """What the clients found.

    Attributes:
        n_points: Points that were acknowledged.
        n_files: Files that were.
        n_lost: Of both, how many are not there, or not as they were sent.
        n_doubled: Points that are there more than once.
        n_stale: Reads, through any server, that lacked what had been acknowledged before.
        n_resent: Requests that had to be sent again.
        slowest_s: The longest from the first try of a request to its answer.
        slow: The longest of each kind of request.
    """

    n_points: int = 0
    n_files: int = 0
    n_lost: int = 0
    n_doubled: int = 0
    n_stale: int = 0
    n_resent: int = 0
    slowest_s: float = 0.0
    slow: dict[str, float] = {}


class Servers:
    """Servers that can be killed and started again.

    Args:
        ports: Where they listen.
        database: The PostgreSQL that they share.
        bucket: The object store that they share.
        folder: For their logs.
        environment: More variables for them.
    """

    def __init__(
        self, ports: Sequence[int], database: str, bucket: str, folder: Path, environment: dict[str, str]
    ) -> None:
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        self._ports = ports
        self._options = ["--backend-store-uri", database, "--artifacts-destination", bucket]
        self._folder = folder
        self._environment = {**os.environ, **environment}
        self._processes: list[subprocess.Popen[bytes] | None] = [None] * len(ports)

    def start(self, number: int) -> None:
        """Start one."""
        with (self._folder / f"server-{number}.log").open("ab") as log:
            self._processes[number] = subprocess.Popen(
                [*FLUVIAL, "server", "--port", str(self._ports[number]), *self._options],
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def await_ready(self, number: int) -> None:
        """Wait until one answers."""
        process = self._processes[number]
        deadline = time.monotonic() + READY_LIMIT_S
        while time.monotonic() < deadline and process is not None and process.poll() is None:
            try:
                if urllib3.request("GET", f"{self.urls[number]}/health", retries=False).status == 200:
                    return
            except urllib3.exceptions.HTTPError:
                time.sleep(0.02)
        raise RuntimeError(f"The server {number} does not answer:\n{self.log(number)[-2000:]}")

    def kill(self, number: int) -> None:
        """Kill -9."""
        process = self._processes[number]
        if process is not None:
            process.kill()
            process.wait()

    def log(self, number: int) -> str:
        """What one has printed."""
        return (self._folder / f"server-{number}.log").read_text()


class RoundRobin:
    """Asks one server after the other, and the next where one does not answer.

    Args:
        urls: The servers.
        outcome: Where the slowest is noted.
    """

    def __init__(self, urls: Sequence[str], outcome: Outcome) -> None:
        self._urls = itertools.cycle(random.sample(urls, len(urls)))
        self._outcome = outcome
        self._pool = urllib3.PoolManager(retries=False, timeout=30)

    def send(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/json"
    ) -> bytes:
        """Send a request until it is answered."""
        begun = time.monotonic()
        while time.monotonic() - begun < GIVES_UP_S:
            try:
                answer = self._pool.request(
                    method, next(self._urls) + path, body=body, headers={"Content-Type": kind}
                )
            except urllib3.exceptions.HTTPError:
                self._outcome.n_resent += 1
                time.sleep(0.01)
                continue
            if answer.status == 200:
                self._note(path, time.monotonic() - begun)
                return bytes(answer.data)
            if answer.status not in (429, 500, 502, 503):
                raise RuntimeError(f"{path} was answered {answer.status}: {answer.data[:300]!r}")
            self._outcome.n_resent += 1
            time.sleep(float(answer.headers.get("Retry-After", 0.1)))
        raise RuntimeError(f"{path} was not answered for {GIVES_UP_S} s.")

    def _note(self, path: str, took_s: float) -> None:
        kind = path.split("?", maxsplit=1)[0].split("/artifacts/", maxsplit=1)[0]
        self._outcome.slow[kind] = max(self._outcome.slow.get(kind, 0.0), took_s)
        self._outcome.slowest_s = max(self._outcome.slowest_s, took_s)

    def post(self, operation: str, message: dict[str, Any]) -> Any:
        """Call an operation of the tracking API."""
        return json.loads(self.send("POST", f"/api/2.0/mlflow/{operation}", json.dumps(message).encode()))

    def new_run(self) -> tuple[str, str]:
        """The id and the artifact folder of a new run."""
        info = self.post("runs/create", {"experiment_id": "0"})["run"]["info"]
        return info["run_id"], info["artifact_uri"].partition(":")[2].strip("/")


class Load:
    """Clients of three kinds, until they are stopped.

    Args:
        servers: What they load.
        folder: For the journals.
        n_journals: How many processes log through a journal.
        n_plain: How many threads send batches, again until they are acknowledged.
        n_uploaders: How many threads send files.
    """

    def __init__(
        self, servers: Servers, folder: Path, *, n_journals: int, n_plain: int, n_uploaders: int
    ) -> None:
        self.outcome = Outcome()
        self._servers = servers
        self._stopping = threading.Event()
        self._errors: list[BaseException] = []
        self._steps: dict[str, int] = {}
        self._files: dict[str, str] = {}
        self._journals = [self._journal_client(folder / f"home-{i}") for i in range(n_journals)]
        self._journal_runs = [_line(client) for client in self._journals]
        work = [self._log_batches] * n_plain + [self._upload] * n_uploaders
        self._threads = [threading.Thread(target=self._guarded, args=(each,)) for each in work]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the clients, each after what it is about."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        if self._errors:
            raise self._errors[0]
        for client, run_id in zip(self._journals, self._journal_runs, strict=True):
            said, _ = client.communicate()
            self._steps[run_id] = int(said)
            if client.returncode != 0:
                raise RuntimeError("A client that logs through a journal failed.")

    def check(self, database: str) -> Outcome:
        """Compare what is there with what was acknowledged. All servers are up."""
        outcome = self.outcome
        client = RoundRobin(self._servers.urls, Outcome())
        for run_id, n_steps in self._steps.items():
            query = f"?run_id={run_id}&metric_key=m"
            found = json.loads(client.send("GET", f"/api/2.0/mlflow/metrics/get-history{query}"))
            steps = [int(point.get("step", 0)) for point in found.get("metrics", [])]
            outcome.n_points += n_steps
            outcome.n_lost += len(set(range(1, n_steps + 1)) - set(steps))
            outcome.n_doubled += len(steps) - len(set(steps))
        for path, digest in self._files.items():
            body = client.send("GET", f"/api/2.0/mlflow-artifacts/artifacts/{path}")
            outcome.n_files += 1
            outcome.n_lost += hashlib.sha256(body).hexdigest() != digest
        # Reading shows exact repetitions once: whether the journals were applied once, only the rows say.
        for run_id in self._journal_runs:
            outcome.n_doubled += max(_rows_of(database, run_id) - self._steps[run_id], 0)
        return outcome

    def _journal_client(self, home: Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", JOURNAL_CLIENT, ",".join(self._servers.urls)],
            env={**os.environ, "FLUVIAL_HOME": str(home), "FLUVIAL_CAPTURE": "false"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _guarded(self, work: Any) -> None:
        try:
            work(RoundRobin(self._servers.urls, self.outcome))
        except BaseException as error:
            self._errors.append(error)
            raise

    def _log_batches(self, client: RoundRobin) -> None:
        run_id, _ = client.new_run()
        n_sent = 0
        while not self._stopping.wait(PAUSE_S):
            steps = range(n_sent + 1, n_sent + BATCH + 1)
            metrics = [{"key": "m", "value": step, "timestamp": 1000 + step, "step": step} for step in steps]
            client.post("runs/log-batch", {"run_id": run_id, "metrics": metrics})
            n_sent = self._steps[run_id] = steps[-1]
            run = json.loads(client.send("GET", f"/api/2.0/mlflow/runs/get?run_id={run_id}"))["run"]
            self.outcome.n_stale += int(run["data"]["metrics"][0]["step"]) < n_sent

    def _upload(self, client: RoundRobin) -> None:
        _, folder = client.new_run()
        for number in itertools.count():
            if self._stopping.wait(10 * PAUSE_S):
                return
            content = random.randbytes(ARTIFACT_BYTES)
            path = f"{folder}/{number}.bin"
            address = f"/api/2.0/mlflow-artifacts/artifacts/{path}"
            client.send("PUT", address, content, "application/octet-stream")
            self._files[path] = hashlib.sha256(content).hexdigest()
            self.outcome.n_stale += client.send("GET", address) != content


@contextmanager
def running(servers: Servers) -> Iterator[Servers]:
    """Start all servers, and kill what is left of them at the end."""
    with ExitStack() as stack:
        for number in range(len(servers.urls)):
            stack.callback(servers.kill, number)
            servers.start(number)
        for number in range(len(servers.urls)):
            servers.await_ready(number)
        yield servers


def _line(client: subprocess.Popen[str]) -> str:
    line = client.stdout.readline().strip() if client.stdout else ""
    if not line:
        raise RuntimeError("A client that logs through a journal ended.")
    return line


def _rows_of(database: str, run_id: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "SELECT sum(n_points) FROM metric JOIN run_place USING (experiment_id, run_key) "
            "WHERE run_id = %s",
            (run_id,),
        ).fetchone()
    return int(row[0] or 0) if row else 0
