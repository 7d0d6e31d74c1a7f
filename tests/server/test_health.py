from __future__ import annotations

from pathlib import Path

import pytest

from fluvial.errors import InvalidSetting
from fluvial.server.run import listen
from tests.server_process import ServerProcess, running_server

pytestmark = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


def test_health_is_a_plain_ok(server: ServerProcess) -> None:
    answer = server.get("/health")

    assert (answer.status, answer.text) == (200, "OK")
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_version_is_that_of_the_mlflow_protocol_that_is_spoken(server: ServerProcess) -> None:
    answer = server.get("/version")

    assert (answer.status, answer.text) == (200, "3.17.2")


def test_the_default_experiment_is_there_at_the_first_start(server: ServerProcess) -> None:
    answer = server.get("/api/2.0/mlflow/experiments/get", experiment_id="0")

    assert answer.json["experiment"]["name"] == "Default"


def test_a_port_that_is_taken_is_refused_by_name(server: ServerProcess) -> None:
    with pytest.raises(InvalidSetting, match=f"127.0.0.1:{server.port} cannot be listened on"):
        listen("127.0.0.1", server.port)


def test_ctrl_c_ends_a_server_without_a_complaint(backend: str, tmp_path: Path) -> None:
    with running_server(tmp_path, backend_store_uri=backend) as running:
        pass

    assert (running.process.returncode, running.log.read_text()) == (0, "")


def test_what_was_kept_is_there_after_a_restart(backend: str, tmp_path: Path) -> None:
    with running_server(tmp_path, backend_store_uri=backend) as before:
        created = before.post("/api/2.0/mlflow/experiments/create", name="kept").json

    with running_server(tmp_path, backend_store_uri=backend) as after:
        found = after.get("/api/2.0/mlflow/experiments/get-by-name", experiment_name="kept").json
    assert found["experiment"]["experiment_id"] == created["experiment_id"]
