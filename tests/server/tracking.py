"""The tracking API over raw HTTP."""

from __future__ import annotations

import uuid
from typing import Any

from tests.server_process import Answer, ServerProcess


class Tracking:
    """The tracking API of a server, with a new experiment and a new run."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        created = self.post("experiments/create", name=f"raw-{uuid.uuid4().hex}")
        self.experiment_id: str = created.json["experiment_id"]
        self.run_id = self.new_run()

    def post(self, operation: str, **message: Any) -> Answer:
        """Call an operation with a JSON message."""
        return self.server.post(f"/api/2.0/mlflow/{operation}", **message)

    def post_body(self, operation: str, body: bytes, content_type: str = "application/json") -> Answer:
        """Call an operation with the bytes of a body."""
        headers = {"Content-Type": content_type}
        return self.server.request("POST", f"/api/2.0/mlflow/{operation}", body=body, headers=headers)

    def get(self, operation: str, **query: Any) -> Answer:
        """Read by an operation."""
        return self.server.get(f"/api/2.0/mlflow/{operation}", **query)

    def new_run(self, **fields: Any) -> str:
        """Start a run."""
        answer = self.post("runs/create", experiment_id=self.experiment_id, **fields)
        assert answer.status == 200, answer
        run_id: str = answer.json["run"]["info"]["run_id"]
        return run_id

    def log(self, operation: str, **message: Any) -> Answer:
        """Write to the run."""
        return self.post(f"runs/{operation}", run_id=self.run_id, **message)

    def run(self, run_id: str | None = None) -> Any:
        """The run as it is now."""
        return self.get("runs/get", run_id=run_id or self.run_id).json["run"]

    def data(self, kind: str) -> dict[str, Any]:
        """The values of the run's metrics, params or tags, by key."""
        return {each["key"]: each["value"] for each in self.run()["data"].get(kind, [])}

    def history(self, key: str) -> list[dict[str, Any]]:
        """All points of one metric of the run."""
        metrics = self.get("metrics/get-history", run_id=self.run_id, metric_key=key).json.get("metrics", [])
        return list(metrics)


def assert_refused(answer: Answer, saying: str = "") -> None:
    assert (answer.status, answer.json["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), answer
    assert saying in answer.json["message"]


def assert_not_found(answer: Answer) -> None:
    assert (answer.status, answer.json["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST"), answer


def point(key: str, step: int = 0, value: object = 1.0, timestamp: int = 1) -> dict[str, Any]:
    return {"key": key, "value": value, "timestamp": timestamp, "step": step}
