"""A run for each process that is forked."""

import multiprocessing

import mlflow

mlflow.set_experiment("processes")


def train(seed: int) -> None:
    """What one process does."""
    with mlflow.start_run(run_name=f"seed {seed}"):
        mlflow.log_param("seed", seed)
        mlflow.log_metric("score", seed / 10)


context = multiprocessing.get_context("fork")
processes = [context.Process(target=train, args=(seed,)) for seed in range(3)]
for process in processes:
    process.start()
for process in processes:
    process.join()
