"""Experiments by name, by tag and by stage."""

import mlflow
from mlflow.entities import ViewType

for name in ("vision/a", "vision/b", "speech/a"):
    mlflow.create_experiment(name, tags={"area": name.split("/")[0]})
mlflow.delete_experiment(mlflow.get_experiment_by_name("vision/b").experiment_id)

areas = mlflow.search_experiments(filter_string="tags.area = 'vision'", order_by=["name ASC"])
everything = mlflow.search_experiments(
    ViewType.ALL, filter_string="name LIKE 'vision/%'", order_by=["name DESC"]
)
deleted = mlflow.search_experiments(view_type=ViewType.DELETED_ONLY, filter_string="name LIKE 'vision/%'")
one = mlflow.search_experiments(max_results=1, filter_string="name LIKE '%/a'", order_by=["name ASC"])
with mlflow.start_run(run_name="report"):
    mlflow.log_dict(
        {
            "areas": [experiment.name for experiment in areas],
            "everything": [experiment.name for experiment in everything],
            "deleted": [experiment.name for experiment in deleted],
            "one": [experiment.name for experiment in one],
        },
        "report.json",
    )
