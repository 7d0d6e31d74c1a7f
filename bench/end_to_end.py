"""From the first `log_metric` call until every point is committed on the server."""

from __future__ import annotations

import sys

from bench.peer import fluvial_server, mlflow_python, mlflow_server, run
from bench.report import measured, report

N_RUNS = 5
N_POINTS = 1_000_000
N_PEER_POINTS = 2_000
FLUVIAL = """
import json, sys, time
import fluvial
fluvial.set_tracking_uri(sys.argv[1])
fluvial.set_experiment("end to end")
n = int(sys.argv[2])
with fluvial.start_run() as active:
    begun = time.perf_counter()
    for step in range(n // 4):
        fluvial.log_metric("loss", 0.5, step=step)
        fluvial.log_metric("accuracy", 0.9, step=step)
        fluvial.log_metric("rate", 0.1, step=step)
        fluvial.log_metric("norm", step * 0.001, step=step)
    fluvial.flush()
    elapsed = time.perf_counter() - begun
client = fluvial.FluvialClient(sys.argv[1])
for key in ("loss", "accuracy", "rate", "norm"):
    kept = len(client.get_metric_history(active.info.run_id, key))
    assert kept == n // 4, (key, kept)
print(json.dumps(n / elapsed))
"""
MLFLOW_ASYNC = """
import json, sys, time
import mlflow
mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment("end to end")
n = int(sys.argv[2])
with mlflow.start_run():
    begun = time.perf_counter()
    for step in range(n):
        mlflow.log_metric("loss", 0.5, step=step, synchronous=False)
    mlflow.flush_async_logging()
    elapsed = time.perf_counter() - begun
print(json.dumps(n / elapsed))
"""


def main() -> None:
    with fluvial_server() as server:
        ours = [run(sys.executable, FLUVIAL, server.url, str(N_POINTS)) for _ in range(N_RUNS)]
    with mlflow_server() as peer:
        theirs = [run(mlflow_python(), MLFLOW_ASYNC, peer.url, str(N_PEER_POINTS))]
    report(
        "end_to_end",
        [measured("log_metric to committed", "points/s", ours, peer=theirs, above=200_000)],
    )


if __name__ == "__main__":
    main()
