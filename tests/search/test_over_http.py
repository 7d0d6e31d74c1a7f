"""The language through a real server: its database driver gets the SQL with no layer between."""

from __future__ import annotations

import time
import uuid

import pytest

from tests.server_process import ServerProcess, on_both_databases

pytestmark = on_both_databases


@pytest.fixture
def experiment_id(server: ServerProcess) -> str:
    name = f"search-{uuid.uuid4().hex}"
    created = server.post("/api/2.0/mlflow/experiments/create", name=name)
    return str(created.json["experiment_id"])


@pytest.fixture
def run_id(server: ServerProcess, experiment_id: str) -> str:
    """A run of a second ago, with a metric that diverged."""
    now_ms = time.time_ns() // 1_000_000
    created = server.post(
        "/api/2.0/mlflow/runs/create", experiment_id=experiment_id, run_name="Exp-7", start_time=now_ms - 1000
    )
    run_id = str(created.json["run"]["info"]["run_id"])
    server.post(
        "/api/2.0/mlflow/runs/log-batch",
        run_id=run_id,
        metrics=[
            {"key": "val/loss", "value": value, "timestamp": now_ms, "step": step}
            for step, value in enumerate((0.5, 0.25, "NaN"))
        ],
        params=[{"key": "path", "value": r"C:\data\100%"}],
        tags=[{"key": "my key", "value": "Été"}],
    )
    return run_id


@pytest.mark.parametrize(
    "text",
    [
        "metrics.val/loss IS NAN AND min(metrics.val/loss) = 0.25 AND max(metrics.val/loss) = .5",
        "mean(metrics.val/loss) BETWEEN 0.37 AND 0.38 AND count(metrics.val/loss) IN (3, 4)",
        "start_time > now() - 1h AND start_time <= now() AND start_time != 1.5 AND end_time IS NULL",
        "run_name LIKE 'Exp-_' AND NOT run_name LIKE 'exp%' AND run_name ILIKE 'exp%'",
        r"params.path = 'C:\data\100%' AND params.path LIKE 'C:\\data\\%\%' AND params.path ILIKE 'c:%'",
        r"params.path =~ '^[A-Z]:\\\w+\\\d{3}%$' AND params.path !~ '(?i)^d'",
        "tags.`my key` ILIKE 'éT_' AND (tags.none IS NULL OR tags.none = '%(x)s')",
        "status IN ('RUNNING', 'FAILED') AND status NOT LIKE 'FIN%' AND NOT duration > 0",
        "NOT datasets.name = 'mnist'",
    ],
)
def test_what_is_new_in_the_language_works(
    server: ServerProcess, experiment_id: str, run_id: str, text: str
) -> None:
    found = server.post(
        "/api/2.0/mlflow/runs/search",
        experiment_ids=[experiment_id],
        filter=text,
        order_by=["metrics.val/loss DESC", "duration", "status", "tags.`my key`"],
    )

    assert [run["info"]["run_id"] for run in found.json["runs"]] == [run_id]


def test_a_refusal_says_where_the_fault_is(server: ServerProcess, experiment_id: str) -> None:
    text = "metrics.loss < 1 AND statsu = 'FAILED'"

    answer = server.post("/api/2.0/mlflow/runs/search", experiment_ids=[experiment_id], filter=text)

    assert (answer.status, answer.json["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert answer.json["details"] == {"position": 21, "length": 6}
    assert answer.json["message"].endswith(f"\n  {text}\n{' ' * 23}^^^^^^")
