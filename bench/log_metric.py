"""One `log_metric` as the training loop feels it, against a server on the same machine."""

from __future__ import annotations

import sys

from bench.peer import fluvial_server, mlflow_python, mlflow_server, run
from bench.report import measured, report

N_RUNS = 5
# A training loop does something between two calls; the sender works meanwhile.
CODE = """
import importlib, json, sys, time
tracker = importlib.import_module(sys.argv[1])
tracker.set_tracking_uri(sys.argv[2])
tracker.set_experiment("log_metric")
n = int(sys.argv[3])
taken = []
with tracker.start_run():
    for step in range(100 if n > 1000 else 5):
        tracker.log_metric("loss", 0.5, step=step)
    for step in range(n):
        begun = time.perf_counter_ns()
        tracker.log_metric("loss", 0.5 / (step + 1), step=step)
        taken.append(time.perf_counter_ns() - begun)
taken.sort()
print(json.dumps([taken[len(taken) // 2] / 1000, taken[int(len(taken) * 0.99)] / 1000]))
"""


def main() -> None:
    with fluvial_server() as server:
        ours = [run(sys.executable, CODE, "fluvial", server.url, "100000") for _ in range(N_RUNS)]
    with mlflow_server() as peer:
        theirs = [run(mlflow_python(), CODE, "mlflow", peer.url, "100")]
    report(
        "log_metric",
        [
            measured("log_metric, median", "us", [r[0] for r in ours], peer=[r[0] for r in theirs], below=5),
            measured("log_metric, p99", "us", [r[1] for r in ours], peer=[r[1] for r in theirs], below=20),
        ],
    )


if __name__ == "__main__":
    main()
