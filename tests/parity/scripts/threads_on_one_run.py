"""Threads that log to the run of the main thread by its id."""

import threading

import mlflow

with mlflow.start_run(run_name="shared") as run:

    def log(worker: int) -> None:
        """What one thread does."""
        for step in range(10):
            mlflow.log_metric(f"worker_{worker}", step * worker, step=step, run_id=run.info.run_id)
        mlflow.log_params({f"worker_{worker}": "done"}, run_id=run.info.run_id)

    threads = [threading.Thread(target=log, args=(worker,)) for worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
