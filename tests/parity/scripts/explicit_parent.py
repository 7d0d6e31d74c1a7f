"""A child that begins when its parent has ended, as on another machine."""

import mlflow

parent = mlflow.start_run(run_name="coordinator")
mlflow.end_run()
for worker in range(2):
    with mlflow.start_run(run_name=f"worker {worker}", parent_run_id=parent.info.run_id) as child:
        mlflow.log_metric("rank", worker)
found = mlflow.get_parent_run(child.info.run_id)
with mlflow.start_run(run_name="check"):
    mlflow.set_tag("parent", found.info.run_name)
