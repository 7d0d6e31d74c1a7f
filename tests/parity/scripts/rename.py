"""Renaming a run, by the tag of its name and by the client."""

import mlflow
from mlflow import MlflowClient

with mlflow.start_run(run_name="before") as run:
    mlflow.set_tag("mlflow.runName", "by its tag")
with mlflow.start_run(run_name="second") as second:
    pass
MlflowClient().update_run(second.info.run_id, name="by the client")
MlflowClient().set_tag(run.info.run_id, "mlflow.note.content", "Renamed *twice*.")
