"""The data frame that a run was trained with."""

import mlflow
import pandas as pd

table = pd.DataFrame(
    {"size": [1.0, 2.0, None], "rooms": [1, 2, 3], "city": ["a", "b", "c"], "sold": [True] * 3}
)

with mlflow.start_run(run_name="house prices"):
    dataset = mlflow.data.from_pandas(table, source="data/houses.csv", name="houses", targets="sold")
    mlflow.log_input(dataset, context="training")
    mlflow.log_param("rows", dataset.profile["num_rows"])
