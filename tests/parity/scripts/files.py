"""Files and folders from the disk."""

from pathlib import Path
from tempfile import mkdtemp

import mlflow

folder = Path(mkdtemp(), "output")
(folder / "checkpoints" / "epoch_1").mkdir(parents=True)
(folder / "model.bin").write_bytes(bytes(range(256)) * 100)
(folder / "checkpoints" / "epoch_1" / "weights.bin").write_bytes(b"\x00\x01")
(folder / "empty.txt").touch()

with mlflow.start_run(run_name="files"):
    mlflow.log_artifact(str(folder / "model.bin"))
    mlflow.log_artifact(folder / "model.bin", artifact_path="models/v1")
    mlflow.log_artifact(str(folder))
    mlflow.log_artifacts(str(folder), artifact_path="all")
