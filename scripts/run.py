"""What `make run` does once everything is set up: serve, train once, and wait for Ctrl-C.

    .venv/bin/python -m scripts.run [--train]

The data is in .fluvial/ and stays there. The quickstart's models are trained if there are no runs of
theirs yet, or with --train.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import urlopen

from scripts.setup import ROOT

FOLDER = ROOT / ".fluvial"
LOG = FOLDER / "server.log"
HOST = "127.0.0.1"
PORTS = range(5000, 5100)
EXPERIMENTS = ("breast-cancer", "digits", "diabetes")
START_S = 60.0
LOOK_EVERY_S = 0.05
STOP_S = 20.0


class Failed(Exception):
    """Something that should run does not; the message says what to look at."""


def free_port() -> int:
    """The first port from 5000 on that nobody listens on."""
    for port in PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        if port != PORTS[0]:
            print(f"Port {PORTS[0]} is taken; this is on {port}.")
        return port
    raise Failed(f"No port from {PORTS[0]} to {PORTS[-1]} is free.")


@contextmanager
def process(command: list[str], **options: object) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is stopped, as by Ctrl-C, when the block ends.

    It is in a group of its own, so that Ctrl-C in the terminal reaches it from here only.
    """
    running = subprocess.Popen(command, cwd=ROOT, process_group=0, **options)  # type: ignore[call-overload]
    try:
        yield running
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGINT)
            try:
                running.wait(STOP_S)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


@contextmanager
def server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The server on the data in .fluvial/, ready to answer."""
    FOLDER.mkdir(exist_ok=True)
    command = [str(ROOT / ".venv/bin/fluvial"), "server", "--host", HOST, "--port", str(port)]
    environment = {**os.environ, "FLUVIAL_HOME": str(FOLDER)}
    with LOG.open("wb") as log, process(command, env=environment, stdout=log, stderr=log) as running:
        for _ in range(int(START_S / LOOK_EVERY_S)):
            if answers(port):
                yield running
                return
            try:
                running.wait(LOOK_EVERY_S)
            except subprocess.TimeoutExpired:
                continue
            break
        raise Failed(f"The server did not start:\n{LOG.read_text(errors='replace')}")


def answers(port: int) -> bool:
    """Whether the server is up."""
    try:
        with urlopen(f"http://{HOST}:{port}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError):
        return False


def experiment_ids(port: int) -> dict[str, str]:
    """The ids of the quickstart's experiments that are there already."""
    ids = {}
    for name in EXPERIMENTS:
        path = f"/api/2.0/mlflow/experiments/get-by-name?experiment_name={quote(name)}"
        try:
            with urlopen(f"http://{HOST}:{port}{path}", timeout=30) as answer:
                ids[name] = json.load(answer)["experiment"]["experiment_id"]
        except HTTPError as error:
            if error.code != 404:
                raise
    return ids


def train(url: str) -> None:
    """Run the quickstart as its reader would; what it prints is shown."""
    environment = {**os.environ, "FLUVIAL_TRACKING_URI": url}
    study = [sys.executable, str(ROOT / "examples/quickstart/study.py")]
    with process(study, env=environment) as training:
        if training.wait() != 0:
            raise Failed("The quickstart failed; what it printed is above. The server's log is in .fluvial/.")


def serve(port: int, *, train_again: bool) -> None:
    """Serve, train where there is nothing to see yet, say where to look, and wait for the server's end."""
    url = f"http://{HOST}:{port}"
    with server(port) as running:
        print(f"fluvial is at {url}\n", flush=True)
        there = experiment_ids(port)
        if train_again or len(there) < len(EXPERIMENTS):
            print("Training the quickstart's models; watch them in the browser while they run.", flush=True)
            train(url)
            there = experiment_ids(port)
        else:
            print("The quickstart's runs are in .fluvial/ from before; make run TRAIN=1 trains again.")
        print()
        for name, id_ in there.items():
            print(f"  {name:14} {url}/#/experiments/{id_}")
        print(f"\nLog your own:  export FLUVIAL_TRACKING_URI={url}  (or MLFLOW_TRACKING_URI)")
        print("Stop:          Ctrl-C; the data stays in .fluvial/", flush=True)
        status = running.wait()
    raise Failed(f"The server ended with exit code {status}:\n{LOG.read_text(errors='replace')}")


@contextmanager
def foreground() -> Iterator[None]:
    """Let Ctrl-C in the terminal reach this process and not `make`, which would call it a failure."""
    group = os.getpgrp()
    if not sys.stdin.isatty() or os.tcgetpgrp(sys.stdin.fileno()) != group:
        yield
        return
    os.setpgid(0, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.tcsetpgrp(sys.stdin.fileno(), os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(sys.stdin.fileno(), group)


def main() -> int:
    """Serve until Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with foreground():
        try:
            serve(free_port(), train_again="--train" in sys.argv)
        except KeyboardInterrupt:
            print("\nStopped.")
        except Failed as failure:
            print(failure, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
