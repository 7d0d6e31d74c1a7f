"""What was logged survives servers that are away, processes that are killed, and full disks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from contextlib import ExitStack
from pathlib import Path

import pytest

import fluvial
from fluvial.client.journal import JournalInUse
from fluvial.client.process import this_process
from fluvial.client.sync import Synced, sync_journal
from fluvial.errors import Unreachable
from tests.client.conftest import Script
from tests.server_process import ServerProcess, free_port, running_server

LOG_FOREVER = """
import sys
import fluvial

fluvial.set_tracking_uri(sys.argv[1])
run = fluvial.start_run()
print(run.info.run_id, flush=True)
for step in range(10**9):
    fluvial.log_metric("m", step, step=step)
    if step % 1000 == 999:
        print(step, flush=True)
"""

LOG_SOME = """
import sys
import fluvial

fluvial.set_tracking_uri(sys.argv[1])
with fluvial.start_run() as run:
    fluvial.log_param("p", 1)
    for step in range(1000):
        fluvial.log_metric("m", step, step=step)
    fluvial.log_text("hello", "notes/hello.txt")
print(run.info.run_id)
"""


def journals(home: Path) -> list[Path]:
    """The journals that are left."""
    folder = home / "journals"
    return sorted(folder.iterdir()) if folder.exists() else []


def sync(folder: Path, tracking_uri: str | None = None) -> Synced:
    """Send a journal."""
    return sync_journal(
        folder, this_process().settings, tracking_uri=tracking_uri, on_progress=lambda *_: None
    )


def kill_while_logging(home: Path, tracking_uri: str, n_points: int) -> tuple[str, int]:
    """Kill -9 a process that logs at full speed; returns its run and the last step that it said it logged."""
    with subprocess.Popen(
        [sys.executable, "-c", LOG_FOREVER, tracking_uri],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "FLUVIAL_HOME": str(home)},
    ) as process:
        assert process.stdout is not None
        run_id = process.stdout.readline().strip()
        last = 0
        while last < n_points - 1:
            last = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        process.wait()
        for line in process.stdout:
            last = int(line)
    return run_id, last


@pytest.mark.parametrize("n_points", [1000, 100_000])
def test_a_killed_process_loses_nothing_and_doubles_nothing(
    server: ServerProcess, fresh: None, home: Path, n_points: int
) -> None:
    run_id, last = kill_while_logging(home, server.url, n_points)
    (journal,) = journals(home)

    synced = sync(journal)

    fluvial.set_tracking_uri(server.url)
    steps = list(fluvial.get_metric_history(run_id, "m").steps)
    assert len(steps) > last
    assert steps == list(range(len(steps)))
    assert synced.is_gone
    assert journals(home) == []


def test_a_killed_process_loses_nothing_of_the_embedded_store(fresh: None, home: Path) -> None:
    run_id, last = kill_while_logging(home, "", 20_000)
    (journal,) = journals(home)

    sync(journal)

    steps = list(fluvial.get_metric_history(run_id, "m").steps)
    assert len(steps) > last
    assert steps == list(range(len(steps)))


def test_sending_a_journal_twice_changes_nothing(
    server: ServerProcess, fresh: None, home: Path, run_script: Script, tmp_path: Path
) -> None:
    run_id = run_script(LOG_SOME, server.url, FLUVIAL_OFFLINE="1").stdout.strip()
    (journal,) = journals(home)
    copy = tmp_path / "copy" / journal.name
    copy.parent.mkdir()
    subprocess.run(["cp", "-r", journal, copy], check=True)

    first, second = sync(journal), sync(copy)

    fluvial.set_tracking_uri(server.url)
    assert list(fluvial.get_metric_history(run_id, "m").steps) == list(range(1000))
    assert fluvial.get_run(run_id).info.status == "FINISHED"
    assert (first.n_files, first.n_rejected, second.n_rejected) == (1, 0, 0)
    assert not list(journal.parent.iterdir())


def test_a_server_that_is_away_holds_nothing_up(tmp_path: Path, home: Path, run_script: Script) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    done = run_script(LOG_SOME, url)

    (journal,) = journals(home)
    assert f"fluvial sync {journal}" in done.stderr
    assert "1005 records, 1 files" in done.stderr
    assert len(done.stdout.strip()) == 32


def test_what_a_server_missed_arrives_when_it_is_back(tmp_path: Path, fresh: None, home: Path) -> None:
    port = free_port()
    fluvial.set_tracking_uri(f"http://127.0.0.1:{port}")
    with fluvial.start_run() as run:
        fluvial.log_metric("m", 1)
        with pytest.raises(Unreachable):
            fluvial.get_run(run.info.run_id)

        with running_server(tmp_path, port=port):
            assert fluvial.flush(timeout_s=60)
            assert fluvial.get_run(run.info.run_id).data.metrics == {"m": 1.0}
            fluvial.end_run()
            this_process().close()


def test_a_server_that_restarts_gets_every_point_once(tmp_path: Path, fresh: None) -> None:
    port = free_port()
    fluvial.set_tracking_uri(f"http://127.0.0.1:{port}")
    with fluvial.start_run() as run:
        for start in (0, 1000, 2000):
            with running_server(tmp_path, port=port):
                for step in range(start, start + 1000):
                    fluvial.log_metric("m", step, step=step)
                assert fluvial.flush(timeout_s=60)
        with running_server(tmp_path, port=port):
            steps = fluvial.get_metric_history(run.info.run_id, "m").steps
            fluvial.end_run()
            this_process().close()

    assert list(steps) == list(range(3000))


def test_nothing_is_sent_while_offline(server: ServerProcess, home: Path, run_script: Script) -> None:
    done = run_script(LOG_SOME, server.url, FLUVIAL_OFFLINE="1")

    run_id = done.stdout.strip()
    assert server.get("/api/2.0/mlflow/runs/get", run_id=run_id).status == 404
    assert "fluvial sync" in done.stderr
    assert len(journals(home)) == 1


def test_a_journal_in_use_is_not_sent_by_others(fresh: None, home: Path) -> None:
    with fluvial.start_run():
        (journal,) = journals(home)
        with pytest.raises(JournalInUse):
            sync(journal)


def test_a_record_that_is_refused_holds_nothing_up_and_is_kept(
    server: ServerProcess, fresh: None, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fluvial.set_tracking_uri(server.url)
    with fluvial.start_run() as run:
        fluvial.log_metric("before", 1)
        fluvial.log_metric("lost", 1, run_id="0" * 32)
        fluvial.log_metric("after", 1)

    found = fluvial.get_run(run.info.run_id)
    this_process().close()

    assert set(found.data.metrics) == {"before", "after"}
    (journal,) = journals(home)
    (line,) = (journal / "rejected.jsonl").read_text().splitlines()
    assert json.loads(line)["error_code"] == "RESOURCE_DOES_NOT_EXIST"
    assert "refused" in caplog.text


def test_points_refused_between_others_are_the_ones_kept(
    server: ServerProcess, fresh: None, home: Path
) -> None:
    fluvial.set_tracking_uri(server.url)
    with fluvial.start_run() as run:
        for step in range(10):
            fluvial.log_metric("m", step, step=step)
            fluvial.log_metric("m", step, step=step, run_id="0" * 32)

    steps = fluvial.get_metric_history(run.info.run_id, "m").steps
    this_process().close()

    (journal,) = journals(home)
    (line,) = (journal / "rejected.jsonl").read_text().splitlines()
    assert list(steps) == list(range(10))
    assert json.loads(line)["n_records"] == 10


def test_a_torn_tail_is_passed_over(server: ServerProcess, fresh: None, home: Path) -> None:
    run_id, _ = kill_while_logging(home, f"http://127.0.0.1:{free_port()}", 1000)
    (journal,) = journals(home)
    last = max(journal.glob("*.frames"))
    content = last.read_bytes().rstrip(b"\0")
    last.write_bytes(content[:-20])

    sync(journal, server.url)

    fluvial.set_tracking_uri(server.url)
    steps = list(fluvial.get_metric_history(run_id, "m").steps)
    assert steps == list(range(len(steps)))
    assert len(steps) > 900


def test_a_forked_child_logs_to_the_run_of_its_parent(server: ServerProcess, run_script: Script) -> None:
    done = run_script(
        """
        import os, sys
        import fluvial

        fluvial.set_tracking_uri(sys.argv[1])
        with fluvial.start_run() as run:
            fluvial.log_metric("parent", 1)
            child = os.fork()
            if not child:
                fluvial.log_metric("child", 2)
                fluvial.log_param("from", "child")
                sys.exit(0)
            os.waitpid(child, 0)
            found = fluvial.get_run(run.info.run_id)
        print(found.data.metrics, found.data.params, found.info.status)
        """,
        server.url,
    )

    assert done.stdout.strip() == "{'child': 2.0, 'parent': 1.0} {'from': 'child'} RUNNING"


def test_processes_of_a_pool_log_to_one_run(server: ServerProcess, home: Path, run_script: Script) -> None:
    done = run_script(
        """
        import multiprocessing, sys
        import fluvial

        def log(worker):
            for step in range(100):
                fluvial.log_metric(f"m{worker}", step, step=step)

        fluvial.set_tracking_uri(sys.argv[1])
        with fluvial.start_run() as run:
            workers = [multiprocessing.get_context("fork").Process(target=log, args=(n,)) for n in range(3)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
        print([len(fluvial.get_metric_history(run.info.run_id, f"m{n}")) for n in range(3)])
        """,
        server.url,
    )

    assert done.stdout.strip() == "[100, 100, 100]"
    assert journals(home) == []


def test_several_processes_share_the_embedded_store(fresh: None, home: Path) -> None:
    code = textwrap.dedent(LOG_SOME)
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen([sys.executable, "-c", code, ""], stdout=subprocess.PIPE, text=True)
            )
            for _ in range(3)
        ]
        run_ids = [process.communicate()[0].strip() for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0]
    for run_id in run_ids:
        assert list(fluvial.get_metric_history(run_id, "m").steps) == list(range(1000))
    assert journals(home) == []


@pytest.mark.parametrize(
    ("ending", "status"),
    [("pass", "FINISHED"), ("raise ValueError", "FAILED"), ("raise KeyboardInterrupt", "KILLED")],
)
def test_a_run_that_nobody_ended_ends_as_its_process(
    server: ServerProcess, fresh: None, run_script: Script, ending: str, status: str
) -> None:
    done = run_script(
        f"""
        import sys
        import fluvial

        fluvial.set_tracking_uri(sys.argv[1])
        print(fluvial.start_run().info.run_id)
        fluvial.log_metric("m", 1)
        {ending}
        """,
        server.url,
        check=False,
    )

    fluvial.set_tracking_uri(server.url)
    found = fluvial.get_run(done.stdout.strip())
    assert (found.info.status, found.data.metrics) == (status, {"m": 1.0})


def test_a_folder_that_cannot_be_written_does_not_stop_the_program(
    server: ServerProcess, fresh: None, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home.mkdir()
    (home / "journals").write_text("in the way")
    fluvial.set_tracking_uri(server.url)

    with fluvial.start_run() as run:
        for step in range(5000):
            fluvial.log_metric("m", step, step=step)
        fluvial.log_text("hello", "hello.txt")

    assert len(fluvial.get_metric_history(run.info.run_id, "m")) == 5000
    assert [file.path for file in fluvial.FluvialClient().list_artifacts(run.info.run_id)] == ["hello.txt"]
    assert "goes on" in caplog.text
