"""The life of runs through the client, without an active run."""

import mlflow
from mlflow.tracking import MlflowClient

client = MlflowClient()
experiment_id = client.create_experiment("lives")
first = client.create_run(experiment_id, start_time=1_500_000_000_000, tags={"a": "b"}, run_name="first")
client.log_param(first.info.run_id, "p", 1)
client.log_metric(first.info.run_id, "m", 0.5, timestamp=1_500_000_000_001, step=2)
client.set_tag(first.info.run_id, "c", "d")
client.delete_tag(first.info.run_id, "a")
client.set_terminated(first.info.run_id, status="FAILED", end_time=1_500_000_009_000)

second = client.create_run(experiment_id, run_name="second")
client.update_run(second.info.run_id, status="SCHEDULED")
third = client.create_run(experiment_id, tags={"mlflow.parentRunId": first.info.run_id}, run_name="third")
client.set_terminated(third.info.run_id, "KILLED")
assert client.get_parent_run(third.info.run_id).info.run_id == first.info.run_id
assert mlflow.active_run() is None
