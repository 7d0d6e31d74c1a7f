"""Mistakes that a careful script catches, with the code that it branches on."""

from collections.abc import Callable

import mlflow
from mlflow.exceptions import MlflowException

with mlflow.start_run(run_name="mistakes"):
    calls: dict[str, Callable[[], object]] = {
        "no experiment": lambda: mlflow.get_experiment("987654321"),
        "no run": lambda: mlflow.get_run("0" * 32),
        "bad filter": lambda: mlflow.search_runs(filter_string="metrics.auc >"),
        "taken name": lambda: mlflow.create_experiment("Default"),
        "blank name": lambda: mlflow.create_experiment(""),
        "no artifact": lambda: mlflow.artifacts.load_text(f"runs:/{'0' * 32}/x.txt"),
        "no file": lambda: mlflow.log_artifact("/nowhere/file.txt"),
    }
    codes = {}
    for name, call in calls.items():
        try:
            call()
        except MlflowException as error:
            codes[name] = error.error_code
        except Exception as error:
            codes[name] = type(error).__name__
    mlflow.log_dict(codes, "codes.json")
