"""Artifacts, read again by URI and by path."""

from pathlib import Path
from tempfile import mkdtemp

import mlflow
import numpy as np

with mlflow.start_run(run_name="writer") as run:
    mlflow.log_text("hello", "folder/a.txt")
    mlflow.log_dict({"x": [1, 2]}, "folder/b.json")
    mlflow.log_image(np.zeros((3, 5, 3), dtype=np.uint8), "c.png")
    uri = mlflow.get_artifact_uri("folder/a.txt")

run_id = run.info.run_id
copied = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="folder", dst_path=mkdtemp())
whole = mlflow.artifacts.download_artifacts(artifact_uri=f"runs:/{run_id}/")
with mlflow.start_run(run_name="reader"):
    mlflow.log_dict(
        {
            "text": mlflow.artifacts.load_text(uri),
            "by_run": mlflow.artifacts.load_text(f"runs:/{run_id}/folder/a.txt"),
            "dict": mlflow.artifacts.load_dict(f"runs:/{run_id}/folder/b.json"),
            "size": mlflow.artifacts.load_image(f"runs:/{run_id}/c.png").size,
            "copied": sorted(path.name for path in Path(copied).iterdir()),
            "whole": sorted(str(path.relative_to(whole)) for path in Path(whole).rglob("*.*")),
            "listed": [entry.path for entry in mlflow.artifacts.list_artifacts(run_id=run_id)],
            "in_folder": [
                entry.path for entry in mlflow.artifacts.list_artifacts(run_id=run_id, artifact_path="folder")
            ],
            "tail": uri.rsplit("/", 3)[1:],
        },
        "report.json",
    )
