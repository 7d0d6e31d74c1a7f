"""A table that grows: dicts and data frames, a column that comes later."""

import mlflow
import pandas as pd

with mlflow.start_run(run_name="table"):
    mlflow.log_table({"question": ["1 + 1", "2 + 2"], "answer": [2, 4]}, "eval/answers.json")
    mlflow.log_table(pd.DataFrame({"question": ["3 + 3"], "answer": [7]}), "eval/answers.json")
    mlflow.log_table({"question": "4 + 4", "answer": 8, "judge": "right"}, "eval/answers.json")
    mlflow.log_table(
        pd.DataFrame({"when": pd.to_datetime(["2024-01-01"]), "missing": [None], "ratio": [0.5]}),
        "other.json",
    )
