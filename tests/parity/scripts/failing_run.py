"""A run whose block raises has failed, and keeps what was logged before."""

import mlflow

try:
    with mlflow.start_run(run_name="diverges"):
        mlflow.log_metric("loss", 10.0)
        raise RuntimeError("loss is NaN")
except RuntimeError as error:
    with mlflow.start_run(run_name="again", tags={"because": str(error)}):
        mlflow.log_metric("loss", 0.1)
