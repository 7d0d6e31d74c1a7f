from __future__ import annotations

from pathlib import Path

import pytest

from fluvial.server.streams import streams
from fluvial.services.context import Permission
from fluvial.services.routes import routes
from fluvial.wire.table import endpoints
from tests.server_process import ServerProcess

# SECURITY.md says why each of them is open.
OPEN_STREAMS = {"/health", "/livez", "/readyz", "/metrics", "/version", "/", "/{name:path}"}
OPEN_ENDPOINTS = {"/api/3.0/mlflow/server-info"}

# Every operation of MLflow's tracking service that is not for Databricks alone.
MLFLOW_TRACKING = """
GET  /2.0/mlflow-artifacts/artifacts
GET  /2.0/mlflow/artifacts/list
POST /2.0/mlflow/artifacts/presigned-download-url
POST /2.0/mlflow/artifacts/presigned-upload-url
POST /2.0/mlflow/experiments/create
POST /2.0/mlflow/experiments/delete
POST /2.0/mlflow/experiments/delete-experiment-tag
GET  /2.0/mlflow/experiments/get
GET  /2.0/mlflow/experiments/get-by-name
POST /2.0/mlflow/experiments/restore
GET  /2.0/mlflow/experiments/search
POST /2.0/mlflow/experiments/search
POST /2.0/mlflow/experiments/search-datasets
POST /2.0/mlflow/experiments/set-experiment-tag
POST /2.0/mlflow/experiments/update
POST /2.0/mlflow/logged-models/search
GET  /2.0/mlflow/metrics/get-history
GET  /2.0/mlflow/metrics/get-history-bulk
GET  /2.0/mlflow/metrics/get-history-bulk-interval
POST /2.0/mlflow/runs/create
POST /2.0/mlflow/runs/delete
POST /2.0/mlflow/runs/delete-tag
GET  /2.0/mlflow/runs/get
POST /2.0/mlflow/runs/log-batch
POST /2.0/mlflow/runs/log-inputs
POST /2.0/mlflow/runs/log-metric
POST /2.0/mlflow/runs/log-model
POST /2.0/mlflow/runs/log-parameter
POST /2.0/mlflow/runs/outputs
POST /2.0/mlflow/runs/restore
POST /2.0/mlflow/runs/search
POST /2.0/mlflow/runs/set-tag
POST /2.0/mlflow/runs/update
GET  /3.0/mlflow/server-info
"""
OPERATIONS = [tuple(line.split()) for line in MLFLOW_TRACKING.strip().splitlines()]


def test_every_endpoint_is_served_and_declares_a_permission() -> None:
    served = routes()

    assert set(served) == {endpoint.key for endpoint in endpoints()}
    assert all(isinstance(route.needs, Permission) for route in served.values())


def test_only_what_says_nothing_about_the_data_needs_no_permission() -> None:
    open_endpoints = {path for (_, path), route in routes().items() if route.needs is Permission.NONE}
    open_streams = {each.path for each in streams() if each.needs is Permission.NONE}

    assert open_endpoints == OPEN_ENDPOINTS
    assert open_streams - OPEN_STREAMS == {
        "/api/1.0/fluvial/openapi.json",
        "/ajax-api/1.0/fluvial/openapi.json",
    }


def test_a_get_never_needs_more_than_reading() -> None:
    by_get = {path: route.needs for (_, path), route in routes().items() if "GET" in route.endpoint.methods}
    by_get |= {each.path: each.needs for each in streams() if "GET" in each.methods}

    assert {path: needs for path, needs in by_get.items() if needs > Permission.READ} == {}


def test_every_stream_declares_a_permission() -> None:
    assert all(isinstance(each.needs, Permission) for each in streams())


def test_every_module_of_streams_is_listed() -> None:
    import fluvial.server
    from fluvial.server.streams import STREAM_MODULES

    folder = Path(fluvial.server.__path__[0])
    with_streams = {file.stem for file in folder.glob("*.py") if "\n@stream(" in file.read_text()}

    assert with_streams == set(STREAM_MODULES)


@pytest.mark.parametrize("prefix", ["/api", "/ajax-api"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_tracking_operation_of_mlflow_is_served(
    server: ServerProcess, method: str, path: str, prefix: str
) -> None:
    message: object = {} if method == "POST" else None

    answer = server.request(method, f"{prefix}{path}", message=message)

    assert answer.status in (200, 400), answer
    if answer.status == 400:
        assert answer.json["error_code"] == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize(
    "path", ["/2.0/preview/mlflow/runs/get", "/2.0/mlflow/runs/list", "/1.0/mlflow/runs/get"]
)
@pytest.mark.parametrize("prefix", ["/api", "/ajax-api"])
def test_what_mlflow_has_dropped_is_not_found(server: ServerProcess, prefix: str, path: str) -> None:
    answer = server.get(f"{prefix}{path}")

    assert (answer.status, answer.json["error_code"]) == (404, "ENDPOINT_NOT_FOUND")
