"""Runs to the trash and back."""

import mlflow
from mlflow.entities import ViewType

mlflow.set_experiment("trash")
ids = []
for number in range(3):
    with mlflow.start_run(run_name=f"run {number}") as run:
        mlflow.log_metric("m", number)
        ids.append(run.info.run_id)
mlflow.delete_run(ids[0])
mlflow.delete_run(ids[1])
mlflow.MlflowClient().restore_run(ids[1])

active = mlflow.search_runs(output_format="list")
deleted = mlflow.search_runs(run_view_type=ViewType.DELETED_ONLY, output_format="list")
with mlflow.start_run(run_name="report"):
    mlflow.log_dict(
        {
            "active": sorted(run.info.run_name for run in active),
            "deleted": [run.info.run_name for run in deleted],
            "stage": mlflow.get_run(ids[0]).info.lifecycle_stage,
        },
        "report.json",
    )
