"""Images in the cells of a table."""

import mlflow
import numpy as np

with mlflow.start_run(run_name="image table"):
    mlflow.log_table(
        {
            "sample": [mlflow.Image(np.zeros((4, 4, 3), dtype=np.uint8))],
            "label": ["black"],
        },
        "eval/samples.json",
    )
