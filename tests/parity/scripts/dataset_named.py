"""A dataset of which the run only knows the address, and what it says of it later."""

import mlflow
import pandas as pd

frame = pd.DataFrame({"x": [1, 2]})
with mlflow.start_run(run_name="named") as run:
    mlflow.log_input(
        mlflow.data.from_pandas(frame, source="https://example.com/iris.csv", name="iris"),
        context="eval",
        tags={"version": "2"},
    )

logged = mlflow.get_run(run.info.run_id).inputs.dataset_inputs[0]
source = mlflow.data.get_source(logged.dataset)
with mlflow.start_run(run_name="reader"):
    mlflow.log_params(
        {"name": logged.dataset.name, "url": source.url if hasattr(source, "url") else source.uri}
    )
    mlflow.log_param("tags", sorted((tag.key, tag.value) for tag in logged.tags))
