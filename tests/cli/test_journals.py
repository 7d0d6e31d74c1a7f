"""`fluvial journal`, `sync` and `verify`."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import MAIN, Command
from tests.server_process import ServerProcess, running_server

LOG = """
import sys
import numpy
import fluvial
fluvial.set_tracking_uri(sys.argv[1])
with fluvial.start_run(tags={"stage": "trial"}) as run:
    fluvial.log_params({"rate": 0.1, "layers": 3})
    fluvial.set_tags({"stage": "done", "gone": 1})
    fluvial.delete_tag("gone")
    fluvial.log_input(fluvial.data.from_numpy(numpy.zeros(3), name="zeros"), context="training")
    for step in range(100):
        fluvial.log_metric("m", step, step=step)
    fluvial.log_metric("nan", float("nan"))
    fluvial.log_metric("refused", 1, run_id="0" * 32)
    for number in range(20):
        fluvial.log_text(f"hello {number}", f"notes/{number}.txt")
        fluvial.log_text(f"last {number}", "notes/same.txt")
print(run.info.run_id)
"""


def log(home: Path, url: str, **variables: str) -> str:
    """A run of a process of its own; returns its id."""
    done = subprocess.run(
        [sys.executable, "-c", LOG, url],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "FLUVIAL_HOME": str(home), "FLUVIAL_CAPTURE": "false", **variables},
    )
    return done.stdout.strip()


def journal_of(home: Path) -> Path:
    (journal,) = (home / "journals").iterdir()
    return journal


def test_a_journal_is_shown_with_what_waits_and_what_was_refused(
    fluvial: Command, server: ServerProcess, home: Path
) -> None:
    run_id = log(home, server.url, FLUVIAL_OFFLINE="1")
    journal = str(journal_of(home))

    shown = fluvial("journal", "show", journal).stdout
    before = json.loads(fluvial("journal", "show", "--json", journal).stdout)
    fluvial("sync")
    after = json.loads(fluvial("journal", "show", "--json", journal).stdout)

    assert f"run {run_id}: 100 points of m" in shown
    assert f"To send it: fluvial sync {journal}" in shown
    assert {"run_id": run_id, "points": {"m": 100, "nan": 1}} in before["runs"]
    assert (len(before["files"]), before["refused"]) == (40, [])
    assert (after["n_records"], after["files"]) == (0, [])
    assert "RESOURCE_DOES_NOT_EXIST" in after["refused"][0]


def test_artifacts_that_were_logged_twice_under_one_name_end_as_the_last(
    fluvial: Command, server: ServerProcess, home: Path
) -> None:
    run_id = log(home, server.url, FLUVIAL_OFFLINE="1")

    done = fluvial("sync")

    assert "40 files sent" in done.stdout
    answer = server.get("/get-artifact", run_id=run_id, path="notes/same.txt")
    assert answer.text == "last 19"


@pytest.mark.parametrize("offline", ["0", "1"])
def test_what_was_sent_is_proven_to_be_there(
    fluvial: Command, server: ServerProcess, home: Path, offline: str
) -> None:
    run_id = log(home, server.url, FLUVIAL_OFFLINE=offline)
    if offline == "1":
        assert "nothing was sent yet" in fluvial("verify", run_id).stderr
        fluvial("sync")

    done = fluvial("verify", run_id)
    as_json = fluvial("verify", "--json", run_id)
    found = json.loads(as_json.stdout or as_json.stderr)

    assert done.returncode == 0, done.stdout
    assert "m: 100 points taken from here, 100 on the server: all there" in done.stdout
    assert {check["key"]: check["n_taken"] for check in found["series"]} == {"m": 100, "nan": 1}
    assert "2 params: all as logged" in done.stdout
    assert "21 artifacts" in done.stdout
    assert {"dataset", "param", "tag", "status"} < {check["kind"] for check in found["values"]}
    assert found["is_proven"]


def test_points_that_a_server_lost_are_found_to_be_missing(
    fluvial: Command, tmp_path: Path, home: Path
) -> None:
    with running_server(tmp_path) as server:
        run_id = log(home, server.url)
        with sqlite3.connect(tmp_path / "fluvial.db") as database:
            database.execute("DELETE FROM segment")

        done = fluvial("verify", run_id)

    assert done.returncode == 1
    assert "m: 100 points taken from here, 0 on the server: MISSING POINTS" in done.stdout


def test_what_a_server_changed_or_lost_is_named(fluvial: Command, tmp_path: Path, home: Path) -> None:
    with running_server(tmp_path) as server:
        run_id = log(home, server.url)
        (notes,) = tmp_path.glob("artifacts/**/notes")
        (notes / "3.txt").unlink()
        (notes / "4.txt").write_text("hallo 4")
        with sqlite3.connect(tmp_path / "fluvial.db") as database:
            database.execute("UPDATE param SET value = '0.2' WHERE value = '0.1'")
            database.execute("UPDATE tag SET value = 'trial' WHERE value = 'done'")
            database.execute("UPDATE run SET status = 4")
            database.execute("DELETE FROM run_input")

        done = fluvial("verify", run_id)

    assert done.returncode == 1
    for fault in (
        "the param rate has another value",
        "the tag stage has another value",
        "is missing",
        "the status of the run has another value",
        "the artifact notes/3.txt is missing",
        "the artifact notes/4.txt has another content",
    ):
        assert fault in done.stdout
    assert "the dataset zeros" in done.stdout
    assert "does not have everything" in done.stdout


def test_a_run_of_another_machine_cannot_be_verified(fluvial: Command) -> None:
    done = fluvial("verify", "f" * 32)

    assert done.returncode != 0
    assert "another machine" in done.stderr


def test_watching_sends_what_comes_later(server: ServerProcess, home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-c", MAIN, "sync", "--watch", "--every", "0.2"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "FLUVIAL_HOME": str(home)},
    ) as process:
        assert process.stdout is not None
        run_id = log(home, server.url, FLUVIAL_OFFLINE="1")

        said = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.wait()

    assert "40 files sent" in said
    assert process.returncode == 0
    assert server.get("/api/2.0/mlflow/runs/get", run_id=run_id).status == 200
