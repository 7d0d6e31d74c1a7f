"""A param that would change is refused; a tag is not."""

import mlflow
from mlflow.exceptions import MlflowException

with mlflow.start_run(run_name="strict"):
    mlflow.log_param("depth", 3)
    mlflow.log_param("depth", 3)
    try:
        mlflow.log_param("depth", 5)
    except MlflowException as error:
        mlflow.set_tag("refused", error.error_code)
    mlflow.log_metric("after", 1)
