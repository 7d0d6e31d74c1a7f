"""More than the server can take: it says so in time, and nobody loses anything."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import pytest
import urllib3

from tests.client.conftest import Script, home, run_script
from tests.server.test_probes import BLOCK, await_text
from tests.server.tracking import Tracking
from tests.server_process import ServerProcess, running_server

__all__ = ["home", "run_script"]

MAX_BYTES = 1_500_000
N_CLIENTS = 48
N_METRICS = 1000
# What the decoded messages of MAX_BYTES may take beside what the server has at its start.
MAX_GROWTH_BYTES = 120_000_000


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServerProcess]:
    uri = f"sqlite:///{tmp_path}/fluvial.db"
    if request.param == "postgresql":
        uri = request.getfixturevalue("postgres_url")
    with running_server(
        tmp_path, backend_store_uri=uri, max_queued_bytes=MAX_BYTES, max_queued_requests=200
    ) as running:
        running.uri = uri  # type: ignore[attr-defined]
        yield running


@contextmanager
def blocked(uri: str) -> Iterator[None]:
    """The database takes no writes meanwhile."""
    if uri.startswith("sqlite"):
        connection = sqlite3.connect(uri.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
        connection.close()
    else:
        with psycopg.connect(uri) as other:
            other.execute(BLOCK)
            yield
            other.rollback()


class Flood:
    """Clients that send batches as fast as they can, each again until it is acknowledged."""

    def __init__(self, server: ServerProcess, run_id: str) -> None:
        self.acknowledged: set[int] = set()
        self.n_refused = 0
        self._server = server
        self._run_id = run_id
        self._pool = urllib3.PoolManager(retries=False, timeout=60, maxsize=N_CLIENTS, block=False)
        self._enough = threading.Event()
        self.many_refused = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(n,)) for n in range(N_CLIENTS)]
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """End after the batches at hand."""
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _send(self, first: int) -> None:
        number = first
        while not self._enough.is_set() or number not in self.acknowledged:
            if number in self.acknowledged:
                number += N_CLIENTS
            metrics = [
                {"key": f"m{i}", "value": 0.5, "timestamp": 1000, "step": number} for i in range(N_METRICS)
            ]
            answer = self._pool.request(
                "POST",
                f"{self._server.url}/api/2.0/mlflow/runs/log-batch",
                body=json.dumps({"run_id": self._run_id, "metrics": metrics}).encode(),
                headers={"Content-Type": "application/json"},
            )
            if answer.status == 200:
                self.acknowledged.add(number)
                continue
            assert answer.status in (429, 503), answer.data
            assert int(answer.headers["Retry-After"]) >= 1
            self.n_refused += answer.status == 429
            if self.n_refused > 5 * N_CLIENTS:
                self.many_refused.set()


def test_with_a_database_that_hangs_memory_stays_bounded_and_nothing_is_lost(
    server: ServerProcess, run_script: Script
) -> None:
    tracking = Tracking(server)
    await_text(server, "fluvial_requests_in_progress 0.0")
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    programs = ThreadPoolExecutor(1)
    with blocked(server.uri):  # type: ignore[attr-defined]
        flood = Flood(server, tracking.run_id)
        assert flood.many_refused.wait(60)
        growth = process.memory_info().rss - before
        assert server.get("/livez").status == 200
        program = programs.submit(run_script, LOGGING, server.url, tracking.run_id)
    flood.finish()
    program.result()

    assert growth < MAX_GROWTH_BYTES, f"{growth:,} bytes"
    kept = {int(point.get("step", 0)) for point in tracking.history("m0")}
    assert kept == flood.acknowledged
    assert len(tracking.history("logged")) == 5000
    assert "fluvial_request_bytes_held 0.0" in await_text(server, "fluvial_requests_in_progress 0.0")


LOGGING = """
import sys, fluvial
fluvial.set_tracking_uri(sys.argv[1])
with fluvial.start_run(run_id=sys.argv[2]):
    for step in range(5000):
        fluvial.log_metric("logged", step, step=step)
"""


def test_who_waits_too_long_for_a_connection_to_the_database_is_told_to_come_again(
    postgres_url: str, tmp_path: Path
) -> None:
    with running_server(
        tmp_path, backend_store_uri=postgres_url, database_connections=1, database_wait_s=0.2
    ) as server:
        tracking = Tracking(server)
        with blocked(postgres_url):
            writing = threading.Thread(
                target=tracking.log, args=("log-metric",), kwargs={"key": "m", "value": 1, "timestamp": 1}
            )
            writing.start()
            await_text(server, "fluvial_database_connections_idle 0.0")

            answer = tracking.get("experiments/get", experiment_id="0")

        writing.join()
        assert (answer.status, answer.json["error_code"]) == (503, "TEMPORARILY_UNAVAILABLE")
        assert int(answer.headers["Retry-After"]) >= 1
        assert tracking.get("experiments/get", experiment_id="0").status == 200


class Slow:
    """A connection of a client that takes its time."""

    def __init__(self, server: ServerProcess) -> None:
        self._server = server
        self.connection = socket.create_connection(("127.0.0.1", server.port))
        self.connection.settimeout(60)

    def send(self, text: str) -> None:
        self.connection.sendall(text.replace("\n", "\r\n").encode())

    def n_bytes_until_cut_off(self) -> int:
        """How much the server sends before it ends the connection; fails if it waits instead."""
        n_bytes = 0
        with suppress(ConnectionResetError):
            while chunk := self.connection.recv(1 << 20):
                n_bytes += len(chunk)
        return n_bytes


def no_request(client: Slow) -> None:
    del client


def half_a_head(client: Slow) -> None:
    client.send("POST /api/2.0/mlflow/runs/create HTTP/1.1\nHost: 127.0.0.1\n")


def half_a_message(client: Slow) -> None:
    half_a_head(client)
    client.send("Content-Type: application/json\nContent-Length: 100\n\n{")


def half_an_upload(client: Slow) -> None:
    client.send("PUT /api/2.0/mlflow-artifacts/artifacts/0/slow.bin HTTP/1.1\nHost: 127.0.0.1\n")
    client.send("Content-Length: 1000000\n\nabc")


def half_a_slice(client: Slow) -> None:
    client.send("POST /api/1.0/fluvial/ingest HTTP/1.1\nHost: 127.0.0.1\n")
    client.send("Transfer-Encoding: chunked\n\n3\nabc\n")


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("impatient"), slow_client_s=0.3) as server:
        yield server


@pytest.mark.parametrize("send", [no_request, half_a_head, half_a_message, half_an_upload, half_a_slice])
def test_who_sends_too_slowly_is_cut_off(impatient: ServerProcess, send: Callable[[Slow], None]) -> None:
    client = Slow(impatient)
    send(client)

    assert client.n_bytes_until_cut_off() < 1000
    client.connection.close()


def test_uploads_that_stand_still_leave_room_for_one_that_does_not(impatient: ServerProcess) -> None:
    standing = [Slow(impatient) for _ in range(40)]
    for client in standing:
        half_an_upload(client)

    answer = impatient.request(
        "PUT", "/api/2.0/mlflow-artifacts/artifacts/0/quick.bin", body=b"x" * 3_000_000
    )

    assert answer.status == 200
    for client in standing:
        client.connection.close()


def test_who_takes_nothing_of_an_answer_is_cut_off(impatient: ServerProcess) -> None:
    path = "/api/2.0/mlflow-artifacts/artifacts/0/large.bin"
    content = b"x" * 30_000_000
    assert impatient.request("PUT", path, body=content).status == 200
    client = Slow(impatient)
    client.send(f"GET {path} HTTP/1.1\nHost: 127.0.0.1\n\n")
    server = psutil.Process(impatient.process.pid)
    port = client.connection.getsockname()[1]
    assert client.connection.recv(1) == b"H"

    while any(each.raddr and each.raddr.port == port for each in server.net_connections("tcp")):
        continue

    assert client.n_bytes_until_cut_off() < len(content)
    client.connection.close()


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    with running_server(tmp_path, max_artifact_bytes=1000) as server:
        answer = server.request("PUT", "/api/2.0/mlflow-artifacts/artifacts/0/a.bin", body=b"x" * 1001)

        assert (answer.status, answer.json["error_code"]) == (413, "REQUEST_TOO_LARGE")
