"""What tracking costs a PyTorch training loop with everything captured: a small CNN on MNIST-sized images.

Each step, of 64 images on one thread, logs 5 scalars. Two costs are told apart: the time that the loop
spends in calls of the tracker, and the CPU time of all other threads. Both are parts of the same run, so
that a busy machine does not drown them as it would a difference of runs.
"""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path
from statistics import median

from bench.peer import MLFLOW, environment, fluvial_server, mlflow_server, run
from bench.report import measured, report

ROOT = Path(__file__).parents[1]
N_RUNS = 3
# Training takes longer than this: what the start of a run costs is spread over 100 s.
N_STEPS = 4000
TRAINING = ("torch==2.13.0", "wandb>=0.20", MLFLOW)
CODE = """
import importlib, json, os, sys, time
import torch
from torch import nn
name, target, n_steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
torch.set_num_threads(1)
torch.manual_seed(0)
images, labels = torch.rand(4096, 1, 28, 28), torch.randint(0, 10, (4096,))
model = nn.Sequential(
    nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(800, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

def train_step(step):
    rows = slice(step * 64 % 4096, step * 64 % 4096 + 64)
    scores = model(images[rows])
    loss = nn.functional.cross_entropy(scores, labels[rows])
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    accuracy = (scores.argmax(1) == labels[rows]).float().mean()
    return {"loss": loss.item(), "accuracy": accuracy.item(), "rate": optimizer.param_groups[0]["lr"],
            "gradient_norm": norm.item(), "seen": float(step * 64)}

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


def main() -> None:
    base = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    python = environment("training", *TRAINING, *base)

    def overheads(name: str, target: str, n_steps: int, n_runs: int) -> list[list[float]]:
        more = {"PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
        found = [run(python, CODE, name, target, str(n_steps), **more) for _ in range(n_runs)]
        calls, others, steps = (median(each[i] for each in found) for i in range(3))
        print(f"{name}: {calls:.2f} % in calls, {others:.2f} % by other threads, a step {steps:.2f} ms")
        return found

    with fluvial_server() as server:
        ours = overheads("fluvial", server.url, N_STEPS, N_RUNS)
    with mlflow_server() as peer:
        waits = overheads("mlflow-sync", peer.url, 200, 2)
        sends = overheads("mlflow-async", peer.url, 500, 2)
    with tempfile.TemporaryDirectory() as folder:
        offline = overheads("wandb", folder, 500, 2)
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
