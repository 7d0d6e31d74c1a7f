"""Logging that is asked to wait."""

import mlflow

with mlflow.start_run(run_name="sync") as run:
    mlflow.log_metric("loss", 0.5, synchronous=True)
    mlflow.log_param("p", 1, synchronous=True)
    mlflow.set_tag("t", 2, synchronous=True)
    seen = mlflow.get_run(run.info.run_id).data
    mlflow.log_dict({"metrics": seen.metrics, "params": seen.params, "tag": seen.tags["t"]}, "seen.json")
