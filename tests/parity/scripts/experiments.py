"""Making, finding, renaming, deleting and restoring experiments."""

import mlflow
from mlflow import MlflowClient

client = MlflowClient()
first = mlflow.create_experiment("forecast", tags={"team": "supply", "year": "2024"})
mlflow.set_experiment(experiment_id=first)
mlflow.set_experiment_tag("stage", "draft")
mlflow.set_experiment_tags({"owner": "ada", "wrong": "x"})
mlflow.delete_experiment_tag("wrong")
client.rename_experiment(first, "forecast (old)")
client.set_experiment_tag(first, "renamed", "yes")

second = client.create_experiment("scratch")
mlflow.delete_experiment(second)
third = client.create_experiment("kept")
client.delete_experiment(third)
client.restore_experiment(third)

found = mlflow.get_experiment_by_name("forecast (old)")
with mlflow.start_run(run_name="report"):
    mlflow.log_params(
        {"same": found.experiment_id == first, "missing": mlflow.get_experiment_by_name("none")}
    )
    mlflow.log_param("stage", mlflow.get_experiment(second).lifecycle_stage)
    mlflow.log_dict(dict(found.tags), "tags.json")
