"""Runs within runs within runs."""

import mlflow

with mlflow.start_run(run_name="grandparent"):
    mlflow.log_param("level", 0)
    with mlflow.start_run(run_name="parent", nested=True):
        mlflow.log_param("level", 1)
        with mlflow.start_run(run_name="child", nested=True, description="the *innermost*"):
            mlflow.log_param("level", 2)
        mlflow.log_metric("children", 1)
    mlflow.log_metric("children", 2)
