from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from fluvial import __version__
from fluvial.cli import root
from tests.cli.conftest import MAIN, Command
from tests.server_process import ServerProcess, await_health, free_port

LOG = """
import sys
import fluvial
fluvial.set_tracking_uri(sys.argv[1])
with fluvial.start_run() as run:
    for step in range(100):
        fluvial.log_metric("m", step, step=step)
    fluvial.log_text("hello", "hello.txt")
print(run.info.run_id)
"""


@pytest.fixture
def unsent(home: Path, server: ServerProcess) -> str:
    """A run that was logged offline; its journal is in the home folder."""
    done = subprocess.run(
        [sys.executable, "-c", LOG, server.url],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "FLUVIAL_HOME": str(home), "FLUVIAL_OFFLINE": "1", "FLUVIAL_CAPTURE": "0"},
    )
    return done.stdout.strip()


def test_help_lists_every_command(fluvial: Command) -> None:
    done = fluvial("--help")

    assert done.returncode == 0
    listed = re.findall(r"^  (\w+)  +(\w.*)", done.stdout.partition("Commands:")[2], re.MULTILINE)
    assert [name for name, _ in listed] == root.list_commands(click.Context(root))


def every_command(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    """The words of each command and subcommand."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from every_command(command, *path, name)


@pytest.mark.parametrize("words", sorted(every_command(root)), ids=" ".join)
def test_every_command_shows_examples(words: tuple[str, ...]) -> None:
    shown = [CliRunner().invoke(root, [*where, "--help"]).stdout for where in (words, words[:-1])]

    assert words == ("version",) or f"  fluvial {' '.join(words)}" in "".join(shown)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_of_a_shell_is_printed(fluvial: Command, shell: str) -> None:
    assert "_FLUVIAL_COMPLETE" in fluvial("completion", shell).stdout


def test_a_word_is_completed(fluvial: Command) -> None:
    done = fluvial(_FLUVIAL_COMPLETE="bash_complete", COMP_WORDS="fluvial runs com", COMP_CWORD="2")

    assert done.stdout.strip() == "plain,compare"


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("fluvial runs list -e demo/chu", {"plain,demo/churn"}),
        ("fluvial runs list -e 'demo/chu%", set()),
        ("fluvial export --tracking-uri http://127.0.0.1:9 demo", set()),
        ("fluvial export --tracking-uri gopher://x demo", set()),
    ],
)
def test_the_name_of_an_experiment_is_completed(
    fluvial: Command, demo_home: Path, line: str, offered: set[str]
) -> None:
    assert _completed(fluvial, demo_home, line) == offered


def test_a_run_is_completed_by_its_id_and_by_its_name(fluvial: Command, demo_home: Path) -> None:
    listed = fluvial("runs", "list", "--json", "--max-results", "1", FLUVIAL_HOME=str(demo_home)).stdout
    run_id, name = json.loads(listed)["run_id"], json.loads(listed)["run_name"]

    assert _completed(fluvial, demo_home, f"fluvial runs show {run_id[:8]}") == {f"plain,{run_id[:12]}"}
    assert f"plain,{name}" in _completed(fluvial, demo_home, f"fluvial verify {name[:-1]}")


def _completed(fluvial: Command, home: Path, line: str) -> set[str]:
    word = str(len(line.split()) - 1)
    done = fluvial(
        _FLUVIAL_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=word, FLUVIAL_HOME=str(home)
    )
    assert done.stderr == ""
    return set(done.stdout.split("\n")) - {""}


def test_a_mistyped_command_is_a_usage_error_that_names_the_nearest(fluvial: Command) -> None:
    done = fluvial("rnus")

    assert done.returncode == 2
    assert "Did you mean runs?" in done.stderr


def test_version_is_the_package_s(fluvial: Command) -> None:
    assert fluvial("version").stdout.strip() == __version__


def test_sync_sends_what_was_logged_offline(
    fluvial: Command, server: ServerProcess, unsent: str, home: Path
) -> None:
    done = fluvial("sync")

    assert done.returncode == 0, done.stderr
    assert "1 files sent" in done.stdout
    run = server.get("/api/2.0/mlflow/runs/get", run_id=unsent).json["run"]
    assert run["info"]["status"] == "FINISHED"
    assert fluvial("sync").stdout == "Nothing to send.\n"


def test_sync_says_what_it_could_not_send(fluvial: Command, unsent: str, home: Path) -> None:
    done = fluvial("sync", "--tracking-uri", f"http://127.0.0.1:{free_port()}")

    assert done.returncode == 1
    assert "No server answers" in done.stderr
    assert len(list((home / "journals").iterdir())) == 1


def test_journals_are_listed(fluvial: Command, server: ServerProcess, unsent: str) -> None:
    shown = fluvial("journal", "ls").stdout
    listed = json.loads(fluvial("journal", "ls", "--json").stdout)

    assert server.url in shown
    assert "waits" in shown
    assert (listed["is_in_use"], listed["n_files"], listed["n_rejected"]) == (False, 1, 0)
    assert listed["n_records"] > 100


def test_no_journal_is_nothing_to_list(fluvial: Command) -> None:
    assert "No journals" in fluvial("journal", "ls").stderr


def test_a_damaged_journal_is_found(fluvial: Command, unsent: str, home: Path) -> None:
    whole = fluvial("journal", "verify")
    (chunk,) = home.glob("journals/*/*.frames")
    content = bytearray(chunk.read_bytes())
    content[-1] ^= 1
    chunk.write_bytes(content)

    damaged = fluvial("journal", "verify")

    assert (whole.returncode, damaged.returncode) == (0, 1)
    assert "whole" in whole.stdout
    assert "damaged" in damaged.stdout


def test_a_variable_that_is_no_setting_is_refused(fluvial: Command) -> None:
    done = fluvial("sync", FLUVIAL_TRACKING_URL="http://127.0.0.1:1")

    assert done.returncode == 2
    assert "Did you mean FLUVIAL_TRACKING_URI?" in done.stderr


def test_an_option_that_is_not_supported_is_refused_with_the_reason(fluvial: Command) -> None:
    done = fluvial("server", "--expose-prometheus", "metrics")

    assert done.returncode == 2
    assert "every server has its numbers at /metrics" in done.stderr


def test_a_port_that_is_taken_is_said(fluvial: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = fluvial("server", "--port", str(taken.getsockname()[1]))

    assert done.returncode == 2
    assert "--port" in done.stderr


@pytest.mark.parametrize(("command", "variable"), [("ui", "FLUVIAL_PORT"), ("server", "MLFLOW_PORT")])
def test_the_embedded_store_is_served(home: Path, command: str, variable: str) -> None:
    port = free_port()
    environment = {**os.environ, "FLUVIAL_HOME": str(home)}
    logged = subprocess.run(
        [sys.executable, "-c", LOG, ""], capture_output=True, text=True, check=True, env=environment
    )
    log = home / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-c", MAIN, command],
            stdout=output,
            stderr=output,
            env={**environment, variable: str(port)},
        ) as process,
    ):
        server = ServerProcess(f"http://127.0.0.1:{port}", home, log, process)
        await_health(server)
        answer = server.get("/api/2.0/mlflow/runs/get", run_id=logged.stdout.strip())
        process.send_signal(signal.SIGINT)
        process.wait(30)

    assert answer.json["run"]["data"]["metrics"][0]["value"] == 99.0
