"""Several datasets in one call."""

import mlflow
import pandas as pd

frames = [pd.DataFrame({"x": range(n)}) for n in (80, 10, 10)]
datasets = [
    mlflow.data.from_pandas(frame, source=f"data/{name}.csv", name=name)
    for frame, name in zip(frames, ("train", "valid", "test"), strict=True)
]
with mlflow.start_run(run_name="splits"):
    mlflow.log_inputs(
        datasets=datasets,
        contexts=["training", "validation", "testing"],
        tags_list=[{"rows": "80"}, None, {"rows": "10"}],
    )
