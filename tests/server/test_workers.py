"""Several processes behind one port, and several servers on one database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from fluvial.errors import InvalidSetting
from fluvial.server.config import ServerSettings
from fluvial.server.run import serve
from fluvial.store.schema import open_database
from tests.server.test_events import changes_until, listening
from tests.server.tracking import Tracking
from tests.server_process import N_ATTEMPTS, ServerProcess, await_health, free_port, running_server

N_WORKERS = 2


@pytest.fixture
def workers(postgres_url: str, tmp_path: Path) -> Iterator[ServerProcess]:
    with running_server(tmp_path, backend_store_uri=postgres_url, workers=N_WORKERS) as server:
        yield server


def processes_of(server: ServerProcess) -> set[psutil.Process]:
    """The workers, without Python's own watcher of their resources."""
    children = psutil.Process(server.process.pid).children()
    return {child for child in children if "spawn_main" in " ".join(child.cmdline())}


def test_several_workers_are_refused_on_sqlite(tmp_path: Path) -> None:
    settings = ServerSettings(
        backend_store_uri=f"sqlite:///{tmp_path}/fluvial.db", artifacts_destination=str(tmp_path), workers=4
    )

    with pytest.raises(InvalidSetting, match=r"4 workers need PostgreSQL.*Leave --workers out"):
        serve(settings)


def test_a_worker_that_is_killed_is_replaced_and_all_end_with_the_server(workers: ServerProcess) -> None:
    before = processes_of(workers)
    assert len(before) == N_WORKERS
    killed = before.pop()

    killed.kill()
    psutil.wait_procs([killed], timeout=30)

    attempts = iter(range(N_ATTEMPTS))
    while len(after := {p for p in processes_of(workers) if p.pid != killed.pid}) < N_WORKERS:
        assert next(attempts) >= 0
        await_health(workers)
    tracking = Tracking(workers)
    assert tracking.run()["info"]["run_id"] == tracking.run_id

    workers.process.send_signal(signal.SIGTERM)
    assert workers.process.wait(30) == 0
    _, alive = psutil.wait_procs(after, timeout=30)
    assert not alive


def test_workers_end_when_the_process_that_started_them_is_killed(postgres_url: str, tmp_path: Path) -> None:
    port = free_port()
    code = (
        "import sys, msgspec\n"
        "from fluvial.server.config import ServerSettings\n"
        "from fluvial.server.run import serve\n"
        "if __name__ == '__main__':\n"
        "    settings = ServerSettings(port=int(sys.argv[1]), backend_store_uri=sys.argv[2],\n"
        "        artifacts_destination=sys.argv[3], workers=2)\n"
        "    serve(settings, on_ready=lambda url: print(url, flush=True))\n"
    )
    script = tmp_path / "serving.py"
    script.write_text(code)
    parent = subprocess.Popen(
        [sys.executable, str(script), str(port), postgres_url, str(tmp_path / "artifacts")],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline().strip() == f"http://127.0.0.1:{port}"
    children = psutil.Process(parent.pid).children()

    parent.kill()
    parent.wait()

    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive
    parent.stdout.close()


def test_what_is_logged_through_one_server_is_told_by_another(postgres_url: str, tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    with (
        running_server(tmp_path / "one", backend_store_uri=postgres_url) as one,
        running_server(tmp_path / "other", backend_store_uri=postgres_url) as other,
    ):
        tracking = Tracking(one)
        with listening(other, f"?run_id={tracking.run_id}") as events:
            tracking.log("log-metric", key="m", value=1, timestamp=1)
            changes_until(events, tracking.run_id, "metrics")


def test_a_server_that_may_not_upgrade_refuses_a_database_that_lacks_migrations(
    postgres_url: str, tmp_path: Path
) -> None:
    settings = ServerSettings(
        port=0,
        backend_store_uri=postgres_url,
        artifacts_destination=str(tmp_path),
        upgrade_database=False,
    )

    with pytest.raises(InvalidSetting, match="fluvial db upgrade"):
        serve(settings)

    open_database(postgres_url).close()
    (tmp_path / "after").mkdir()
    with running_server(tmp_path / "after", backend_store_uri=postgres_url, upgrade_database=False) as server:
        assert server.get("/health").status == 200
