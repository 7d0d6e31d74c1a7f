"""MLflow's own client, unmodified, pointed at a real server on each database."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

# Read by mlflow when it is imported. Without retries, a 5xx fails at once instead of after minutes.
os.environ.update(
    MLFLOW_DISABLE_TELEMETRY="true",
    MLFLOW_DISABLE_AGENT_HINT="true",
    MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR="false",
    MLFLOW_HTTP_REQUEST_MAX_RETRIES="0",
)

import mlflow

from tests.server_process import ServerProcess


@pytest.fixture
def client(server: ServerProcess) -> Any:
    """MLflow's low-level client."""
    return mlflow.MlflowClient(tracking_uri=server.url)


@pytest.fixture
def experiment_id(client: Any) -> str:
    """A new experiment."""
    created: str = client.create_experiment(f"experiment-{uuid.uuid4().hex}")
    return created


@pytest.fixture
def run_id(client: Any, experiment_id: str) -> str:
    """A new run in it."""
    created: str = client.create_run(experiment_id).info.run_id
    return created


@pytest.fixture
def fluent(server: ServerProcess, experiment_id: str) -> Iterator[Any]:
    """MLflow's fluent API, with a new experiment set."""
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(server.url)
    mlflow.set_experiment(experiment_id=experiment_id)
    yield mlflow
    while mlflow.active_run() is not None:
        mlflow.end_run("KILLED")
    mlflow.set_tracking_uri(before)
