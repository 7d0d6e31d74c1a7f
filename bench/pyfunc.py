"""Loading a small model and its first prediction; what a prediction of one row costs beside the model."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.peer import mlflow_python, run
from bench.report import measured, report

N_LOADS = 15
N_ROUNDS = 7
N_PREDICTIONS = 300

PREPARED = """
import json, statistics, sys, time, warnings
warnings.simplefilter("ignore")
import logging; logging.disable(logging.CRITICAL)
import numpy as np
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
data, species = load_iris(return_X_y=True, as_frame=True)
model = LogisticRegression(max_iter=500).fit(data, species)
row = data.head(1)
folder, n_loads, n_rounds, n_predictions = sys.argv[1], *map(int, sys.argv[2:])
"""
TIMED = """
SAVED.sklearn.save_model(model, folder, input_example=data.head())
loads = []
for _ in range(n_loads + 1):
    begun = time.perf_counter()
    loaded = SAVED.pyfunc.load_model(folder)
    loaded.predict(row)
    loads.append((time.perf_counter() - begun) * 1000)
raw = loaded.get_raw_model()

def ms(predict):
    begun = time.perf_counter()
    predict(row)
    return (time.perf_counter() - begun) * 1000

# In turn, and by medians: whatever else the machine does meets both.
overheads = []
for _ in range(n_rounds):
    pairs = [(ms(raw.predict), ms(loaded.predict)) for _ in range(n_predictions)]
    plain, wrapped = (statistics.median(each) for each in zip(*pairs))
    overheads.append(wrapped - plain)
print(json.dumps([loads[1:], overheads]))
"""


def main() -> None:
    with TemporaryDirectory() as folder:
        numbers = [str(N_LOADS), str(N_ROUNDS), str(N_PREDICTIONS)]
        ours = measure(sys.executable, "fluvial", Path(folder, "ours"), numbers)
        theirs = measure(mlflow_python(), "mlflow", Path(folder, "theirs"), numbers)
    report(
        "pyfunc",
        [
            measured(
                "pyfunc.load_model and the first predict, in a warm process",
                "ms",
                ours[0],
                peer=theirs[0],
                below=30,
            ),
            measured(
                "what pyfunc adds to a prediction of one row", "ms", ours[1], peer=theirs[1], below=0.15
            ),
        ],
    )


def measure(python: Any, package: str, folder: Path, numbers: list[str]) -> list[list[float]]:
    """How long loads take, ms, and what each prediction costs more than the model's own, ms."""
    code = f"{PREPARED}import {package}\n" + TIMED.replace("SAVED", package)
    found: list[list[float]] = run(python, code, str(folder), *numbers)
    return found


if __name__ == "__main__":
    main()
