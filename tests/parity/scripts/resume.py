"""A run that goes on where it was left."""

import mlflow

with mlflow.start_run(run_name="long") as run:
    mlflow.log_param("epochs", 4)
    for epoch in range(2):
        mlflow.log_metric("loss", 1 / (epoch + 1), step=epoch)

with mlflow.start_run(run_id=run.info.run_id) as resumed:
    mlflow.set_tag("resumed", resumed.info.run_id == run.info.run_id)
    for epoch in range(2, 4):
        mlflow.log_metric("loss", 1 / (epoch + 1), step=epoch)
