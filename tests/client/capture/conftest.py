"""Scripts of users with everything captured, against a real server."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

import fluvial
from tests.server_process import ServerProcess

SCRIPT_TIMEOUT_S = 60


class Captured:
    """A script that has ended, and the run that it logged first.

    Attributes:
        stdout: What the script printed.
        stderr: The same of errors.
        run: The run as the server has it.
    """

    def __init__(self, stdout: str, stderr: str, run: fluvial.Run, downloads: Path) -> None:
        self.stdout = stdout
        self.stderr = stderr
        self.run = run
        self._downloads = downloads

    @property
    def tags(self) -> dict[str, str]:
        return self.run.data.tags

    def files(self, folder: str = "") -> dict[str, str]:
        """The run's artifacts below a folder, their text by name."""
        found: dict[str, str] = {}
        client = fluvial.FluvialClient()
        for entry in client.list_artifacts(self.run.info.run_id, folder):
            if entry.is_dir:
                found |= self.files(entry.path)
            else:
                local = client.download_artifacts(self.run.info.run_id, entry.path, str(self._downloads))
                found[entry.path] = Path(local).read_text()
        return found


Capture = Callable[..., Captured]


@pytest.fixture
def capture(server: ServerProcess, fresh: None, home: Path, tmp_path: Path) -> Capture:
    """Runs a script, `train.py` in the folder `project`, in a process of its own."""
    project = tmp_path / "project"
    project.mkdir()
    fluvial.set_tracking_uri(server.url)

    def run(code: str, *args: str, **variables: str) -> Captured:
        script = project / "train.py"
        script.write_text(textwrap.dedent(code))
        experiment = tmp_path.name
        done = subprocess.run(
            [sys.executable, script.name, *args],
            cwd=project,
            capture_output=True,
            text=True,
            timeout=SCRIPT_TIMEOUT_S,
            check=False,
            env={
                **os.environ,
                "FLUVIAL_CAPTURE": "true",
                "FLUVIAL_HOME": str(home),
                "FLUVIAL_TRACKING_URI": server.url,
                "FLUVIAL_EXPERIMENT_NAME": experiment,
                **variables,
            },
        )
        assert done.returncode == 0, done.stderr
        runs = fluvial.search_runs(
            experiment_names=[experiment], order_by=["start_time ASC"], output_format="list"
        )
        return Captured(done.stdout, done.stderr, runs[0], tmp_path / "downloads")

    return run
