"""Logging that does not wait, and what it hands back."""

import mlflow

with mlflow.start_run(run_name="async"):
    operations = [
        mlflow.log_metric("loss", 1 / (step + 1), step=step, synchronous=False) for step in range(50)
    ]
    mlflow.log_params({"a": 1, "b": 2}, synchronous=False).wait()
    mlflow.set_tags({"x": "y"}, synchronous=False)
    mlflow.log_metrics({"m": 1.0, "n": 2.0}, synchronous=False)
    for operation in operations:
        operation.wait()
    mlflow.flush_async_logging()
    run_id = mlflow.active_run().info.run_id
    mlflow.log_metric("seen", len(mlflow.MlflowClient().get_metric_history(run_id, "loss")))
