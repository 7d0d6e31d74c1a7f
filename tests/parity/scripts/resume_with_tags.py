"""Resuming a failed run with more tags and another name."""

import mlflow

try:
    with mlflow.start_run(run_name="unlucky") as run:
        mlflow.log_metric("loss", 3.0)
        raise OSError("no space left")
except OSError:
    pass

with mlflow.start_run(run_id=run.info.run_id, run_name="lucky", tags={"attempt": "2"}):
    mlflow.log_metric("loss", 1.0, step=1)
