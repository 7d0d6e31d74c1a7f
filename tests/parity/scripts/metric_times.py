"""Points with times of their own, and points of the same step."""

import mlflow

with mlflow.start_run(run_name="times"):
    mlflow.log_metric("temperature", 20.5, step=1, timestamp=1_500_000_000_000)
    mlflow.log_metric("temperature", 21.0, step=1, timestamp=1_500_000_060_000)
    mlflow.log_metric("temperature", 19.0, step=0, timestamp=1_500_000_120_000)
    mlflow.log_metrics({"a": 1, "b": 2}, step=3, timestamp=1_500_000_000_001)
