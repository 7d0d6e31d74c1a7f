"""Whatever people put into a param."""

from pathlib import PurePosixPath

import mlflow
import numpy as np

with mlflow.start_run(run_name="types"):
    returned = mlflow.log_param("returned", 0.25)
    mlflow.log_params(
        {
            "int": 3,
            "float": 1e-05,
            "bool": True,
            "none": None,
            "list": [64, 32, 16],
            "tuple": (1, "two"),
            "dict": {"lr": 0.1, "betas": (0.9, 0.999)},
            "empty": "",
            "path": PurePosixPath("/data/train.csv"),
            "numpy": np.float64(0.5),
            "array": np.arange(3),
            "type": int,
            "space in name": returned,
            "nested/name.with-signs": "ok",
        }
    )
