"""Files from a server over a network that breaks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import fluvial
from fluvial.errors import Unreachable
from tests.cutting_proxy import CuttingProxy, cutting_proxy
from tests.server_process import ServerProcess

MIB = 1 << 20
LARGE = os.urandom(MIB) * 24


@pytest.fixture
def network(server: ServerProcess) -> Iterator[CuttingProxy]:
    with cutting_proxy(server.port) as proxy:
        yield proxy


@pytest.fixture
def run_id(fresh: None, server: ServerProcess, network: CuttingProxy, tmp_path: Path) -> str:
    """A run with a large file; the client reads through the network that breaks."""
    source = tmp_path / "large.bin"
    source.write_bytes(LARGE)
    fluvial.set_tracking_uri(server.url)
    with fluvial.start_run() as run:
        fluvial.log_artifact(source)
    fluvial.flush()
    fluvial.set_tracking_uri(network.url)
    return run.info.run_id


def download(run_id: str, folder: Path) -> bytes:
    return Path(fluvial.FluvialClient().download_artifacts(run_id, "large.bin", str(folder))).read_bytes()


def test_a_download_goes_on_where_the_connection_broke(
    run_id: str, network: CuttingProxy, tmp_path: Path
) -> None:
    network.limits.extend([9 * MIB, 9 * MIB, 3 * MIB])

    content = download(run_id, tmp_path / "down")

    assert content == LARGE
    assert network.n_cut == 3
    assert network.n_bytes < 1.3 * len(LARGE)


def test_a_download_of_a_file_that_is_replaced_meanwhile_is_the_new_one(
    run_id: str, network: CuttingProxy, server: ServerProcess, tmp_path: Path
) -> None:
    newer = os.urandom(MIB) * 20
    uri = server.get("/api/2.0/mlflow/runs/get", run_id=run_id).json["run"]["info"]["artifact_uri"]
    path = f"/api/2.0/mlflow-artifacts/artifacts/{uri.partition(':/')[2]}/large.bin"
    network.on_cut = lambda: server.request("PUT", path, body=newer)
    network.limits.append(9 * MIB)

    content = download(run_id, tmp_path / "down")

    assert network.n_cut == 1
    assert content == newer


def test_a_download_that_cannot_go_on_fails_and_leaves_nothing(
    run_id: str, network: CuttingProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluvial.client.downloads.PAUSES_S", (0.0, 0.0))
    network.on_cut = network.close
    network.limits.append(9 * MIB)

    with pytest.raises(Unreachable, match=r"large\.bin broke off at byte"):
        download(run_id, tmp_path / "down")

    assert [path for path in (tmp_path / "down").rglob("*") if path.is_file()] == []
