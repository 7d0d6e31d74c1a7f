"""More params than a request takes."""

import mlflow

with mlflow.start_run(run_name="wide"):
    mlflow.log_params({f"feature_{number:03}": number * 2 for number in range(250)})
