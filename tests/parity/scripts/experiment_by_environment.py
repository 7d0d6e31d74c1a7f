"""The experiment that the environment names."""

import os

os.environ["MLFLOW_EXPERIMENT_NAME"] = "from the environment"

import mlflow

with mlflow.start_run(run_name="configured"):
    mlflow.log_metric("m", 1)
