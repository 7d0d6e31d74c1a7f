"""What tracking costs a small training loop with everything captured: an MLP on MNIST-sized images.

The network is written in numpy, so that nothing big has to be installed. Each step logs 5 scalars. Two costs
are told apart: the time that the loop spends in calls of the tracker, and the CPU time of all other threads.
Both are parts of the same run, so that a busy machine does not drown them as it would a difference of runs.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.peer import environment, fluvial_server, mlflow_python, mlflow_server, run
from bench.report import measured, report

N_RUNS = 5
WANDB = ("wandb>=0.20", "numpy>=2.2")
CODE = """
import importlib, json, os, sys, time
import numpy as np
name, target, n_steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
rng = np.random.default_rng(0)
images = rng.random((6000, 784), dtype="float32")
labels = rng.integers(0, 10, 6000)
first = rng.normal(0, 0.05, (784, 256)).astype("float32")
second = rng.normal(0, 0.05, (256, 10)).astype("float32")

def train_step(step):
    rows = slice(step * 64 % 5900, step * 64 % 5900 + 64)
    x, y = images[rows], labels[rows]
    hidden = np.maximum(x @ first, 0)
    scores = hidden @ second
    p = np.exp(scores - scores.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    at_label = (np.arange(len(y)), y)
    loss = -np.log(p[at_label]).mean()
    accuracy = (p.argmax(1) == y).mean()
    p[at_label] -= 1
    of_second = hidden.T @ p / len(y)
    of_first = x.T @ ((p @ second.T) * (hidden > 0)) / len(y)
    first[...] -= 0.05 * of_first
    second[...] -= 0.05 * of_second
    return {"loss": float(loss), "accuracy": float(accuracy), "rate": 0.05,
            "norm_1": float(np.abs(of_first).max()), "norm_2": float(np.abs(of_second).max())}

def loop(log):
    in_calls = 0.0
    wall, cpu, own = time.perf_counter(), time.process_time(), time.thread_time()
    for step in range(n_steps):
        values = train_step(step)
        begun = time.perf_counter()
        log(values, step)
        in_calls += time.perf_counter() - begun
    wall = time.perf_counter() - wall
    others = (time.process_time() - cpu) - (time.thread_time() - own)
    return [in_calls / wall * 100, others / wall * 100, (wall - in_calls) / n_steps * 1000]

if name == "wandb":
    import wandb
    tracker = wandb.init(mode="offline", dir=target, project="overhead")
    numbers = loop(lambda values, step: tracker.log(values, step=step))
else:
    kind, _, way = name.partition("-")
    tracker = importlib.import_module(kind)
    tracker.set_tracking_uri(target)
    tracker.set_experiment("overhead")
    more = {"synchronous": way == "sync"} if way else {}
    with tracker.start_run():
        numbers = loop(lambda values, step: tracker.log_metrics(values, step=step, **more))
        print(json.dumps(numbers), flush=True)
        os._exit(0)  # what is unsent is not measured, and nothing may be printed after the numbers
print(json.dumps(numbers), flush=True)
os._exit(0)
"""
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}


def main() -> None:
    def overheads(python: str | Path, name: str, target: str, n_steps: int, n_runs: int) -> list[list[float]]:
        found = [run(python, CODE, name, target, str(n_steps), **ONE_CORE) for _ in range(n_runs)]
        calls, others, steps = (median(each[i] for each in found) for i in range(3))
        print(f"{name}: {calls:.2f} % in calls, {others:.2f} % by other threads, a step {steps:.2f} ms")
        return found

    with fluvial_server() as server:
        ours = overheads(sys.executable, "fluvial", server.url, 6000, N_RUNS)
    with mlflow_server() as peer:
        waits = overheads(mlflow_python(), "mlflow-sync", peer.url, 200, 2)
        sends = overheads(mlflow_python(), "mlflow-async", peer.url, 2000, 3)
    with tempfile.TemporaryDirectory() as folder:
        offline = overheads(environment("wandb", *WANDB), "wandb", folder, 6000, 3)
    rows = []
    in_background = [("MLflow, asynchronous", sends), ("wandb, offline", offline)]
    for i, what, peers in (
        (0, "time in calls of the tracker", [("MLflow", waits), *in_background]),
        (1, "CPU of its other threads", in_background),
    ):
        for name, theirs in peers:
            rows.append(
                measured(
                    f"training loop: {what}, beside {name}",
                    "%",
                    [each[i] for each in ours],
                    peer=[each[i] for each in theirs],
                    below=1,
                )
            )
    report("capture_overhead", rows)


if __name__ == "__main__":
    main()
