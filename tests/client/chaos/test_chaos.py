"""Nothing lost, nothing doubled, the training never raised."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.client.chaos.conftest import (
    MAX_POINTS,
    ROUNDS,
    assert_nothing_lost_or_doubled,
    begin_sync,
    logging_to,
    steps_of,
    sync,
)
from tests.client.conftest import Script
from tests.postgres import Cluster, Programs, shared_folder, start_guard
from tests.server_process import ServerProcess, free_port, running_server


def test_clients_that_are_killed_at_any_time_lose_nothing(
    server: ServerProcess, home: Path, chance: random.Random
) -> None:
    for _ in range(ROUNDS):
        with logging_to(server.url, home) as logger:
            logger.await_points(chance.randrange(1, MAX_POINTS // 2))
            logger.kill()

            sync(home)

            assert_nothing_lost_or_doubled(server, logger)


def test_a_server_that_is_killed_at_any_time_loses_nothing(
    tmp_path: Path, home: Path, chance: random.Random
) -> None:
    port = free_port()
    with ExitStack() as stack:
        server = stack.enter_context(running_server(tmp_path, port=port))
        with logging_to(server.url, home, n_points=10**9, PACE="1") as logger:
            for _ in range(ROUNDS):
                logger.await_points(logger.n_returned + chance.randrange(1, 10_000))
                server.process.kill()
                server.process.wait()
                server = stack.enter_context(running_server(tmp_path, port=port))
            logger.await_points(logger.n_returned + 1000)
            assert logger.process.poll() is None
            logger.kill()

            sync(home)

            assert_nothing_lost_or_doubled(server, logger)


def test_a_server_that_is_away_for_the_whole_run_gets_it_afterwards(tmp_path: Path, home: Path) -> None:
    port = free_port()
    with logging_to(f"http://127.0.0.1:{port}", home) as logger:
        logger.process.wait()
        with running_server(tmp_path, port=port) as server:
            sync(home)

            assert logger.process.returncode == 0
            assert_nothing_lost_or_doubled(server, logger)
            assert not list((home / "journals").iterdir())


@contextmanager
def small_disk(folder: Path, n_bytes: int) -> Iterator[Path]:
    """A file system of its own, with little space."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={n_bytes}", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"No file system can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


LOG_ON_A_FULL_DISK = """
import sys, time
from pathlib import Path
import fluvial
from fluvial.client.process import this_process
fluvial.set_tracking_uri(sys.argv[1])
with fluvial.start_run() as run:
    for step in range(50_000):
        fluvial.log_metric("m", step, step=step)
        if step == 25_000 and len(sys.argv) > 2:
            Path(sys.argv[2]).unlink()
print(run.info.run_id)
"""


@pytest.mark.parametrize("is_freed", [False, True])
def test_a_full_disk_loses_nothing_that_memory_can_hold(
    server: ServerProcess, tmp_path: Path, run_script: Script, is_freed: bool
) -> None:
    with small_disk(tmp_path / "disk", 4 << 20) as disk:
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(3 << 20))

        done = run_script(
            LOG_ON_A_FULL_DISK,
            server.url,
            *([str(ballast)] if is_freed else []),
            FLUVIAL_HOME=str(disk / "home"),
            FLUVIAL_CAPTURE="false",
        )

        assert "Your program goes on" in done.stderr
        assert "lost" not in done.stderr
        assert steps_of(server, done.stdout.strip()) == list(range(50_000))


def test_a_full_disk_and_no_server_keep_what_there_is_space_for_and_count_the_rest(
    server: ServerProcess, tmp_path: Path, run_script: Script
) -> None:
    with small_disk(tmp_path / "disk", 2 << 20) as disk:
        home = disk / "home"

        done = run_script(
            LOG_ON_A_FULL_DISK,
            f"http://127.0.0.1:{free_port()}",
            FLUVIAL_HOME=str(home),
            FLUVIAL_CAPTURE="false",
        )
        sync(home, "--tracking-uri", server.url)

        steps = steps_of(server, done.stdout.strip())
        n_lost = int(done.stderr.split(" records found no space")[0].rsplit(maxsplit=1)[-1])
        assert steps == list(range(len(steps)))
        assert 50_000 <= len(steps) + n_lost <= 50_000 + 1  # the end of the run may be the one more


def test_a_journal_that_has_grown_to_its_limit_goes_on_in_memory(
    server: ServerProcess, home: Path, run_script: Script
) -> None:
    done = run_script(
        LOG_ON_A_FULL_DISK, server.url, FLUVIAL_JOURNAL_MAX_BYTES="300000", FLUVIAL_CAPTURE="false"
    )

    assert "FLUVIAL_JOURNAL_MAX_BYTES" in done.stderr
    assert steps_of(server, done.stdout.strip()) == list(range(50_000))


def test_a_clock_that_jumps_back_loses_nothing(server: ServerProcess, run_script: Script) -> None:
    done = run_script(
        """
        import sys, time
        real, offset = time.time_ns, [0]
        time.time_ns = lambda: real() + offset[0]
        import fluvial
        fluvial.set_tracking_uri(sys.argv[1])
        with fluvial.start_run() as run:
            for step in range(20_000):
                if step % 5000 == 4999:
                    offset[0] -= 3_600 * 10**9
                fluvial.log_metric("m", step, step=step)
        print(run.info.run_id)
        """,
        server.url,
        FLUVIAL_CAPTURE="false",
    )

    assert steps_of(server, done.stdout.strip()) == list(range(20_000))


def test_a_journal_torn_anywhere_gives_all_before_the_tear(
    server: ServerProcess, home: Path, tmp_path: Path, chance: random.Random
) -> None:
    for _ in range(ROUNDS):
        with logging_to(f"http://127.0.0.1:{free_port()}", home, n_points=5_000) as logger:
            logger.await_points(5_000)
            logger.kill()
        (journal,) = (home / "journals").iterdir()
        last = max(journal.glob("*.frames"))
        content = last.read_bytes().rstrip(b"\0")
        torn = bytearray(content[: chance.randrange(len(content) // 2, len(content))])
        torn[-1] ^= 0xFF
        last.write_bytes(torn)

        sync(home, "--tracking-uri", server.url)

        steps = steps_of(server, logger.run_id)
        assert steps == list(range(len(steps)))
        assert steps


def test_two_syncs_at_once_send_everything_once(server: ServerProcess, home: Path) -> None:
    with logging_to(f"http://127.0.0.1:{free_port()}", home, n_points=100_000) as logger:
        logger.await_points(100_000)
        logger.kill()
        processes = [begin_sync(home, "--tracking-uri", server.url) for _ in range(2)]
        for process in processes:
            process.communicate()

        assert_nothing_lost_or_doubled(server, logger)
        assert not list((home / "journals").iterdir())


def test_a_copied_journal_sent_from_two_machines_at_once_arrives_once(
    server: ServerProcess, home: Path, tmp_path: Path
) -> None:
    with logging_to(f"http://127.0.0.1:{free_port()}", home, n_points=100_000) as logger:
        logger.await_points(100_000)
        logger.kill()
        elsewhere = tmp_path / "elsewhere"
        shutil.copytree(home, elsewhere)
        processes = [begin_sync(place, "--tracking-uri", server.url) for place in (home, elsewhere)]
        printed = [process.communicate()[0] for process in processes]

        assert [process.returncode for process in processes] == [0, 0], printed
        assert_nothing_lost_or_doubled(server, logger)


def test_ranks_on_several_machines_log_to_one_run(server: ServerProcess, tmp_path: Path) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(logging_to(server.url, tmp_path / "0", n_points=1000))
        ranks = [first] + [
            stack.enter_context(
                logging_to(server.url, tmp_path / str(rank), first.run_id, n_points=1000, first=1000 * rank)
            )
            for rank in (1, 2)
        ]
        for rank in ranks:
            rank.process.wait()

    assert steps_of(server, first.run_id) == list(range(3000))
    assert [rank.process.returncode for rank in ranks] == [0, 0, 0]


@pytest.fixture
def own_cluster() -> Iterator[tuple[Cluster, Path]]:
    """A PostgreSQL cluster that this test may restart."""
    with shared_folder() as folder:
        start_guard(folder)
        cluster = Cluster(folder)
        with psycopg.connect(cluster.url(), autocommit=True) as connection:
            connection.execute("ALTER ROLE fluvial SET synchronous_commit = on")  # as outside of tests
        yield cluster, folder


def test_a_postgresql_that_crashes_and_restarts_loses_nothing(
    own_cluster: tuple[Cluster, Path], tmp_path: Path, home: Path, chance: random.Random
) -> None:
    cluster, folder = own_cluster
    with (
        running_server(tmp_path, backend_store_uri=cluster.url()) as server,
        logging_to(server.url, home) as logger,
    ):
        for _ in range(ROUNDS):
            logger.await_points(logger.n_returned + chance.randrange(1, MAX_POINTS // (4 * ROUNDS)))
            Programs().run("pg_ctl", "restart", f"--pgdata={folder / 'data'}", "--wait", "--mode=immediate")
        logger.process.wait()

        sync(home)

        assert logger.process.returncode == 0
        assert_nothing_lost_or_doubled(server, logger)
