from __future__ import annotations

import pytest

from fluvial.entities.run import STATUS_REASON_TAG, STOP_TAG, RunStatus
from fluvial.errors import InvalidRequest
from fluvial.services.context import Permission
from fluvial.services.heartbeats import MAX_RUNS, mark_silent
from fluvial.services.platform import EVERYBODY, Platform
from fluvial.wire.heartbeats import HEARTBEAT, STOP_RUN, Heard, Heartbeat, StopRun
from fluvial.wire.journal import (
    RunDefinition,
    SeriesDefinition,
    SliceHeader,
    call_frame,
    pack_slice,
    point_frame,
)
from fluvial.wire.runs import START_RUN, UPDATE_RUN, StartRun, UpdateRun
from tests.platforms import START_MS, Clock
from tests.services.making import get, last_values, start

RUN = "cd" * 16
OTHER = "ef" * 16
SILENCE_MS = 300_000


def begin(platform: Platform) -> None:
    """A run of a client that gives signs of life."""
    platform.call(START_RUN, StartRun(run_id=RUN, experiment_id="0", start_time=START_MS, beats=True))


def beat(platform: Platform, *run_ids: str) -> None:
    assert platform.call(HEARTBEAT, Heartbeat(run_ids=run_ids)) == Heard()


def look(platform: Platform) -> int:
    work = platform.write_with(Permission.MANAGE, EVERYBODY, lambda context: mark_silent(context, SILENCE_MS))
    return work.result()


def log_point(platform: Platform, run_id: str, first: int = 0) -> None:
    header = SliceHeader(
        journal_id="ab" * 16,
        first_sequence=first,
        n_records=1,
        runs=(RunDefinition(1, run_id),),
        series=(SeriesDefinition(1, "m"),),
    )
    platform.ingest(pack_slice(header, point_frame(1, 1, 0, 5, 7.0))).result()


def tags(platform: Platform) -> dict[str, str]:
    return {tag.key: tag.value for tag in get(platform, RUN).data.tags}


def reason(platform: Platform) -> str:
    return tags(platform).get(STATUS_REASON_TAG, "")


def status(platform: Platform, run_id: str = RUN) -> RunStatus:
    return get(platform, run_id).info.status


@pytest.fixture
def silent(platform: Platform, clock: Clock) -> None:
    """The run was marked for its silence."""
    begin(platform)
    clock.now_ms += SILENCE_MS + 1
    assert look(platform) == 1


def test_a_silent_run_is_marked_failed_at_its_last_sign_with_the_reason(
    platform: Platform, clock: Clock
) -> None:
    begin(platform)
    clock.now_ms += 60_000
    beat(platform, RUN)
    clock.now_ms += SILENCE_MS
    assert look(platform) == 0
    clock.now_ms += 1

    assert (look(platform), look(platform)) == (1, 0)

    assert status(platform) is RunStatus.FAILED
    assert get(platform, RUN).info.end_time == START_MS + 60_000
    assert "Nothing was heard of its process since 2027-01-15 08:01:00 UTC" in reason(platform)


def test_runs_of_clients_that_never_beat_are_left_alone(platform: Platform, clock: Clock) -> None:
    run_id = start(platform)
    clock.now_ms += 10 * SILENCE_MS

    assert look(platform) == 0
    assert status(platform, run_id) is RunStatus.RUNNING


def test_a_heartbeat_brings_a_silent_run_back(platform: Platform, clock: Clock, silent: None) -> None:
    beat(platform, RUN)

    run = get(platform, RUN)
    assert (run.info.status, run.info.end_time, reason(platform)) == (RunStatus.RUNNING, None, "")
    clock.now_ms += SILENCE_MS + 1
    assert look(platform) == 1


def test_points_bring_a_silent_run_back(platform: Platform, silent: None) -> None:
    log_point(platform, RUN)

    assert status(platform) is RunStatus.RUNNING
    assert reason(platform) == ""
    assert last_values(get(platform, RUN)) == {"m": 7.0}


def test_points_are_signs_of_life(platform: Platform, clock: Clock) -> None:
    begin(platform)
    for number in range(3):
        clock.now_ms += SILENCE_MS - 1
        log_point(platform, RUN, first=number)

    assert look(platform) == 0


def test_the_real_end_replaces_the_guess(platform: Platform, silent: None) -> None:
    platform.call(UPDATE_RUN, UpdateRun(run_id=RUN, status=RunStatus.FINISHED, end_time=START_MS + 5))
    beat(platform, RUN)

    run = get(platform, RUN)
    assert (run.info.status, run.info.end_time) == (RunStatus.FINISHED, START_MS + 5)
    assert reason(platform) == ""


def test_a_run_that_ended_is_watched_no_more(platform: Platform, clock: Clock) -> None:
    begin(platform)
    platform.call(UPDATE_RUN, UpdateRun(run_id=RUN, status=RunStatus.KILLED, end_time=START_MS + 5))
    clock.now_ms += 10 * SILENCE_MS

    assert look(platform) == 0
    assert status(platform) is RunStatus.KILLED


def test_a_run_that_failed_by_itself_stays_failed(platform: Platform) -> None:
    begin(platform)
    platform.call(UPDATE_RUN, UpdateRun(run_id=RUN, status=RunStatus.FAILED, end_time=START_MS + 5))

    beat(platform, RUN)
    log_point(platform, RUN)

    assert status(platform) is RunStatus.FAILED


def test_a_resumed_run_is_watched_from_its_first_heartbeat(platform: Platform, clock: Clock) -> None:
    begin(platform)
    platform.call(UPDATE_RUN, UpdateRun(run_id=RUN, status=RunStatus.FINISHED, end_time=START_MS + 5))
    platform.call(UPDATE_RUN, UpdateRun(run_id=RUN, status=RunStatus.RUNNING))
    clock.now_ms += SILENCE_MS + 1
    assert look(platform) == 0

    beat(platform, RUN, "ee" * 16)
    clock.now_ms += SILENCE_MS + 1

    assert look(platform) == 1


def test_a_journal_that_is_sent_later_gives_the_real_status_back(platform: Platform, silent: None) -> None:
    frames = call_frame(
        UPDATE_RUN.path, UpdateRun(run_id=RUN, status=RunStatus.FINISHED, end_time=START_MS + 9)
    )
    header = SliceHeader(journal_id="ab" * 16, first_sequence=0, n_records=1)

    platform.ingest(pack_slice(header, frames)).result()

    assert status(platform) is RunStatus.FINISHED
    assert reason(platform) == ""


def test_a_heartbeat_names_a_bounded_number_of_runs(platform: Platform) -> None:
    with pytest.raises(InvalidRequest, match="up to"):
        beat(platform, *(f"{number:032x}" for number in range(MAX_RUNS + 1)))


def test_a_run_hears_with_its_next_sign_of_life_that_it_should_stop(platform: Platform) -> None:
    begin(platform)

    platform.call(STOP_RUN, StopRun(run_id=RUN))

    assert platform.call(HEARTBEAT, Heartbeat(run_ids=(RUN, OTHER))) == Heard(stop=(RUN,))
    assert tags(platform)[STOP_TAG] == str(START_MS)


def test_a_run_that_goes_on_was_not_asked_to_stop(platform: Platform) -> None:
    begin(platform)
    platform.call(STOP_RUN, StopRun(run_id=RUN))
    platform.call(UPDATE_RUN, UpdateRun(run_id=RUN, status=RunStatus.KILLED))
    assert STOP_TAG in tags(platform)

    platform.call(UPDATE_RUN, UpdateRun(run_id=RUN, status=RunStatus.RUNNING))

    beat(platform, RUN)
    assert STOP_TAG not in tags(platform)


def test_a_run_is_not_asked_to_stop_where_nobody_hears_it(platform: Platform) -> None:
    platform.call(START_RUN, StartRun(run_id=RUN, experiment_id="0"))
    with pytest.raises(InvalidRequest, match="gives no signs of life"):
        platform.call(STOP_RUN, StopRun(run_id=RUN))

    platform.call(UPDATE_RUN, UpdateRun(run_id=RUN, status=RunStatus.FINISHED))
    with pytest.raises(InvalidRequest, match="is not running"):
        platform.call(STOP_RUN, StopRun(run_id=RUN))
