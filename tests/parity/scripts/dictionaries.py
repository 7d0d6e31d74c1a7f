"""A run as a dictionary, for a report."""

import mlflow

with mlflow.start_run(run_name="dictionary") as run:
    mlflow.log_param("a", 1)
    mlflow.log_metric("m", 0.25)
    mlflow.set_tag("team", "churn")

whole = mlflow.get_run(run.info.run_id).to_dictionary()
with mlflow.start_run(run_name="report"):
    mlflow.log_dict(
        {
            "keys": sorted(whole),
            "params": whole["data"]["params"],
            "metrics": whole["data"]["metrics"],
            "team": whole["data"]["tags"]["team"],
            "status": whole["info"]["status"],
        },
        "report.json",
    )
