"""Images: arrays and those of PIL, under a name."""

import mlflow
import numpy as np
from PIL import Image

pixels = np.arange(12 * 16 * 3, dtype=np.uint8).reshape(12, 16, 3)

with mlflow.start_run(run_name="images"):
    mlflow.log_image(pixels, "colour.png")
    mlflow.log_image(pixels[:, :, 0], "grey.png")
    mlflow.log_image(pixels / 255.0, "fractions.png")
    mlflow.log_image(Image.fromarray(pixels), "pil.png")
    mlflow.log_image(mlflow.Image(pixels), "wrapped.png")
