"""Images with a key, by step, as the image grid shows them."""

import mlflow
import numpy as np

with mlflow.start_run(run_name="samples"):
    for step in range(3):
        sample = np.full((8, 8, 3), step * 60, dtype=np.uint8)
        mlflow.log_image(sample, key="generated/faces", step=step, timestamp=1_500_000_000_000 + step)
    mlflow.flush_artifact_async_logging()
