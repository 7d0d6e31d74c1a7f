"""Metrics, params and tags in one request of the client."""

import mlflow
from mlflow.entities import Metric, Param, RunTag

client = mlflow.MlflowClient()
experiment_id = client.create_experiment("batches", tags={"kind": "client"})
run = client.create_run(experiment_id, run_name="batch")
client.log_batch(
    run.info.run_id,
    metrics=[Metric("loss", 1 / (step + 1), 1_500_000_000_000 + step, step) for step in range(150)],
    params=[Param("depth", "3"), Param("rate", "0.1")],
    tags=[RunTag("team", "churn")],
)
client.log_batch(run.info.run_id, metrics=[Metric("final", 0.5, 1_500_000_000_000, 0)])
client.set_terminated(run.info.run_id)
