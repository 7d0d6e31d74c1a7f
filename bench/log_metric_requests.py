"""Requests that log one point each, through MLflow's protocol, from 32 connections to one server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from bench.databases import on_postgresql, on_sqlite
from bench.peer import Server, mlflow_server
from bench.report import measured, report

N_CLIENTS = 32
N_RUNS = 3
SECONDS = 8
PATH = "/api/2.0/mlflow/runs/log-metric"
# A step and a value of its own for each request; each thread of wrk has its own metric.
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local number = 0
function init()
  math.randomseed(os.time())
  name = "metric-" .. math.random(1000000)
end
function request()
  number = number + 1
  return wrk.format(nil, nil, nil, string.format(
    '{"run_id": "RUN", "key": "%s", "value": %.6f, "timestamp": %d, "step": %d}',
    name, 1 / number, 1800000000000 + number, number))
end
"""


def main() -> None:
    if shutil.which("wrk") is None:
        raise SystemExit("This measurement needs wrk: apt-get install wrk")
    with on_sqlite() as (server, _):
        ours = [_load(server) for _ in range(N_RUNS)]
    with on_postgresql() as (server, _):
        on_postgres = [_load(server) for _ in range(N_RUNS)]
    with mlflow_server() as peer:
        theirs = [_load(peer) for _ in range(N_RUNS)][1:]  # the first finds its workers still starting
    name = f"log-metric requests of {N_CLIENTS} clients"
    report(
        "log_metric_requests",
        [
            measured(f"{name}, SQLite", "requests/s", ours, peer=theirs, above=3000, times_peer=20),
            measured(f"{name}, PostgreSQL", "requests/s", on_postgres, above=3000),
        ],
    )


def _load(server: Server) -> float:
    request = urllib.request.Request(
        f"{server.url}/api/2.0/mlflow/runs/create",
        b'{"experiment_id": "0"}',
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        run_id = json.load(answer)["run"]["info"]["run_id"]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "metric.lua")
        script.write_text(SCRIPT.replace("RUN", run_id))
        command = ["wrk", "-t2", f"-c{N_CLIENTS}", f"-d{SECONDS}s", "--timeout", "20s", "-s", str(script)]
        output = subprocess.run(
            [*command, f"{server.url}{PATH}"], capture_output=True, text=True, check=True
        ).stdout
    if "Non-2xx" in output:
        raise RuntimeError(f"The server refused requests:\n{output}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if found is None:
        raise RuntimeError(f"wrk said nothing of requests:\n{output}")
    return float(found[1])


if __name__ == "__main__":
    main()
