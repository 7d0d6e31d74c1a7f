"""Real processes that die, servers that go away, disks that are full."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fluvial.client.history import MetricHistory
from fluvial.wire.metrics import POINTS_PATH
from tests.cli.conftest import MAIN
from tests.client.conftest import fresh, home, run_script
from tests.server_process import ServerProcess

__all__ = ["fresh", "home", "run_script"]

# A longer soak: SOAK_ROUNDS=100 pytest tests/client/chaos
ROUNDS = int(os.environ.get("SOAK_ROUNDS", "2"))
MAX_POINTS = 200_000

# Logs at full speed, and says after each call how many have returned.
LOG = """
import os, sys, time
import fluvial
fluvial.set_tracking_uri(sys.argv[1])
said, n_points, first = int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
with fluvial.start_run(run_id=sys.argv[5] if len(sys.argv) > 5 else None) as run:
    print(run.info.run_id, flush=True)
    for step in range(first, first + n_points):
        fluvial.log_metric("m", step, step=step)
        os.pwrite(said, b"%012d" % (step + 1), 0)
        if "PACE" in os.environ and step % 100 == 99:
            time.sleep(0.001)
"""


class Logger:
    """A process that logs.

    Attributes:
        process: The process.
        run_id: The run that it logs to.
    """

    def __init__(self, process: subprocess.Popen[str], said: int) -> None:
        assert process.stdout is not None
        self.process = process
        self.run_id = process.stdout.readline().strip()
        self._said = said

    @property
    def n_returned(self) -> int:
        """How many calls have returned: the number of the first point that was not acknowledged."""
        return int(os.pread(self._said, 12, 0) or 0)

    def await_points(self, n_points: int) -> None:
        """Wait until so many calls have returned."""
        while self.n_returned < n_points:
            assert self.process.poll() is None or self.n_returned >= n_points

    def kill(self) -> None:
        """Kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def logging_to(
    tracking_uri: str,
    home: Path,
    *arguments: str,
    n_points: int = MAX_POINTS,
    first: int = 0,
    **variables: str,
) -> Iterator[Logger]:
    """A process that logs points with the steps from `first` on."""
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                LOG,
                tracking_uri,
                str(said.fileno()),
                str(n_points),
                str(first),
                *arguments,
            ],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "FLUVIAL_HOME": str(home), "FLUVIAL_CAPTURE": "false", **variables},
            pass_fds=(said.fileno(),),
        ) as process,
    ):
        try:
            yield Logger(process, said.fileno())
        finally:
            process.kill()


def begin_sync(home: Path, *arguments: str) -> subprocess.Popen[str]:
    """`fluvial sync` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, "sync", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "FLUVIAL_HOME": str(home)},
    )


def sync(home: Path, *arguments: str) -> str:
    """`fluvial sync`; returns what it printed."""
    with begin_sync(home, *arguments) as process:
        printed = process.communicate()[0]
    assert process.returncode == 0, printed
    return printed


def steps_of(server: ServerProcess, run_id: str, key: str = "m") -> list[int]:
    """The steps of all points of a metric."""
    answer = server.get(POINTS_PATH, run_id=run_id, metric_key=key)
    return list(MetricHistory.from_columns(key, run_id, answer.body).steps)


def assert_nothing_lost_or_doubled(server: ServerProcess, logger: Logger) -> None:
    """Every point that was acknowledged is there, once; at most one more was under way."""
    steps = steps_of(server, logger.run_id)
    assert steps == list(range(len(steps)))
    assert logger.n_returned <= len(steps) <= logger.n_returned + 1


@pytest.fixture
def chance() -> random.Random:
    """A dice; a failure is repeated with the seed that it prints."""
    seed = int(os.environ.get("SOAK_SEED", random.SystemRandom().randrange(10**6)))
    sys.stdout.write(f"SOAK_SEED={seed}\n")
    return random.Random(seed)
