"""Logging a small model of scikit-learn with an input example to a server: the first, and those after it."""

from __future__ import annotations

import sys
from typing import Any

from bench.peer import fluvial_server, mlflow_python, mlflow_server, run
from bench.report import measured, report

N_MODELS = 7
N_PROCESSES = 3

PREPARED = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import logging; logging.disable(logging.CRITICAL)
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
data, species = load_iris(return_X_y=True, as_frame=True)
model = LogisticRegression(max_iter=500).fit(data, species)
"""
TIMED = """
taken = []
for number in range(int(sys.argv[2])):
    begun = time.perf_counter()
    LOGGED.sklearn.log_model(model, name=f"iris-{number}", input_example=data.head())
    taken.append(time.perf_counter() - begun)
LOGGED.end_run()
print(json.dumps(taken))
"""
OURS = (
    f"{PREPARED}import fluvial\nfluvial.set_tracking_uri(sys.argv[1])\nfluvial.start_run()\n"
    + TIMED.replace("LOGGED", "fluvial")
)
THEIRS = (
    f"{PREPARED}import mlflow\nmlflow.set_tracking_uri(sys.argv[1])\nmlflow.start_run()\n"
    + TIMED.replace("LOGGED", "mlflow")
)


def main() -> None:
    with fluvial_server() as ours, mlflow_server() as theirs:
        here: list[list[float]] = []
        there: list[list[float]] = []
        for _ in range(N_PROCESSES):
            here.append(times(sys.executable, OURS, ours.url))
            there.append(times(mlflow_python(), THEIRS, theirs.url))
        report(
            "log_model",
            [
                measured(
                    "log_model of a small scikit-learn model with input example",
                    "s",
                    [taken for each in here for taken in each[1:]],
                    peer=[taken for each in there for taken in each[1:]],
                    below=0.5,
                    times_peer=7,
                ),
                measured(
                    "the first log_model of a process, with what it imports",
                    "s",
                    [each[0] for each in here],
                    peer=[each[0] for each in there],
                    times_peer=1,
                ),
            ],
        )


def times(python: Any, code: str, url: str) -> list[float]:
    """How long each of some calls took, s."""
    found: list[float] = run(python, code, url, str(N_MODELS))
    return found


if __name__ == "__main__":
    main()
