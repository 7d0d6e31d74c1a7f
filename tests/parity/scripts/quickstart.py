"""The first thing that everybody types."""

from pathlib import Path
from tempfile import mkdtemp

import mlflow

folder = Path(mkdtemp())
(folder / "test.txt").write_text("hello world!")

mlflow.log_param("param1", 42)
mlflow.log_metric("foo", 1)
mlflow.log_metric("foo", 2)
mlflow.log_metric("foo", 3)
mlflow.log_artifacts(str(folder))
