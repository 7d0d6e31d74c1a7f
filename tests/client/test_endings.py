"""How processes end, and what becomes of their runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import fluvial
from fluvial.client.process import this_process
from fluvial.entities.run import STATUS_REASON_TAG
from tests.client.chaos.conftest import logging_to, steps_of, sync
from tests.client.conftest import Script
from tests.server_process import ServerProcess, free_port, running_server

GET_RUN = "/api/2.0/mlflow/runs/get"
MANY = 5000

WAIT_FOR_A_SIGNAL = """
import os, signal, sys
import fluvial
came, comes = os.pipe()
os.set_blocking(comes, False)
signal.set_wakeup_fd(comes)
{before}
fluvial.set_tracking_uri(sys.argv[1])
run = fluvial.start_run()
fluvial.log_metric("m", 1)
print(run.info.run_id, flush=True)
os.read(came, 1)  # unlike pause, it also sees a signal that came before it
{after}
"""


def end_by_sigterm(home: Path, url: str, before: str = "", after: str = "") -> tuple[str, int]:
    """A process that is sent a SIGTERM; returns its run and its exit status."""
    code = WAIT_FOR_A_SIGNAL.format(before=textwrap.dedent(before), after=textwrap.dedent(after))
    with subprocess.Popen(
        [sys.executable, "-c", code, url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "FLUVIAL_HOME": str(home)},
    ) as process:
        assert process.stdout is not None
        run_id = process.stdout.readline().strip()
        process.send_signal(signal.SIGTERM)
        process.wait()
    return run_id, process.returncode


def status_of(server: ServerProcess, run_id: str) -> str:
    return str(server.get(GET_RUN, run_id=run_id).json["run"]["info"]["status"])


def test_a_sigterm_ends_the_run_as_killed_and_the_process_as_ever(server: ServerProcess, home: Path) -> None:
    run_id, code = end_by_sigterm(home, server.url)

    assert (status_of(server, run_id), code) == ("KILLED", -signal.SIGTERM)
    assert not list((home / "journals").iterdir())


def test_a_program_s_own_sigterm_handler_is_left_alone(server: ServerProcess, home: Path) -> None:
    run_id, code = end_by_sigterm(
        home,
        server.url,
        before="signal.signal(signal.SIGTERM, lambda *_: fluvial.log_metric('saved', 1))",
        after="sys.exit(3)",
    )

    assert (status_of(server, run_id), code) == ("FINISHED", 3)
    assert steps_of(server, run_id, "saved") == [0]


def test_a_worker_that_is_terminated_sends_what_it_logged(server: ServerProcess, run_script: Script) -> None:
    done = run_script(
        """
        import multiprocessing, sys
        import fluvial

        def work(run_id, logged):
            for step in range(100):
                fluvial.log_metric("m", step, step=step, run_id=run_id)
            logged.set()
            multiprocessing.Event().wait()

        if __name__ == "__main__":
            fluvial.set_tracking_uri(sys.argv[1])
            context = multiprocessing.get_context("fork")
            logged = context.Event()
            with fluvial.start_run() as run:
                worker = context.Process(target=work, args=(run.info.run_id, logged), daemon=True)
                worker.start()
                logged.wait()
                worker.terminate()
                worker.join()
                print(len(fluvial.get_metric_history(run.info.run_id, "m")))
        """,
        server.url,
    )

    assert done.stdout.strip() == "100"


def test_spawned_processes_log_to_one_run(server: ServerProcess, home: Path, tmp_path: Path) -> None:
    script = tmp_path / "spawning.py"
    script.write_text(
        textwrap.dedent(
            """
            import multiprocessing, os, sys
            import fluvial

            def log(run_id, worker):
                fluvial.set_tracking_uri(sys.argv[1])
                for step in range(100):
                    fluvial.log_metric("m", worker, step=100 * worker + step, run_id=run_id)

            if __name__ == "__main__":
                fluvial.set_tracking_uri(sys.argv[1])
                with fluvial.start_run() as run:
                    with multiprocessing.get_context("spawn").Pool(2) as pool:
                        pool.starmap(log, [(run.info.run_id, worker) for worker in range(2)])
                        pool.close()
                        pool.join()
                print(run.info.run_id)
            """
        )
    )

    done = subprocess.run(
        [sys.executable, script, server.url],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "FLUVIAL_HOME": str(home)},
    )

    assert steps_of(server, done.stdout.strip()) == list(range(200))


def test_a_run_whose_process_is_killed_is_marked_and_gets_its_points_later(
    tmp_path: Path, home: Path
) -> None:
    with (
        running_server(tmp_path, run_silence_s=1) as server,
        logging_to(server.url, home, PACE="1") as logger,
    ):
        while server.get(GET_RUN, run_id=logger.run_id).status != 200:
            pass
        logger.kill()

        run = None
        for _ in range(MANY):
            run = server.get(GET_RUN, run_id=logger.run_id).json["run"]
            if run["info"]["status"] == "FAILED":
                break
        assert run is not None
        tags = {tag["key"]: tag["value"] for tag in run["data"]["tags"]}
        assert "Nothing was heard" in tags[STATUS_REASON_TAG]

        sync(home)

        assert len(steps_of(server, logger.run_id)) >= logger.n_returned


def test_a_run_that_is_alive_is_not_marked(tmp_path: Path, home: Path) -> None:
    with (
        running_server(tmp_path, run_silence_s=3) as server,
        logging_to(server.url, home, n_points=10**9, FLUVIAL_HEARTBEAT_S="0.5", PACE="1") as logger,
        logging_to(server.url, home, n_points=1) as dead,
    ):
        dead.process.wait()
        other = server.post("/api/2.0/mlflow/runs/create", experiment_id="0").json["run"]["info"]["run_id"]
        logger.await_points(100_000)

        assert status_of(server, logger.run_id) == "RUNNING"
        assert status_of(server, other) == "RUNNING"
        assert status_of(server, dead.run_id) == "FINISHED"


def test_what_could_not_be_sent_at_the_end_is_said_after_ctrl_c(home: Path, run_script: Script) -> None:
    done = run_script(
        """
        import sys
        import fluvial
        fluvial.set_tracking_uri(sys.argv[1])
        with fluvial.start_run():
            fluvial.log_metric("m", 1)
            raise KeyboardInterrupt
        """,
        f"http://127.0.0.1:{free_port()}",
        check=False,
    )

    (journal,) = (home / "journals").iterdir()
    assert f"fluvial sync {journal}" in done.stderr


def test_a_record_that_is_too_large_for_the_server_is_put_aside_and_the_rest_goes_on(
    server: ServerProcess, fresh: None, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fluvial.set_tracking_uri(server.url)
    with fluvial.start_run() as run:
        fluvial.log_metric("before", 1)
        fluvial.set_tag("large", "x" * (65 << 20))
        fluvial.log_metric("after", 1)

    found = fluvial.get_run(run.info.run_id)
    this_process().close()

    assert {"before", "after"} <= set(found.data.metrics)
    assert "large" not in found.data.tags
    assert "REQUEST_TOO_LARGE" in caplog.text
    assert len(list((home / "journals").glob("*/rejected.jsonl"))) == 1


def test_the_embedded_store_marks_a_killed_run_when_it_is_opened(
    fresh: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with logging_to("", home, PACE="1") as logger:
        logger.await_points(100)
        logger.kill()
    sync(home)
    monkeypatch.setenv("FLUVIAL_RUN_SILENCE_S", "0.001")
    this_process.cache_clear()

    found = fluvial.get_run(logger.run_id)

    assert found.info.status == "FAILED"
    assert "Nothing was heard" in found.data.tags[STATUS_REASON_TAG]
