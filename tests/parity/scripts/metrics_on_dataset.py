"""Metrics that say which dataset they were measured on."""

import mlflow
import pandas as pd

dataset = mlflow.data.from_pandas(
    pd.DataFrame({"x": [1, 2, 3]}), source="data/test.csv", name="test", digest="abcdef12"
)
with mlflow.start_run(run_name="evaluation"):
    mlflow.log_metric("accuracy", 0.9, dataset=dataset)
    mlflow.log_metrics({"precision": 0.8, "recall": 0.7}, dataset=dataset, step=1)
