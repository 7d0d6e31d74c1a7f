"""Texts and dicts as files."""

import mlflow

settings = {
    "model": {"name": "resnet", "layers": [3, 4, 6, 3], "pretrained": True},
    "rate": 1e-05,
    "note": None,
    "ratio": 0.5,
    "answer": "yes",
    "paths": ["data/train.csv", {"test": "data/test.csv"}],
}

with mlflow.start_run(run_name="texts"):
    mlflow.log_text("line one\nline two — ünïcode\n", "notes/summary.txt")
    mlflow.log_text("<h1>Report</h1>", "report.html")
    mlflow.log_dict(settings, "settings.json")
    mlflow.log_dict(settings, "settings.yaml")
    mlflow.log_dict({"a": 1}, "no_suffix")
    mlflow.log_dict([1, 2, {"three": 3}], "list.json")
