"""The command `fluvial`, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

MAIN = "import sys; sys.argv[0] = 'fluvial'; from fluvial.cli import main; main()"
TIMEOUT_S = 60

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home folder."""
    return tmp_path / "home"


@pytest.fixture
def fluvial(home: Path) -> Command:
    """Runs the command with some arguments."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("FLUVIAL_", "MLFLOW_"))}
        return subprocess.run(
            [sys.executable, "-c", MAIN, *arguments],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
            env={**clean, "FLUVIAL_HOME": str(home), **variables},
        )

    return run
