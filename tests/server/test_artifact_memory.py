from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from tests.s3 import make_bucket
from tests.server_process import ServerProcess, running_server

MIB = 1 << 20
FILE = "/api/2.0/mlflow-artifacts/artifacts/0/run/artifacts/large.bin"


def peak_memory_bytes(server: ServerProcess) -> int:
    """The most memory that the server ever had in use at once."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert match is not None
    return int(match[1]) * 1024


def zeros(size_bytes: int) -> Iterator[bytes]:
    for _ in range(size_bytes // MIB):
        yield bytes(MIB)


def move_through(server: ServerProcess, size_bytes: int) -> int:
    """Upload and download a file; returns by how much the server's peak memory grew."""
    server.request("PUT", FILE, body=b"x")
    server.get(FILE)
    before = peak_memory_bytes(server)
    headers = {"Content-Length": str(size_bytes)}

    sent = urllib3.request(
        "PUT", f"{server.url}{FILE}", body=zeros(size_bytes), headers=headers, timeout=120, retries=False
    )
    got = urllib3.request("GET", f"{server.url}{FILE}", preload_content=False, timeout=120, retries=False)

    assert sent.status == 200
    assert sum(len(chunk) for chunk in got.stream(MIB)) == size_bytes
    return peak_memory_bytes(server) - before


def test_half_a_gigabyte_passes_through_to_a_folder_in_little_memory(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        grown = move_through(server, 512 * MIB)

    assert grown < 24 * MIB


@pytest.mark.usefixtures("s3_credentials")
def test_a_large_file_passes_through_to_a_bucket_in_little_memory(tmp_path: Path, s3_url: str) -> None:
    destination = f"s3://{make_bucket(s3_url)}/prefix"
    with running_server(tmp_path, artifacts_destination=destination, s3_endpoint_url=s3_url) as server:
        grown = move_through(server, 128 * MIB)

    assert grown < 64 * MIB
