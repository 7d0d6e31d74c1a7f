from __future__ import annotations

from pathlib import Path

import pytest

from fluvial.artifacts import StoreOptions
from fluvial.artifacts.locations import Locations
from fluvial.entities.run import RunStatus
from fluvial.errors import Unavailable
from fluvial.jobs import Job, jobs
from fluvial.jobs._runner import LEASE_S, Runner
from fluvial.services.platform import Platform
from fluvial.settings import ServerSettings
from fluvial.store.schema import open_database
from fluvial.wire.runs import START_RUN, StartRun
from tests.platforms import START_MS, Clock
from tests.services.making import get

EVERY_MS = 10_000


class Counted:
    """A job that counts how often it ran, and may fail."""

    def __init__(self, settles_s: float = 0.0) -> None:
        self.n = 0
        self.fails = False
        self.job = Job(name="counted", every_s=EVERY_MS / 1000, settles_s=settles_s, run=self.run)

    def run(self, _: Platform) -> None:
        if self.fails:
            raise Unavailable("The database is away.")
        self.n += 1


@pytest.fixture
def settings() -> ServerSettings:
    return ServerSettings(backend_store_uri="", artifacts_destination="", run_silence_s=60)


def test_of_several_servers_one_does_the_job_until_it_is_gone(
    platform: Platform, database_uri: str, clock: Clock, tmp_path: Path
) -> None:
    locations = Locations(destination=str(tmp_path / "artifacts"), options=StoreOptions())
    other = Platform(open_database(database_uri), locations, clock)
    first, second = Counted(), Counted()
    runners = Runner(platform, [first.job]), Runner(other, [second.job])
    for _ in range(3):
        for runner in runners:
            runner.step()
        clock.now_ms += EVERY_MS
    assert (first.n, second.n) == (3, 0)

    for _ in range(1 + int(LEASE_S * 1000 / EVERY_MS)):
        runners[1].step()
        clock.now_ms += EVERY_MS

    assert second.n == 1
    other.close()


def test_a_job_waits_until_the_server_has_listened_for_a_while(platform: Platform, clock: Clock) -> None:
    counted = Counted(settles_s=30)
    runner = Runner(platform, [counted.job])
    for _ in range(3):
        runner.step()
        clock.now_ms += EVERY_MS
    assert counted.n == 0

    runner.step()

    assert counted.n == 1


@pytest.mark.parametrize("jump_ms", [-3_600_000, 3_600_000])
def test_after_a_jump_of_the_clock_a_job_waits_again(platform: Platform, clock: Clock, jump_ms: int) -> None:
    counted = Counted(settles_s=20)
    runner = Runner(platform, [counted.job])
    for _ in range(3):
        runner.step()
        clock.now_ms += EVERY_MS
    assert counted.n == 1

    clock.now_ms += jump_ms
    runner.step()

    assert counted.n == 1


def test_a_job_that_fails_is_run_again_after_a_while(
    platform: Platform, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    counted = Counted(settles_s=10)
    runner = Runner(platform, [counted.job])
    counted.fails = True
    for _ in range(3):
        runner.step()
        clock.now_ms += EVERY_MS
    counted.fails = False

    for _ in range(3):
        runner.step()
        clock.now_ms += EVERY_MS

    assert counted.n >= 1
    assert "could not run" in caplog.text


def test_runs_that_fall_silent_are_marked_by_the_server(
    platform: Platform, clock: Clock, settings: ServerSettings
) -> None:
    run_id = "cd" * 16
    platform.call(START_RUN, StartRun(run_id=run_id, experiment_id="0", start_time=START_MS, beats=True))
    runner = Runner(platform, jobs(settings))

    for _ in range(6):
        runner.step()
        clock.now_ms += 15_000

    assert get(platform, run_id).info.status is RunStatus.FAILED


def test_jobs_can_be_turned_off() -> None:
    off = ServerSettings(
        backend_store_uri="", artifacts_destination="", run_silence_s=0, compaction_idle_s=-1
    )

    assert "silent_runs" not in {job.name for job in jobs(off)}
