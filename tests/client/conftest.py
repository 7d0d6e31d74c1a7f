"""A process that has logged nothing yet, and scripts that run in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import fluvial
from fluvial.client.process import this_process
from tests.server_process import ServerProcess

SCRIPT_TIMEOUT_S = 60

Script = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of this test: its journals and its embedded store."""
    folder = tmp_path / "home"
    for name in tuple(os.environ):
        if name.startswith(("FLUVIAL_", "MLFLOW_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FLUVIAL_HOME", str(folder))
    # Tests of what is captured turn it on; the others see what they log and nothing else.
    monkeypatch.setenv("FLUVIAL_CAPTURE", "false")
    return folder


@pytest.fixture
def fresh(home: Path) -> Iterator[None]:
    """The state of a process that has just started; what it logged is sent at the end."""
    this_process.cache_clear()
    yield
    while fluvial.active_run() is not None:
        fluvial.end_run()
    this_process().close()
    this_process.cache_clear()


@pytest.fixture(params=["server", "embedded"])
def tracking(request: pytest.FixtureRequest, fresh: None, home: Path) -> str:
    """A tracking URI that is set: of a real server, or of the store in the home folder."""
    uri = ""
    if request.param == "server":
        server: ServerProcess = request.getfixturevalue("server")
        uri = server.url
    fluvial.set_tracking_uri(uri)
    return uri


@pytest.fixture
def run_script(home: Path) -> Script:
    """Runs Python code in a process of its own and returns what it printed."""

    def run(code: str, *args: str, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code), *args],
            capture_output=True,
            text=True,
            timeout=SCRIPT_TIMEOUT_S,
            check=False,
            env={**os.environ, "FLUVIAL_HOME": str(home), **variables},
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    return run
