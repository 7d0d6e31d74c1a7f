"""A notebook's habit: log, and end the run in the next cell."""

import mlflow

mlflow.set_experiment("notebook")
mlflow.log_param("cell", 1)
mlflow.log_metric("accuracy", 0.5)
mlflow.end_run()

mlflow.log_param("cell", 2)
mlflow.set_tag("note", "ended by the end of the process")
