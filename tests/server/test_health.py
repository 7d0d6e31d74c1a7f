from __future__ import annotations

from pathlib import Path

import pytest

from fluvial.errors import InvalidSetting
from fluvial.server.run import listen
from tests.server_process import ServerProcess, on_both_databases, running_server


def test_health_is_a_plain_ok(server: ServerProcess) -> None:
    answer = server.get("/health")

    assert (answer.status, answer.text) == (200, "OK")
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_version_is_that_of_the_mlflow_protocol_that_is_spoken(server: ServerProcess) -> None:
    answer = server.get("/version")

    assert (answer.status, answer.text) == (200, "3.17.2")


@on_both_databases
def test_the_default_experiment_is_there_at_the_first_start(server: ServerProcess) -> None:
    answer = server.get("/api/2.0/mlflow/experiments/get", experiment_id="0")

    assert answer.json["experiment"]["name"] == "Default"


def test_a_port_that_is_taken_is_refused_by_name(server: ServerProcess) -> None:
    with pytest.raises(InvalidSetting, match=f"127.0.0.1:{server.port} cannot be listened on"):
        listen("127.0.0.1", server.port)


def test_a_server_that_ctrl_c_ends_does_so_quietly_and_has_kept_everything(tmp_path: Path) -> None:
    with running_server(tmp_path) as before:
        created = before.post("/api/2.0/mlflow/experiments/create", name="kept").json

    assert (before.process.returncode, before.log.read_text()) == (0, "")
    with running_server(tmp_path) as after:
        found = after.get("/api/2.0/mlflow/experiments/get-by-name", experiment_name="kept").json
    assert found["experiment"]["experiment_id"] == created["experiment_id"]
