"""Ranks that log to one run with the client, as in distributed training."""

import multiprocessing

import mlflow
from mlflow import MlflowClient


def train(rank: int, run_id: str) -> None:
    """What one rank does."""
    client = MlflowClient()
    for step in range(3):
        client.log_metric(run_id, f"rank_{rank}/loss", 1 / (step + 1), step=step)
    client.set_tag(run_id, f"rank_{rank}", "done")


with mlflow.start_run(run_name="distributed") as run:
    context = multiprocessing.get_context("fork")
    ranks = [context.Process(target=train, args=(rank, run.info.run_id)) for rank in range(2)]
    for process in ranks:
        process.start()
    for process in ranks:
        process.join()
    mlflow.log_metric("ranks", 2)
