"""Numbers of all kinds, also those that are none."""

import mlflow
import numpy as np

with mlflow.start_run(run_name="numbers"):
    mlflow.log_metric("int", 7)
    mlflow.log_metric("bool", True)
    mlflow.log_metric("float32", np.float32(0.1))
    mlflow.log_metric("scalar_array", np.array(2.5))
    mlflow.log_metric("nan", float("nan"))
    mlflow.log_metric("inf", float("inf"), step=1)
    mlflow.log_metric("inf", float("-inf"), step=2)
    mlflow.log_metric("tiny", 5e-324)
    mlflow.log_metric("huge", 1.7e308)
    mlflow.log_metric("negative step", 1.0, step=-5)
