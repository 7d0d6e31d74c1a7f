"""Methods, paths, bodies and headers, as HTTP has them."""

from __future__ import annotations

import http.client
import json
from pathlib import Path

import pytest

from fluvial.server.request_body import MAX_JSON_BYTES
from tests.server.tracking import Tracking
from tests.server_process import ServerProcess, running_server

SEARCH = "/api/2.0/mlflow/runs/search"
ONE_EXPERIMENT = "/api/2.0/mlflow/experiments/get?experiment_id=0"


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/2.0/mlflow/runs", "/api/2.0/mlflow/runs/search/", "//health", "/health/x",
             "/api/2.0/mlflow/../mlflow/runs/search", "/%2e%2e/etc/passwd", "/assets/../../etc/passwd"],
)  # fmt: skip
def test_a_path_that_nothing_is_at_is_not_found(server: ServerProcess, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()

    assert (answer.status, body["error_code"]) == (404, "ENDPOINT_NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", SEARCH, "POST"),
        ("DELETE", SEARCH, "POST"),
        ("POST", "/api/2.0/mlflow/runs/get", "GET"),
        ("PUT", "/api/2.0/mlflow/experiments/search", "POST, GET"),
        ("POST", "/health", "GET"),
        ("PATCH", "/api/1.0/fluvial/ingest", "POST"),
        ("TRACE", SEARCH, "POST"),
    ],
)
def test_a_method_that_a_path_does_not_take_is_refused_with_those_it_takes(
    server: ServerProcess, method: str, path: str, allowed: str
) -> None:
    answer = server.request(method, path)

    assert (answer.status, answer.headers["Allow"]) == (405, allowed)
    assert answer.json["error_code"] == "BAD_REQUEST"


@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/version",
        "/",
        "/api/2.0/mlflow/experiments/get?experiment_id=0",
        "/api/3.0/mlflow/server-info",
    ],
)
def test_head_is_get_without_the_body(server: ServerProcess, path: str) -> None:
    whole, head = server.request("GET", path), server.request("HEAD", path)

    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.body))
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


def test_head_of_what_is_not_there_is_not_found(server: ServerProcess) -> None:
    answer = server.request("HEAD", "/api/2.0/mlflow/experiments/get?experiment_id=987654321")

    assert (answer.status, answer.body) == (404, b"")


def test_answers_are_json_and_say_so(tracking: Tracking) -> None:
    good = tracking.get("runs/get", run_id=tracking.run_id)
    bad = tracking.get("runs/get", run_id="0" * 32)

    assert good.headers["Content-Type"] == bad.headers["Content-Type"] == "application/json"
    assert set(bad.json) == {"error_code", "message"}


def test_an_answer_with_nothing_in_it_is_an_empty_object(tracking: Tracking) -> None:
    assert tracking.log("set-tag", key="t", value="1").body == b"{}"


def test_what_is_not_set_is_left_out_and_what_is_set_to_nothing_is_there(tracking: Tracking) -> None:
    tracking.log("log-parameter", key="empty", value="")
    tracking.log("log-metric", key="zero", value=0, timestamp=0)

    run = tracking.run()
    assert "end_time" not in run["info"]
    assert run["data"]["params"] == [{"key": "empty", "value": ""}]
    assert run["data"]["metrics"] == [{"key": "zero", "value": 0.0, "timestamp": 0, "step": 0}]
    assert (run["inputs"], run["outputs"]) == ({}, {})


def test_a_new_run_is_answered_without_outputs(tracking: Tracking) -> None:
    created = tracking.post("runs/create", experiment_id=tracking.experiment_id).json["run"]

    assert created["inputs"] == {}
    assert "outputs" not in created


def test_a_body_over_the_limit_is_refused_before_it_has_been_read(server: ServerProcess) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.putrequest("POST", SEARCH)
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(10 * MAX_JSON_BYTES))
    connection.endheaders()
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()

    assert (answer.status, body["error_code"]) == (413, "REQUEST_TOO_LARGE")


def test_a_body_in_chunks_is_held_to_the_limit_too(server: ServerProcess) -> None:
    chunk = b" " * (8 * 1024 * 1024)
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.putrequest("POST", SEARCH)
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    try:
        for _ in range(MAX_JSON_BYTES // len(chunk) + 2):
            connection.send(b"%x\r\n%s\r\n" % (len(chunk), chunk))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has answered and hung up
    answer = connection.getresponse()
    status = answer.status
    connection.close()

    assert status == 413


@pytest.mark.parametrize("workspace", ["", "default"])
def test_the_default_workspace_may_be_named(server: ServerProcess, workspace: str) -> None:
    answer = server.request("POST", SEARCH, message={}, headers={"X-MLFLOW-WORKSPACE": workspace})

    assert answer.status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", SEARCH),
        ("GET", "/api/2.0/mlflow/experiments/get?experiment_id=0"),
        ("GET", "/get-artifact?path=a"),
    ],
)
def test_a_workspace_that_is_not_there_is_refused(server: ServerProcess, method: str, path: str) -> None:
    message: object = {} if method == "POST" else None
    answer = server.request(method, path, message=message, headers={"X-MLFLOW-WORKSPACE": "team-a"})

    assert (answer.status, answer.json["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert "team-a" in answer.json["message"]


def test_server_info_is_told_to_whoever_names_a_workspace(server: ServerProcess) -> None:
    headers = {"X-MLFLOW-WORKSPACE": "team-a"}

    assert server.request("GET", "/api/3.0/mlflow/server-info", headers=headers).status == 200


def test_a_server_of_artifacts_alone_tracks_nothing(tmp_path: Path) -> None:
    with running_server(tmp_path, artifacts_only=True) as artifacts:
        assert artifacts.get("/health").status == 200
        assert artifacts.post(SEARCH).status == 404
