"""The children of a run, found by the tag that names their parent."""

import mlflow

mlflow.set_experiment("families")
with mlflow.start_run(run_name="parent") as parent:
    for rate in (0.3, 0.1, 0.2):
        with mlflow.start_run(run_name=f"child {rate}", nested=True):
            mlflow.log_metric("loss", rate)

children = mlflow.search_runs(
    filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'", order_by=["metrics.loss ASC"]
)
with mlflow.start_run(run_id=parent.info.run_id):
    mlflow.log_param("best", children.iloc[0]["tags.mlflow.runName"])
    mlflow.log_metric("children", len(children))
