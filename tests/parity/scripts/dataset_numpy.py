"""Arrays, by name, with targets."""

import mlflow
import numpy as np

with mlflow.start_run(run_name="arrays"):
    mlflow.log_input(
        mlflow.data.from_numpy(
            {"image": np.zeros((10, 28, 28), dtype=np.float32), "weight": np.ones(10)},
            targets=np.arange(10),
            source="https://example.com/digits.npz",
            name="digits",
        ),
        context="training",
    )
    mlflow.log_input(mlflow.data.from_numpy(np.ones((2, 3)), source="s3://bucket/test.npy", name="plain"))
