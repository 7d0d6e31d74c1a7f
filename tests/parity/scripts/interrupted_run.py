"""Ctrl-C in the middle."""

import mlflow

try:
    with mlflow.start_run(run_name="interrupted"):
        mlflow.log_metric("loss", 0.5, step=0)
        raise KeyboardInterrupt
except KeyboardInterrupt:
    pass
