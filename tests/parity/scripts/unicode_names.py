"""Names and values in other scripts."""

import mlflow

mlflow.set_experiment("эксперимент 実験")
with mlflow.start_run(run_name="Größe – 大きさ", description="Ünïcode ✓"):
    mlflow.log_param("größe", "groß")
    mlflow.log_metric("точность", 0.9)
    mlflow.set_tag("标签", "値 🚀")
    mlflow.log_text("こんにちは", "ノート/挨拶.txt")
