"""Large files to a server over a network that breaks, from clients and to servers that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import boto3
import pytest

from fluvial.client.http import HttpTransport
from fluvial.errors import Unreachable
from fluvial.settings import ClientSettings
from tests.cli.conftest import MAIN
from tests.cutting_proxy import cutting_proxy
from tests.s3 import make_bucket
from tests.server_process import ServerProcess, free_port, running_server

MIB = 1 << 20
CONTENT = os.urandom(MIB) * 40 + b"an odd rest"
CUT_AFTER = 21 * MIB  # in the third part

LOG = """
import sys
import fluvial
fluvial.set_tracking_uri(sys.argv[1])
with fluvial.start_run() as run:
    fluvial.log_artifact(sys.argv[2], "model")
print(run.info.run_id)
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "weights.bin"
    path.write_bytes(CONTENT)
    return path


def new_run(server: ServerProcess) -> str:
    made = server.post("/api/2.0/mlflow/runs/create", experiment_id="0")
    run_id: str = made.json["run"]["info"]["run_id"]
    return run_id


def content_of(server: ServerProcess, run_id: str, path: str) -> bytes:
    return server.get("/get-artifact", run_id=run_id, path=path).body


def environment(home: Path, **variables: str) -> dict[str, str]:
    return {**os.environ, "FLUVIAL_HOME": str(home), "FLUVIAL_CAPTURE": "false", **variables}


def log_offline(home: Path, url: str, source: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", LOG, url, str(source)],
        capture_output=True,
        text=True,
        check=True,
        env=environment(home, FLUVIAL_OFFLINE="1"),
    )
    return done.stdout.strip()


def sync(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", MAIN, "sync"], env=environment(home))


def test_an_upload_goes_on_where_the_connection_broke(server: ServerProcess, source: Path) -> None:
    run_id = new_run(server)
    told: list[int] = []
    with cutting_proxy(server.port) as network:
        network.limits.extend([CUT_AFTER, 11 * MIB])

        HttpTransport(network.url, ClientSettings()).upload(run_id, "weights.bin", source, told.append)

        assert network.n_cut == 2
        assert network.n_bytes < len(CONTENT) + 3 * 8 * MIB
    assert content_of(server, run_id, "weights.bin") == CONTENT
    assert sum(told) == len(CONTENT)


def test_the_same_upload_again_sends_nothing(server: ServerProcess, source: Path) -> None:
    run_id = new_run(server)
    HttpTransport(server.url, ClientSettings()).upload(run_id, "weights.bin", source)
    with cutting_proxy(server.port) as network:
        digest = HttpTransport(network.url, ClientSettings()).upload(run_id, "weights.bin", source)

        assert network.n_bytes < MIB
    assert digest.size_bytes == len(CONTENT)


def test_a_file_that_was_replaced_is_uploaded_again(server: ServerProcess, source: Path) -> None:
    run_id = new_run(server)
    transport = HttpTransport(server.url, ClientSettings())
    transport.upload(run_id, "weights.bin", source)
    other = source.with_name("small")
    other.write_bytes(b"small")
    transport.upload(run_id, "weights.bin", other)

    transport.upload(run_id, "weights.bin", source)

    assert content_of(server, run_id, "weights.bin") == CONTENT


def test_an_upload_goes_on_after_its_client_was_killed(
    server: ServerProcess, source: Path, tmp_path: Path
) -> None:
    with cutting_proxy(server.port) as network:
        run_id = log_offline(tmp_path / "home", network.url, source)
        source.unlink()
        network.limits.extend([CUT_AFTER])
        killed = sync(tmp_path / "home")
        network.on_cut = killed.kill
        assert killed.wait() == -signal.SIGKILL
        network.n_bytes = 0

        assert sync(tmp_path / "home").wait() == 0

        assert network.n_bytes < len(CONTENT) - 15 * MIB
    assert content_of(server, run_id, "model/weights.bin") == CONTENT


def test_an_upload_goes_on_after_the_server_was_killed(source: Path, tmp_path: Path) -> None:
    port = free_port()
    with running_server(tmp_path, port=port) as server, cutting_proxy(port) as network:
        run_id = new_run(server)
        network.on_cut = server.process.kill
        network.limits.append(CUT_AFTER)
        transport = HttpTransport(network.url, ClientSettings())
        sending = _Sending(transport, run_id, source)
        server.process.wait()
        network.n_bytes = 0
        with running_server(tmp_path, port=port) as restarted:
            sending.finish()

            assert network.n_bytes < len(CONTENT) - 15 * MIB
            assert content_of(restarted, run_id, "weights.bin") == CONTENT


class _Sending:
    """An upload in a thread of its own, tried again until it is done."""

    def __init__(self, transport: HttpTransport, run_id: str, source: Path) -> None:
        self._arguments = (run_id, "weights.bin", source)
        self._transport = transport
        self._failures: list[Exception] = []
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def _send(self) -> None:
        while True:
            try:
                self._transport.upload(*self._arguments)
            except Unreachable as error:
                self._failures.append(error)
            else:
                return

    def finish(self) -> None:
        self._thread.join()


def test_an_upload_to_a_bucket_goes_on_and_leaves_no_parts(
    s3_url: str, s3_credentials: None, source: Path, tmp_path: Path
) -> None:
    bucket = make_bucket(s3_url)
    with running_server(
        tmp_path, artifacts_destination=f"s3://{bucket}/prefix", s3_endpoint_url=s3_url
    ) as server:
        run_id = new_run(server)
        with cutting_proxy(server.port) as network:
            network.limits.append(CUT_AFTER)

            HttpTransport(network.url, ClientSettings()).upload(run_id, "weights.bin", source)

            assert network.n_bytes < len(CONTENT) + 2 * 8 * MIB
        assert content_of(server, run_id, "weights.bin") == CONTENT
    assert "Uploads" not in boto3.client("s3", endpoint_url=s3_url).list_multipart_uploads(Bucket=bucket)


def test_what_was_uploaded_in_parts_is_proven(server: ServerProcess, source: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    run_id = log_offline(home, server.url, source)
    assert sync(home).wait() == 0

    done = subprocess.run(
        [sys.executable, "-c", MAIN, "verify", run_id],
        capture_output=True,
        text=True,
        check=False,
        env=environment(home),
    )

    assert "1 artifact (41.9 MB): all as logged" in done.stdout, done.stdout
