"""A loop that logs by step and by epoch."""

import math

import mlflow

mlflow.set_experiment("mnist")
with mlflow.start_run(run_name="cnn") as run:
    mlflow.log_params({"epochs": 3, "batch_size": 64, "lr": 1e-3, "optimizer": "Adam"})
    for epoch in range(3):
        for batch in range(20):
            step = epoch * 20 + batch
            mlflow.log_metric("train/loss", math.exp(-step / 15), step=step)
        mlflow.log_metrics({"val/loss": math.exp(-epoch), "val/accuracy": 1 - math.exp(-epoch)}, step=epoch)
