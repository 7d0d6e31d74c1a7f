"""A callback of a trainer, as for Keras or Lightning."""

from collections.abc import Mapping

import mlflow


class TrackingCallback:
    """Logs what the trainer tells."""

    def on_train_begin(self, settings: Mapping[str, object]) -> None:
        """Training begins."""
        mlflow.log_params(settings)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float]) -> None:
        """An epoch has ended."""
        mlflow.log_metrics(logs, step=epoch)


callback = TrackingCallback()
with mlflow.start_run(run_name="fit"):
    callback.on_train_begin({"epochs": 5, "optimizer": "sgd", "metrics": ["accuracy"]})
    for epoch in range(5):
        callback.on_epoch_end(epoch, {"loss": 1 / (epoch + 1), "val_loss": 1.5 / (epoch + 1)})
    mlflow.log_text("Layer (type)  Output Shape\ndense         (None, 10)\n", "model_summary.txt")
