"""The idiom for an experiment that may be there already."""

import mlflow
from mlflow.exceptions import MlflowException


def get_or_create(name: str) -> str:
    """The experiment's id."""
    try:
        return str(mlflow.create_experiment(name))
    except MlflowException as error:
        assert error.error_code == "RESOURCE_ALREADY_EXISTS"
        return str(mlflow.get_experiment_by_name(name).experiment_id)


first, second = get_or_create("shared"), get_or_create("shared")
with mlflow.start_run(experiment_id=first, run_name="shared"):
    mlflow.log_param("same", first == second)
