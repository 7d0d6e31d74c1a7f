"""The real command in a process of its own, against a real server."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import MAIN, Command
from tests.server_process import ServerProcess


@pytest.fixture
def run_id(server: ServerProcess) -> str:
    """A run of this server that is running."""
    started = server.post(
        "/api/2.0/mlflow/runs/create", experiment_id="0", run_name="on a server", start_time=1
    )
    found: str = started.json["run"]["info"]["run_id"]
    return found


def test_a_run_is_worked_with_from_the_shell(
    fluvial: Command, server: ServerProcess, run_id: str, tmp_path: Path
) -> None:
    at = {"FLUVIAL_TRACKING_URI": server.url}
    note = tmp_path / "note.txt"
    note.write_text("kept")

    assert fluvial("runs", "tag", run_id[:12], "team=risk", **at).returncode == 0
    assert fluvial("artifacts", "upload", run_id, str(note), **at).returncode == 0
    assert fluvial("artifacts", "cat", run_id, "note.txt", **at).stdout == "kept"
    found = fluvial("runs", "search", f"tags.team = 'risk' AND run_id = '{run_id}'", **at)
    assert found.stdout.splitlines()[1].startswith(f"{run_id}\ton a server\tDefault\tRUNNING")
    assert fluvial("runs", "delete", run_id, **at).returncode == 0
    assert (
        server.get("/api/2.0/mlflow/runs/get", run_id=run_id).json["run"]["info"]["lifecycle_stage"]
        == "deleted"
    )


def test_a_run_is_watched_until_it_ends(server: ServerProcess, run_id: str) -> None:
    environment = {**os.environ, "FLUVIAL_TRACKING_URI": server.url}
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, "runs", "watch", run_id],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as watching:
        assert watching.stdout is not None
        server.post(
            "/api/2.0/mlflow/runs/log-metric", run_id=run_id, key="loss", value=0.5, timestamp=1, step=3
        )
        assert watching.stdout.readline() == "3\tloss\t0.5\n"
        server.post("/api/2.0/mlflow/runs/update", run_id=run_id, status="FAILED", end_time=2)
        rest, said = watching.communicate(timeout=30)

    assert (watching.returncode, rest) == (0, "")
    assert "on a server has ended: FAILED" in said


@pytest.mark.parametrize(("typed", "stage"), [("n\n", "active"), ("y\n", "deleted")])
def test_a_deletion_is_asked_for_in_a_terminal(
    server: ServerProcess, run_id: str, typed: str, stage: str
) -> None:
    shown = in_terminal(80, server.url, "1", "runs", "delete", run_id, typed=typed)

    info = server.get("/api/2.0/mlflow/runs/get", run_id=run_id).json["run"]["info"]
    assert "Put on a server into the trash? [y/N]" in shown
    assert info["lifecycle_stage"] == stage


def test_a_watch_that_is_interrupted_says_nothing_more(server: ServerProcess, run_id: str) -> None:
    server.post("/api/2.0/mlflow/runs/log-metric", run_id=run_id, key="loss", value=0.5, timestamp=1)
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, "runs", "watch", run_id],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "FLUVIAL_TRACKING_URI": server.url},
    ) as watching:
        assert watching.stdout is not None
        watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        _, said = watching.communicate(timeout=30)

    assert (watching.returncode, said.strip()) == (130, "")


def test_a_watched_run_is_drawn_in_a_terminal(server: ServerProcess, run_id: str) -> None:
    for step, value in enumerate((3.0, 2.0, 1.5, 1.0)):
        point = {"key": "loss", "value": value, "timestamp": step, "step": step}
        server.post("/api/2.0/mlflow/runs/log-metric", run_id=run_id, **point)
    server.post("/api/2.0/mlflow/runs/update", run_id=run_id, status="FINISHED", end_time=61_001)

    shown = in_terminal(80, server.url, "1", "runs", "watch", run_id)

    assert "finished" in shown
    assert "1m01s" in shown
    assert "3 ┤" in shown


@pytest.mark.parametrize(("columns", "no_colour"), [(80, ""), (140, ""), (100, "1")])
def test_a_table_fits_the_terminal_and_has_colours_unless_told_otherwise(
    server: ServerProcess, run_id: str, columns: int, no_colour: str
) -> None:
    shown = in_terminal(columns, server.url, no_colour, "runs", "list", "-e", "Default", "-n", "3")

    plain = shown.replace("\x1b[0m", "").replace("\x1b[", "\x1b").splitlines()
    assert run_id[:8] in shown or "on a server" in shown
    assert max(len(strip(line)) for line in plain) <= columns
    assert ("\x1b[36m" in shown) is (no_colour == "")


def strip(line: str) -> str:
    """A line without what colours it."""
    return "".join(part.partition("m")[2] if i else part for i, part in enumerate(line.split("\x1b")))


def in_terminal(columns: int, url: str, no_colour: str, *arguments: str, typed: str = "") -> str:
    """What the command shows in a terminal of some width, where somebody types something."""
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    environment = {
        **os.environ,
        "FLUVIAL_TRACKING_URI": url,
        "COLUMNS": str(columns),
        "TERM": "xterm-256color",
    }
    environment.pop("NO_COLOR", None)
    if no_colour:
        environment["NO_COLOR"] = no_colour
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        chunks = []
        while chunk := read(ours):
            chunks.append(chunk)
        process.wait(30)
    os.close(ours)
    return b"".join(chunks).decode().replace("\r", "")


def read(terminal: int) -> bytes:
    """What came; nothing at the end, which Linux says by an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_a_run_is_forked_and_goes_back(fluvial: Command, server: ServerProcess, home: Path) -> None:
    run_id = server.post("/api/2.0/mlflow/runs/create", experiment_id="0").json["run"]["info"]["run_id"]
    for step in range(5):
        server.post(
            "/api/2.0/mlflow/runs/log-metric", run_id=run_id, key="m", value=step, timestamp=1, step=step
        )
    to = {"FLUVIAL_TRACKING_URI": server.url}

    forked = fluvial("runs", "fork", run_id, "--step", "2", **to)
    rewound = fluvial("runs", "rewind", run_id, "--step", "1", **to)

    def last(of: str) -> float:
        run = server.get("/api/2.0/mlflow/runs/get", run_id=of.strip()).json["run"]
        value: float = run["data"]["metrics"][0]["value"]
        return value

    assert (last(forked.stdout), last(run_id), last(rewound.stdout)) == (2, 1, 4)
