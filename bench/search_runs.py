"""Searching runs over HTTP: filters, orders, pages and groups, in experiments of 100,000 and 1,000,000 runs.

python -m bench.search_runs                  both sizes, on SQLite and PostgreSQL
python -m bench.search_runs 100000           one size alone, without keeping what was measured
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import urllib3

from bench.peer import Server, fluvial_server, mlflow_server
from bench.report import Measure, measured, p95, report
from bench.run_data import EXPERIMENT, fill_fluvial, fill_mlflow
from tests.postgres import shared_cluster, shared_folder

SIZES = (100_000, 1_000_000)
PEER_SIZE = 100_000
LIMITS_MS = {100_000: 20, 1_000_000: 60}
N_REQUESTS = 40
N_PEER_REQUESTS = 8
PAGE = 100
FAR_PAGE = 1000
SEARCH = {
    "experiment_ids": [str(EXPERIMENT)],
    "filter": "metrics.m0 > 0.5 AND metrics.m1 < 0.8 AND params.p1 = 'v1' AND params.p3 != 'v3'",
    "order_by": ["metrics.m2 DESC"],
    "max_results": PAGE,
}
PAGES = {"experiment_ids": [str(EXPERIMENT)], "order_by": ["metrics.m2 DESC"], "max_results": PAGE}
GROUP = {
    "experiment_ids": [str(EXPERIMENT)],
    "group_by": ["params.p2", "params.p4"],
    "numbers": ["metrics.m0", "metrics.m1", "metrics.m2"],
}
_SEARCH_AT = "/api/2.0/mlflow/runs/search"
_GROUP_AT = "/api/1.0/fluvial/runs/group"


def main() -> None:
    chosen = [int(text) for text in sys.argv[1:] if text.isdigit()] if __name__ == "__main__" else []
    measures: list[Measure] = []
    for n_runs in chosen or SIZES:
        theirs = _of_peer(n_runs) if n_runs == PEER_SIZE else []
        for name, uri in _databases(n_runs):
            measures += _measure(f"{n_runs:,} runs, {name}", uri, n_runs, theirs)
    if not chosen:
        report("search_runs", measures)
        return
    for one in measures:
        print(f"{one.name}: {one.fluvial:.4g} {one.unit}, target {one.target}: {one.is_met}", flush=True)


def _measure(about: str, uri: str, n_runs: int, theirs: Sequence[float]) -> list[Measure]:
    with fluvial_server(uri) as server:
        (first_s,) = _times_ms(server, _SEARCH_AT, SEARCH, 1)
        ours = _times_ms(server, _SEARCH_AT, SEARCH, N_REQUESTS)
        near = _times_ms(server, _SEARCH_AT, PAGES, N_REQUESTS)
        far = _times_ms(server, _SEARCH_AT, {**PAGES, "page_token": _token(server)}, N_REQUESTS)
        grouped = _times_ms(server, _GROUP_AT, GROUP, N_REQUESTS)
    print(f"{about}: first search {first_s / 1000:.2f} s", flush=True)
    print(f"{about}: page 1 {median(near):.1f} ms, page {FAR_PAGE:,} {median(far):.1f} ms", flush=True)
    limit = LIMITS_MS[n_runs]
    measures = [
        measured(f"search {about}, p95", "ms", [p95(ours)], below=limit),
        measured(
            f"page {FAR_PAGE:,} against page 1, {about}", "times", [median(far) / median(near)], below=1.5
        ),
    ]
    if theirs:
        measures.insert(0, measured(f"search {about}, median", "ms", ours, peer=theirs, times_peer=30))
    if n_runs == SIZES[0]:
        measures.append(
            measured(f"group {about} by 2 params, 3 metrics, p95", "ms", [p95(grouped)], below=300)
        )
    return measures


def _of_peer(n_runs: int) -> list[float]:
    """The same search by MLflow on SQLite."""
    with mlflow_server() as server:
        fill_mlflow(server.folder / "mlflow.db", n_runs)
        _times_ms(server, _SEARCH_AT, SEARCH, 1)
        return _times_ms(server, _SEARCH_AT, SEARCH, N_PEER_REQUESTS)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _databases(n_runs: int) -> Iterator[tuple[str, str]]:
    """A store with so many runs on each kind of database, with its name; one at a time."""
    with _folder() as folder:
        uri = f"sqlite:///{folder}/fluvial.db"
        fill_fluvial(uri, n_runs)
        yield "SQLite", uri
    with shared_folder() as shared, shared_cluster(shared).database() as name:
        uri = shared_cluster(shared).url(name)
        fill_fluvial(uri, n_runs)
        yield "PostgreSQL", uri


def _times_ms(server: Server, path: str, message: dict[str, Any], n: int) -> list[float]:
    """How long a request takes, from the call to the whole answer, n times."""
    pool = urllib3.PoolManager(retries=False, timeout=600)
    body = json.dumps(message).encode()
    headers = {"Content-Type": "application/json"}
    times = []
    for _ in range(n):
        begun = time.perf_counter()
        answer = pool.request("POST", f"{server.url}{path}", body=body, headers=headers)
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"The server refused: {answer.data[:500]!r}")
    if not (found := json.loads(answer.data)).get("runs") and not found.get("groups"):
        raise RuntimeError("Nothing was found: there is nothing to measure.")
    return times


def _token(server: Server) -> str:
    """The token of the far page, reached in larger steps."""
    pool = urllib3.PoolManager(retries=False, timeout=600)
    step = 50
    message: dict[str, Any] = {**PAGES, "max_results": PAGE * step}
    # The last page before the far one is short by one page.
    sizes = [PAGE * step] * ((FAR_PAGE - 1) // step)
    rest = (FAR_PAGE - 1) * PAGE - sum(sizes)
    for size in [*sizes, rest] if rest else sizes:
        message["max_results"] = size
        answer = pool.request("POST", f"{server.url}{_SEARCH_AT}", json=message)
        message["page_token"] = answer.json()["next_page_token"]
    return str(message["page_token"])


if __name__ == "__main__":
    main()
