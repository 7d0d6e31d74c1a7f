"""All points of a metric, read again."""

import mlflow

with mlflow.start_run(run_name="history") as run:
    for step in (3, 1, 2, 2):
        mlflow.log_metric("loss", 10 - step, step=step, timestamp=1_500_000_000_000 + step)

history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
with mlflow.start_run(run_name="reader"):
    points = sorted((point.step, point.timestamp, point.value) for point in history)
    mlflow.log_dict({"points": points, "key": history[0].key}, "history.json")
    mlflow.log_metric("last", mlflow.get_run(run.info.run_id).data.metrics["loss"])
