"""A real fluvial server in a process of its own, for tests that speak HTTP to it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
import pytest
import urllib3

from fluvial.server.config import ServerSettings
from fluvial.server.run import serve

REPOSITORY = Path(__file__).parents[1]
N_ATTEMPTS = 3000
ATTEMPT_S = 0.02
STOP_S = 30

on_both_databases = pytest.mark.parametrize("backend", ["sqlite", "postgres"])

Query = Mapping[str, object] | Sequence[tuple[str, object]]


class Answer:
    """What the server answered."""

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.body = answer.data

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body, parse_constant=_refuse_constant)

    def __repr__(self) -> str:
        return f"<{self.status} {self.body[:500]!r}>"


class ServerProcess:
    """A running server.

    Attributes:
        url: Where it is, without a slash at the end, without the static prefix.
        folder: Holds its database, unless that is elsewhere, and its artifacts.
        log: The file that its standard error goes to.
    """

    def __init__(self, url: str, folder: Path, log: Path, process: subprocess.Popen[bytes]) -> None:
        self.url = url
        self.folder = folder
        self.log = log
        self.process = process
        self._pool = urllib3.PoolManager(retries=False, timeout=60)

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    def faults(self) -> int:
        """How many faults of its own it has reported so far."""
        return self.log.read_text().count("Fault ")

    def request(
        self,
        method: str,
        path: str,
        *,
        message: object = None,
        body: bytes | None = None,
        query: Query = (),
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request: a JSON message, or a body of bytes, or nothing."""
        sent = dict(headers or {})
        if message is not None:
            body = json.dumps(message).encode()
            sent.setdefault("Content-Type", "application/json")
        target = f"{self.url}{path}"
        if query:
            target += f"?{urlencode(query, doseq=True)}"
        answer = self._pool.request(method, target, body=body, headers=sent, redirect=False)
        return Answer(answer)

    def get(self, path: str, /, **query: object) -> Answer:
        """Read; lists become repeated names."""
        return self.request("GET", path, query=query)

    def post(self, path: str, /, **message: object) -> Answer:
        """Send a JSON message."""
        return self.request("POST", path, message=message)


@contextmanager
def running_server(
    folder: Path, *, backend_store_uri: str | None = None, **settings: Any
) -> Iterator[ServerProcess]:
    """Start a server on a free port, and stop it as Ctrl-C does.

    A server that reported a fault of its own fails whoever used it.

    Args:
        folder: For the database, the artifacts and the log.
        backend_store_uri: A database elsewhere.
        settings: More fields of `ServerSettings`.
    """
    chosen = ServerSettings(
        port=settings.pop("port", None) or free_port(),
        backend_store_uri=backend_store_uri or f"sqlite:///{folder}/fluvial.db",
        artifacts_destination=settings.pop("artifacts_destination", str(folder / "artifacts")),
        **settings,
    )
    log = folder / "server.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.server_process", msgspec.json.encode(chosen).decode()],
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
        )
    server = ServerProcess(f"http://127.0.0.1:{chosen.port}", folder, log, process)
    try:
        await_health(server)
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"The server did not stop.\n{log.read_text()}") from None
    assert not server.faults(), log.read_text()


def await_health(server: ServerProcess) -> None:
    """Wait until the server answers; fails with what it printed if it ends instead."""
    for _ in range(N_ATTEMPTS):
        try:
            server.process.wait(ATTEMPT_S)
        except subprocess.TimeoutExpired:
            if _answers(server):
                return
        else:
            break
    raise AssertionError(f"The server did not start.\n{server.log.read_text()}")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(server: ServerProcess) -> bool:
    try:
        return server.get("/health").status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        serve(msgspec.json.decode(sys.argv[1], type=ServerSettings))
