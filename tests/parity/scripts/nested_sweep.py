"""A parent for the sweep, a child for each trial, the best of them on the parent."""

import mlflow

mlflow.set_experiment("sweep")
with mlflow.start_run(run_name="sweep", tags={"sweep": "learning rate"}):
    best = float("inf")
    for rate in (0.1, 0.01, 0.001):
        with mlflow.start_run(run_name=f"lr {rate}", nested=True):
            loss = (rate - 0.01) ** 2
            mlflow.log_param("lr", rate)
            mlflow.log_metric("loss", loss)
            best = min(best, loss)
    mlflow.log_metric("best_loss", best)
