"""What load balancers, Prometheus and people who read logs see."""

from __future__ import annotations

import http.client
import json
import re
import signal
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.postgres import Cluster
from tests.server.tracking import Tracking
from tests.server_process import N_ATTEMPTS, ServerProcess, on_both_databases, running_server

BLOCK = "LOCK TABLE journal, run, metric, segment IN ACCESS EXCLUSIVE MODE"


def begin_to_log(server: ServerProcess, run_id: str) -> http.client.HTTPConnection:
    """A connection on which a point was sent and no answer was read."""
    where = urlsplit(server.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    body = json.dumps({"run_id": run_id, "key": "m", "value": 1, "timestamp": 1}).encode()
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/api/2.0/mlflow/runs/log-metric", body=body, headers=headers)
    return connection


@on_both_databases
def test_a_server_that_can_work_is_alive_and_ready(server: ServerProcess) -> None:
    alive, ready = server.get("/livez"), server.get("/readyz")

    assert (alive.status, alive.text) == (200, "OK")
    assert ready.json == {"is_ready": True, "database": "ok", "migrations": "ok", "server": "ok"}


def test_without_its_database_a_server_is_alive_and_not_ready_until_it_is_back(
    postgres_cluster: Cluster, tmp_path: Path
) -> None:
    with (
        postgres_cluster.database() as name,
        running_server(tmp_path, backend_store_uri=postgres_cluster.url(name)) as server,
    ):
        assert server.get("/readyz").status == 200
        with psycopg.connect(postgres_cluster.url(), autocommit=True) as admin:

            def allow(is_allowed: str) -> None:
                change = "ALTER DATABASE {} ALLOW_CONNECTIONS " + is_allowed
                admin.execute(sql.SQL(change).format(sql.Identifier(name)))

            allow("false")
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
            answer = await_status(server, "/readyz", 503)
            assert answer["database"] == "does not answer"
            assert server.get("/livez").status == 200

            allow("true")
            assert await_status(server, "/readyz", 200)["is_ready"]


def test_a_server_that_is_told_to_stop_says_so_and_finishes_what_has_begun(
    postgres_url: str, tmp_path: Path
) -> None:
    with running_server(tmp_path, backend_store_uri=postgres_url, drain_delay_s=2) as server:
        tracking = Tracking(server)
        with psycopg.connect(postgres_url) as other:
            other.execute(BLOCK)
            connection = begin_to_log(server, tracking.run_id)

            server.process.send_signal(signal.SIGTERM)

            assert await_status(server, "/readyz", 503)["server"] == "stopping"
            assert server.get("/version").headers["Connection"] == "close"
            other.rollback()
        assert connection.getresponse().status == 200
        assert server.process.wait(30) == 0


def test_a_server_whose_database_hangs_stops_all_the_same(postgres_url: str, tmp_path: Path) -> None:
    with running_server(tmp_path, backend_store_uri=postgres_url, drain_s=1) as server:
        tracking = Tracking(server)
        with psycopg.connect(postgres_url) as other:
            other.execute(BLOCK)
            begun = begin_to_log(server, tracking.run_id)
            await_text(server, "fluvial_requests_in_progress 1.0")

            server.process.send_signal(signal.SIGTERM)

            assert server.process.wait(60) == 0
            begun.close()


@pytest.mark.parametrize(
    ("given", "is_kept"), [("abc-1.2:3", True), ("with space", False), ("x" * 200, False), ("", False)]
)
def test_a_sane_request_id_is_kept_and_another_is_made_otherwise(
    server: ServerProcess, given: str, is_kept: bool
) -> None:
    answer = server.request("GET", "/health", headers={"X-Request-ID": given})

    assert (answer.headers["X-Request-ID"] == given) == is_kept
    assert re.fullmatch(r"[\w.:-]+", answer.headers["X-Request-ID"])


def test_the_log_is_json_with_the_id_of_each_request(tmp_path: Path) -> None:
    with running_server(tmp_path, log_level="info", log_format="json") as server:
        server.request("GET", "/api/2.0/mlflow/nothing", headers={"X-Request-ID": "mine"})

        lines = [json.loads(line) for line in server.log.read_text().splitlines()]

    (line,) = [line for line in lines if line.get("request_id") == "mine"]
    assert (line["level"], line["method"], line["status"]) == ("info", "GET", 404)
    assert line["path"] == "/api/2.0/mlflow/nothing"


@pytest.mark.parametrize("n_workers", [1, 2])
def test_prometheus_finds_the_numbers_of_all_workers(
    postgres_url: str, tmp_path: Path, n_workers: int
) -> None:
    with running_server(tmp_path, backend_store_uri=postgres_url, workers=n_workers) as server:
        tracking = Tracking(server)
        metrics = [{"key": f"m{i}", "value": 1, "timestamp": 1} for i in range(7)]
        for _ in range(10):
            tracking.log("log-batch", metrics=metrics)
            server._pool.clear()  # the next connection may be another worker's

        await_text(server, 'fluvial_job_backlog{job="compaction"}')
        text = await_text(server, "fluvial_points_total 70.0")

    batches = (
        'fluvial_request_seconds_count{method="POST",route="/api/2.0/mlflow/runs/log-batch",status="200"}'
    )
    assert f"{batches} 10.0" in text
    assert "fluvial_database_connections" in text


def test_the_numbers_are_for_those_who_use_an_allowed_name_or_an_address(tmp_path: Path) -> None:
    with running_server(tmp_path, allowed_hosts=("tracking.example",)) as server:

        def ask(path: str, host: str) -> int:
            return server.request("GET", path, headers={"Host": host}).status

        assert ask("/metrics", "tracking.example") == 200
        assert ask("/metrics", "10.1.2.3:5000") == 200
        assert ask("/metrics", "attacker.example") == 403
        assert ask("/readyz", "10.1.2.3:5000") == 200
        assert ask("/api/2.0/mlflow/experiments/get?experiment_id=0", "10.1.2.3:5000") == 403


def test_a_server_can_be_told_to_say_no_numbers(tmp_path: Path) -> None:
    with running_server(tmp_path, metrics=False) as server:
        assert server.get("/metrics").status == 404


def await_status(server: ServerProcess, path: str, status: int) -> dict[str, object]:
    for _ in range(N_ATTEMPTS):
        if (answer := server.get(path)).status == status:
            found: dict[str, object] = answer.json
            return found
    raise AssertionError(f"{path} is not answered {status}: {answer}")


def await_text(server: ServerProcess, text: str) -> str:
    for _ in range(N_ATTEMPTS):
        if text in (found := server.get("/metrics").text):
            return found
    raise AssertionError(f"{text} is not said:\n{found}")
