"""Many names, many columns, long params, many experiments: what is wide or numerous, by MLflow's protocol.

python -m bench.cardinality
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import urllib3

from bench.peer import Server, fluvial_server, mlflow_server
from bench.report import measured, report

N_METRICS = 10_000
N_RUNS = 100
N_COLUMNS = 12_000
N_PARAMS = 10
PARAM_CHARS = 6000
N_EXPERIMENTS = 100_000
BATCH = 1000
N_TIMES = 9
START_MS = 1_790_000_000_000
_INSERTS = {
    "fluvial.db": "INSERT INTO experiment VALUES (?, ?, ?, 0, ?, ?)",
    "mlflow.db": "INSERT INTO experiments VALUES (?, ?, ?, 'active', ?, ?, 'default')",
}


class Api:
    """The calls of MLflow's protocol that are measured, on one server.

    Args:
        server: fluvial's or MLflow's.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._pool = urllib3.PoolManager(retries=False, timeout=600)

    def call(self, method: str, path: str, message: dict[str, Any]) -> Any:
        """One request, from the call to the decoded answer."""
        given: dict[str, Any] = {"fields": message} if method == "GET" else {"json": message}
        answer = self._pool.request(method, f"{self._server.url}/api/2.0/mlflow/{path}", **given)
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}: {answer.data[:500]!r}")
        return answer.json()

    def experiment(self, name: str) -> str:
        """A new experiment."""
        return str(self.call("POST", "experiments/create", {"name": name})["experiment_id"])

    def run(self, experiment_id: str, metrics: list[str], params: dict[str, str]) -> str:
        """A run with a value of some metrics, and params."""
        made = self.call("POST", "runs/create", {"experiment_id": experiment_id, "start_time": START_MS})
        run_id = str(made["run"]["info"]["run_id"])
        for first in range(0, max(len(metrics), 1), BATCH):
            batch = [
                {"key": name, "value": 0.5, "timestamp": START_MS, "step": 0}
                for name in metrics[first : first + BATCH]
            ]
            given = [{"key": name, "value": text} for name, text in params.items()] if first == 0 else []
            self.call("POST", "runs/log-batch", {"run_id": run_id, "metrics": batch, "params": given})
        return run_id

    def searched(self, experiment_id: str) -> Callable[[], Any]:
        """A search of the newest runs of an experiment."""
        message = {"experiment_ids": [experiment_id], "max_results": N_RUNS}
        return lambda: self.call("POST", "runs/search", message)["runs"]


def main() -> None:
    with _servers() as (ours, theirs):
        found = [dict(_times(server)) for server in (ours, theirs)]
    report(
        "cardinality",
        [
            measured(name, "ms", times, peer=found[1][name], below=limit)
            for (name, times), limit in zip(found[0].items(), (100, 150, 150, 30), strict=True)
        ],
    )


@contextmanager
def _servers() -> Iterator[tuple[Server, Server]]:
    with fluvial_server() as ours, mlflow_server() as theirs:
        yield ours, theirs


def _times(server: Server) -> Iterator[tuple[str, list[float]]]:
    api = Api(server)
    many = api.experiment("many metrics")
    run_id = api.run(many, [f"layer/{number}/norm" for number in range(N_METRICS)], {})
    yield (
        f"read a run with {N_METRICS:,} metrics",
        _taken(lambda: api.call("GET", "runs/get", {"run_id": run_id})["run"]["data"]["metrics"], N_METRICS),
    )
    wide = api.experiment("wide")
    each = N_COLUMNS // N_RUNS
    for run in range(N_RUNS):
        api.run(wide, [f"m{number}" for number in range(run * each, run * each + each)], {})
    yield (
        f"search {N_RUNS} runs with {N_COLUMNS:,} different metrics",
        _taken(api.searched(wide), N_RUNS),
    )
    long = api.experiment("long")
    for _ in range(N_RUNS):
        api.run(long, [], {f"p{number}": "x" * PARAM_CHARS for number in range(N_PARAMS)})
    yield (
        f"search {N_RUNS} runs with {N_PARAMS} params of {PARAM_CHARS:,} characters",
        _taken(api.searched(long), N_RUNS),
    )
    _add_experiments(server.folder)
    message = {"filter": "name LIKE 'team-7/%'", "max_results": N_RUNS, "order_by": ["last_update_time DESC"]}
    yield (
        f"search {N_EXPERIMENTS:,} experiments by name",
        _taken(lambda: api.call("POST", "experiments/search", message)["experiments"], N_RUNS),
    )


def _taken(read: Callable[[], Any], n: int) -> list[float]:
    """How long reading n things takes, ms; the first time is not counted."""
    times = []
    for _ in range(N_TIMES + 1):
        begun = time.perf_counter()
        found = read()
        times.append(1000 * (time.perf_counter() - begun))
        if len(found) != n:
            raise RuntimeError(f"{len(found)} were found instead of {n}.")
    return times[1:]


def _add_experiments(folder: Path) -> None:
    """Many experiments in folders of teams, written straight into the store in a server's folder."""
    (path,) = (folder / name for name in _INSERTS if (folder / name).exists())
    rows = (
        (1000 + n, f"team-{n % 100}/study-{n}", f"mlflow-artifacts:/{1000 + n}", START_MS + n, START_MS + n)
        for n in range(N_EXPERIMENTS)
    )
    with closing(sqlite3.connect(path, timeout=60)) as connection, connection:
        connection.executemany(_INSERTS[path.name], rows)


if __name__ == "__main__":
    main()
