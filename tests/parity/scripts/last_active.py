"""The run that was active last."""

import mlflow

assert mlflow.last_active_run() is None
with mlflow.start_run(run_name="first") as run:
    mlflow.log_metric("m", 1)
last = mlflow.last_active_run()
with mlflow.start_run(run_name="second"):
    mlflow.log_params(
        {"last": last.info.run_name, "metric": last.data.metrics["m"], "status": last.info.status}
    )
