"""All points of one metric, read through the SDK."""

from __future__ import annotations

import sys

from bench.peer import fluvial_server, mlflow_python, mlflow_server, run
from bench.report import measured, report

N_RUNS = 5
N_POINTS = 1_000_000
N_PEER_POINTS = 50_000
FLUVIAL = """
import json, sys, time
import fluvial
fluvial.set_tracking_uri(sys.argv[1])
fluvial.set_experiment("history")
n, times = int(sys.argv[2]), int(sys.argv[3])
with fluvial.start_run() as active:
    for step in range(n):
        fluvial.log_metric("loss", step * 0.001, step=step)
client = fluvial.FluvialClient(sys.argv[1])
taken = []
for _ in range(times):
    begun = time.perf_counter()
    history = client.get_metric_history(active.info.run_id, "loss")
    taken.append(time.perf_counter() - begun)
    assert len(history) == n and history[-1].step == n - 1
print(json.dumps(taken))
"""
MLFLOW = """
import json, sys, time
import mlflow
from mlflow.entities import Metric
client = mlflow.MlflowClient(sys.argv[1])
n = int(sys.argv[2])
run_id = client.create_run("0").info.run_id
for first in range(0, n, 1000):
    points = [Metric("loss", s * 0.001, 1800000000000 + s, s) for s in range(first, first + 1000)]
    client.log_batch(run_id, metrics=points)
begun = time.perf_counter()
assert len(client.get_metric_history(run_id, "loss")) == n
print(json.dumps([time.perf_counter() - begun]))
"""


def main() -> None:
    with fluvial_server() as server:
        ours = run(sys.executable, FLUVIAL, server.url, str(N_POINTS), str(N_RUNS))
    with mlflow_server() as peer:
        theirs = run(mlflow_python(), MLFLOW, peer.url, str(N_PEER_POINTS))
    per_million = [seconds * N_POINTS / N_PEER_POINTS for seconds in theirs]
    print(f"MLflow read {N_PEER_POINTS:,} points in {theirs[0]:.2f} s; a million are reckoned from that")
    report("read_history", [measured("read 1 M points", "s", ours, peer=per_million, below=0.5)])


if __name__ == "__main__":
    main()
