"""Runs that somebody asks to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server_process import ServerProcess

PROGRAM = """
import sys, threading
import fluvial
fluvial.set_tracking_uri(sys.argv[1])
with fluvial.start_run() as run:
    asked = threading.Event()
    {before}
    print(run.info.run_id, flush=True)
    asked.wait()
    fluvial.set_tag("ended", run.stop_requested)
"""


def stopped(server: ServerProcess, home: Path, before: str = "", *, ignores_ctrl_c: bool = False) -> str:
    """Status of a run whose program waits to be asked to stop; its tag, where it ended by itself."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(before=before), server.url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "FLUVIAL_HOME": str(home), "FLUVIAL_HEARTBEAT_S": "0.2"},
        preexec_fn=_ignore_ctrl_c if ignores_ctrl_c else None,  # noqa: PLW1509
    ) as process:
        assert process.stdout is not None
        run_id = process.stdout.readline().strip()
        # Its start is on the way: until then there is no run to ask.
        while server.post("/api/1.0/fluvial/runs/stop", run_id=run_id).status == 404:
            pass
        process.wait(60)
    run = server.get("/api/2.0/mlflow/runs/get", run_id=run_id).json["run"]
    tags = {tag["key"]: tag["value"] for tag in run["data"]["tags"]}
    return f"{run['info']['status']} {tags.get('ended', '')}".strip()


def _ignore_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def test_a_run_that_is_asked_to_stop_ends_as_at_ctrl_c(server: ServerProcess, home: Path) -> None:
    assert stopped(server, home) == "KILLED"


def test_a_program_ends_its_run_in_its_own_way(server: ServerProcess, home: Path) -> None:
    assert stopped(server, home, "run.on_stop(asked.set)") == "FINISHED True"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows starts no programs that ignore Ctrl-C")
def test_a_program_in_the_background_hears_the_wish_too(server: ServerProcess, home: Path) -> None:
    wait = "asked.wait = lambda: [None for _ in iter(int, 1)]"

    assert stopped(server, home, wait, ignores_ctrl_c=True) == "KILLED"
