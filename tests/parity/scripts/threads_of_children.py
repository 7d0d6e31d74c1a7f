"""Children of one parent in a pool of threads."""

from concurrent.futures import ThreadPoolExecutor

import mlflow

mlflow.set_experiment("threads")
with mlflow.start_run(run_name="pool") as parent:

    def train(depth: int) -> None:
        """One trial."""
        with mlflow.start_run(run_name=f"depth {depth}", nested=True, parent_run_id=parent.info.run_id):
            mlflow.log_param("depth", depth)
            for step in range(5):
                mlflow.log_metric("score", depth * step, step=step)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(train, range(6)))
    mlflow.log_metric("trials", 6)
