"""The command line, from the shell's call to its end: --help, and a list of runs."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.peer import FLUVIAL, QUIET, fluvial_server, mlflow_python, mlflow_server
from bench.report import measured, report

N_RUNS = 7
N_LISTED = 50


def main() -> None:
    mlflow = [str(mlflow_python()), "-m", "mlflow"]
    with fluvial_server() as ours, mlflow_server() as theirs, TemporaryDirectory() as home:
        for url in (ours.url, theirs.url):
            make_runs(url)
        here, there = {"FLUVIAL_TRACKING_URI": ours.url}, {"MLFLOW_TRACKING_URI": theirs.url}
        copied = {"FLUVIAL_TRACKING_URI": f"sqlite:///{ours.folder}/fluvial.db", "FLUVIAL_HOME": home}
        list_theirs = [*mlflow, "runs", "list", "--experiment-id", "0"]
        report(
            "cli_start",
            [
                measured(
                    "fluvial --help",
                    "ms",
                    times([*FLUVIAL, "--help"], here),
                    peer=times([*mlflow, "--help"], there),
                    below=150,
                ),
                measured(
                    "fluvial runs list, of a server",
                    "ms",
                    times([*FLUVIAL, "runs", "list"], here),
                    peer=times(list_theirs, there),
                    below=400,
                ),
                measured(
                    "fluvial runs list, of a database",
                    "ms",
                    times([*FLUVIAL, "runs", "list"], copied),
                    peer=times(list_theirs, {"MLFLOW_TRACKING_URI": f"sqlite:///{theirs.folder}/mlflow.db"}),
                    below=1500,
                ),
            ],
        )


def times(command: Sequence[str], variables: dict[str, str]) -> list[float]:
    """How long a command takes, ms, after a first run that fills the caches."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    taken = []
    for _ in range(N_RUNS + 1):
        begun = time.perf_counter()
        done = subprocess.run(
            command,
            env={**environment, **QUIET, **variables},
            cwd=Path(__file__).parents[1],
            capture_output=True,
            check=False,
        )
        taken.append((time.perf_counter() - begun) * 1000)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr.decode()[-4000:]}")
    return taken[1:]


def make_runs(url: str) -> None:
    """Some runs in the default experiment, through MLflow's protocol, which both speak."""
    import msgspec
    import urllib3

    # MLflow ends its workers where they do not answer for some seconds, which a busy machine makes them.
    pool = urllib3.PoolManager(retries=urllib3.Retry(5, allowed_methods=None, backoff_factor=1))

    def post(path: str, **message: object) -> dict[str, dict[str, dict[str, str]]]:
        body = msgspec.json.encode(message)
        answer = pool.request(
            "POST",
            f"{url}/api/2.0/mlflow/runs/{path}",
            body=body,
            headers={"Content-Type": "application/json"},
        )
        if answer.status != 200:
            raise RuntimeError(answer.data.decode())
        found: dict[str, dict[str, dict[str, str]]] = msgspec.json.decode(answer.data)
        return found

    for number in range(N_LISTED):
        created = post("create", experiment_id="0", run_name=f"run {number}", start_time=number)
        run_id = created["run"]["info"]["run_id"]
        metrics = [{"key": f"m{i}", "value": i, "timestamp": 1, "step": 0} for i in range(5)]
        post("log-batch", run_id=run_id, metrics=metrics, params=[{"key": "p", "value": str(number)}])


if __name__ == "__main__":
    main()
