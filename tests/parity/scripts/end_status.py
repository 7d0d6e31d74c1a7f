"""Runs that are ended with a status."""

import mlflow

for status in ("FINISHED", "FAILED", "KILLED"):
    mlflow.start_run(run_name=status.lower())
    mlflow.log_param("expected", status)
    mlflow.end_run(status)
