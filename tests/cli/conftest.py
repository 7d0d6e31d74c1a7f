"""The command `fluvial`, in a process of its own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from fluvial.cli import root

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


class Invoked(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        """The lines of a table in a pipe."""
        return list(csv.DictReader(self.out.splitlines(), delimiter="\t"))

    @property
    def json(self) -> list[Any]:
        """One value for each line."""
        return [json.loads(line) for line in self.out.splitlines()]


Invoke = Callable[..., Invoked]


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder with a small demo in its store; for tests that only read, or change what is theirs."""
    home = tmp_path_factory.mktemp("demo-home")
    made = _invoke(home, "demo", "--runs", "40", "--seed", "3")
    assert made.status == 0, made.err
    return home


@pytest.fixture
def cli(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Runs the command in this process, on the store with the demo."""
    for name in [name for name in os.environ if name.startswith(("FLUVIAL_", "MLFLOW_"))]:
        monkeypatch.delenv(name)

    def invoke(*arguments: str, **variables: str) -> Invoked:
        return _invoke(demo_home, *arguments, **variables)

    return invoke


def _invoke(home: Path, *arguments: str, **variables: str) -> Invoked:
    environment = {"FLUVIAL_HOME": str(home), **variables}
    result = CliRunner().invoke(root, arguments, env=environment, prog_name="fluvial")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Invoked(result.exit_code, result.stdout, result.stderr)
