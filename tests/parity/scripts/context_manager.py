"""The object that `as` gives, within its block and after it."""

import mlflow

with mlflow.start_run(run_name="as") as run:
    active = mlflow.active_run()
    same = active.info.run_id == run.info.run_id
    mlflow.log_param("same", same)
    mlflow.set_tag("status_within", run.info.status)
assert mlflow.active_run() is None
finished = mlflow.get_run(run.info.run_id)
with mlflow.start_run(run_name="report"):
    mlflow.log_dict(
        {
            "status": finished.info.status,
            "params": finished.data.params,
            "has_end": finished.info.end_time is not None,
            "stage": finished.info.lifecycle_stage,
        },
        "finished.json",
    )
