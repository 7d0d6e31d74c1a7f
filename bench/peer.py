"""The peer: MLflow in a virtual environment of its own, and servers of both to run against."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

# The command `fluvial` of this Python, whether it is installed or only on the path.
FLUVIAL = (sys.executable, "-c", "from fluvial.cli import main; main()")
MLFLOW = "mlflow==3.17.2"
ENVIRONMENTS = Path(__file__).parent / ".envs"
READY_LIMIT_S = 180.0
# As it is for a user: with the bytecode that the first start left, whatever the caller's shell says.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_DISABLE_AGENT_HINT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}


class Server(Struct, frozen=True):
    """A running server.

    Attributes:
        url: Where it is.
        pid: Its first process.
        ready_s: From its start to the first answer of /health, seconds.
        folder: Where it keeps its data.
    """

    url: str
    pid: int
    ready_s: float
    folder: Path


def environment(name: str, *requirements: str) -> Path:
    """The Python of a virtual environment with some packages, made where it is missing."""
    folder = ENVIRONMENTS / name
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        print(f"Installing {' '.join(requirements)} into {folder} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *requirements], check=True)
        done.touch()
    return python


def mlflow_python() -> Path:
    """The Python that has MLflow."""
    return environment("mlflow", MLFLOW)


@contextmanager
def fluvial_server(database: str = "") -> Iterator[Server]:
    """A fluvial server on a database, or on an empty SQLite store."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*FLUVIAL, "server"]
        command += ["--backend-store-uri", database or f"sqlite:///{folder}/fluvial.db"]
        command += ["--artifacts-destination", f"{folder}/artifacts"]
        with _running(command, Path(folder)) as server:
            yield server


@contextmanager
def mlflow_server() -> Iterator[Server]:
    """An MLflow server on an empty SQLite store, with its defaults."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(mlflow_python()), "-m", "mlflow", "server"]
        command += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db"]
        command += ["--artifacts-destination", f"{folder}/artifacts"]
        with _running(command, Path(folder)) as server:
            yield server


def run(python: Path | str, code: str, *arguments: str, **more: str) -> Any:
    """Run a piece of Python in a process of its own; returns the JSON of its last line."""
    finished = subprocess.run(
        [str(python), "-c", code, *arguments],
        env={**ENVIRONMENT, **QUIET, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise RuntimeError(f"{python} failed:\n{finished.stderr[-4000:]}")
    return json.loads(finished.stdout.strip().splitlines()[-1])


def processes_of(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += parents.get(each, [])
    return found


def memory_mb(pid: int) -> float:
    """Memory of a process and all that it started, each page counted once (PSS), MB."""
    total_kb = 0
    for each in processes_of(pid):
        for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total_kb += int(line.split()[1])
    return total_kb / 1000


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    log = folder / "server.log"
    with log.open("wb") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            env={**ENVIRONMENT, **QUIET},
            cwd=folder,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            _wait(url, process, log)
            yield Server(url, process.pid, time.perf_counter() - begun, folder)
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a server and all that it started; MLflow's job runners outlive it otherwise."""
    started = processes_of(process.pid)
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
    for pid in started:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.perf_counter() + READY_LIMIT_S
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended:\n{log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
                answer.read()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.01)
        else:
            return
    raise RuntimeError(f"The server is not ready after {READY_LIMIT_S} s:\n{log.read_text()[-4000:]}")
