"""MLflow's own client, unchanged, against MLflow's server and against fluvial's.

What remains of the time on fluvial is spent in MLflow's client: each line says how much of it the
server answered for.
"""

from __future__ import annotations

from bench.peer import fluvial_server, mlflow_python, mlflow_server, run
from bench.report import measured, report

CODE = """
import json, sys, time
import mlflow, requests
from mlflow.entities import Metric, Param

in_requests = 0.0
send = requests.Session.send
def timed(self, *args, **more):
    global in_requests
    begun = time.perf_counter()
    try:
        return send(self, *args, **more)
    finally:
        in_requests += time.perf_counter() - begun
requests.Session.send = timed

client = mlflow.MlflowClient(sys.argv[1])
n = int(sys.argv[2])
run_id = client.create_run("0").info.run_id
now = int(time.time() * 1000)

def measure(call, times):
    global in_requests
    call(-1)
    in_requests = 0.0
    begun = time.perf_counter()
    for i in range(times):
        call(i)
    return [(time.perf_counter() - begun) / times * 1000, in_requests / times * 1000]

def batch(i):
    metrics = [Metric(f"m{k % 10}", 0.1 * k, now + i, i * 100 + k // 10) for k in range(1000)]
    client.log_batch(run_id, metrics=metrics)

def create(i):
    made = client.create_run("0").info.run_id
    client.log_batch(made, metrics=[Metric(f"m{k}", 0.1, now, 0) for k in range(10)],
                     params=[Param(f"p{k}", "x") for k in range(10)])

print(json.dumps([
    measure(lambda i: client.log_metric(run_id, "loss", 0.1, now + i, i), n),
    measure(batch, max(n // 10, 5)),
    measure(create, max(n // 4, 5)),
]))
"""
NAMES = ("log_metric", "log_batch of 1,000", "create_run + batch of 10+10")
TARGETS = (20.0, 10.0, 20.0)
N_RUNS = 5


def main() -> None:
    with fluvial_server() as server:
        ours = [run(mlflow_python(), CODE, server.url, "400") for _ in range(N_RUNS)]
    with mlflow_server() as peer:
        theirs = [run(mlflow_python(), CODE, peer.url, "60")]
    measures = []
    for i, (name, target) in enumerate(zip(NAMES, TARGETS, strict=True)):
        elapsed, waited = ([r[i][part] for r in ours] for part in (0, 1))
        print(f"{name}: of {elapsed[0]:.2f} ms, {waited[0]:.2f} ms are HTTP; the rest is MLflow's client")
        measures.append(
            measured(
                f"MLflow's client: {name}", "ms", elapsed, peer=[r[i][0] for r in theirs], times_peer=target
            )
        )
        measures.append(
            measured(
                f"of that over HTTP: {name}", "ms", waited, peer=[r[i][1] for r in theirs], times_peer=target
            )
        )
    report("mlflow_client", measures)


if __name__ == "__main__":
    main()
