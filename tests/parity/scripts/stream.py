"""A file that is written while it is sent."""

import io

import mlflow

with mlflow.start_run(run_name="stream"):
    mlflow.log_stream(io.BytesIO(b"0123456789" * 1000), "big/blob.bin")
