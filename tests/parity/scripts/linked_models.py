"""Logged models that a run read and made."""

import mlflow
from mlflow.entities import LoggedModelInput, LoggedModelOutput

with mlflow.start_run(run_name="models") as run:
    client = mlflow.MlflowClient()
    client.log_inputs(run.info.run_id, models=[LoggedModelInput("m-base")])
    client.log_outputs(run.info.run_id, models=[LoggedModelOutput("m-tuned", 10)])
