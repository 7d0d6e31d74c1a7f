from __future__ import annotations

import math
import threading
from concurrent.futures import Future

import pytest

from fluvial.entities.run import RunStatus
from fluvial.errors import InvalidRequest, JournalGap
from fluvial.services.context import Permission, Principal
from fluvial.services.platform import Platform
from fluvial.wire.journal import (
    Ingested,
    RunDefinition,
    SeriesDefinition,
    SliceHeader,
    call_frame,
    definition_frame,
    frame,
    pack_slice,
    point_frame,
)
from fluvial.wire.metrics import GET_METRIC_HISTORY, GetMetricHistory
from fluvial.wire.runs import (
    DELETE_RUN,
    LOG_PARAM,
    START_RUN,
    UPDATE_RUN,
    LogParam,
    RunId,
    StartRun,
    UpdateRun,
)
from tests.services.making import get, last_values, params_of, start

JOURNAL = "ab" * 16
RUN = "cd" * 16


def send(platform: Platform, frames: list[bytes], first: int = 0, **header: object) -> Ingested:
    made = SliceHeader(journal_id=JOURNAL, first_sequence=first, n_records=len(frames), **header)  # type: ignore[arg-type]
    return platform.ingest(pack_slice(made, b"".join(frames))).result(30)


def whole_run(n_points: int = 100) -> list[bytes]:
    """A run as a journal holds it: start, definitions, a param, points of two metrics, end."""
    return [
        call_frame(START_RUN.path, StartRun(run_id=RUN, experiment_name="from a journal")),
        definition_frame(RunDefinition(0, RUN)),
        definition_frame(SeriesDefinition(0, "even")),
        definition_frame(SeriesDefinition(1, "odd", model_id="m-1")),
        call_frame(LOG_PARAM.path, LogParam(run_id=RUN, key="lr", value="0.1")),
        *(point_frame(0, i % 2, i, 1000 + i, float(i)) for i in range(n_points)),
        call_frame(UPDATE_RUN.path, UpdateRun(run_id=RUN, status=RunStatus.FINISHED, end_time=5)),
    ]


def history(platform: Platform, key: str) -> list[float]:
    request = GetMetricHistory(run_id=RUN, metric_key=key)
    return [point.value for point in platform.call(GET_METRIC_HISTORY, request).metrics]


def test_a_journal_becomes_a_run(platform: Platform) -> None:
    frames = whole_run()

    answer = send(platform, frames)

    assert (answer.next_sequence, answer.n_points, answer.rejected) == (len(frames), 100, ())
    run = get(platform, RUN)
    assert (run.info.status, run.info.end_time) == (RunStatus.FINISHED, 5)
    assert params_of(run) == {"lr": "0.1"}
    assert last_values(run) == {"even": 98.0, "odd": 99.0}
    assert history(platform, "even") == [float(i) for i in range(0, 100, 2)]


def test_a_slice_sent_again_changes_nothing_and_says_how_far_it_is(platform: Platform) -> None:
    frames = whole_run()
    send(platform, frames)

    with pytest.raises(JournalGap) as caught:
        send(platform, frames)

    assert caught.value.expected_sequence == len(frames)
    assert len(history(platform, "even")) == 50


def test_a_slice_from_the_future_is_refused(platform: Platform) -> None:
    frames = whole_run()
    send(platform, frames[:10])

    with pytest.raises(JournalGap) as caught:
        send(platform, frames[20:], first=20)

    assert caught.value.expected_sequence == 10


def test_a_journal_cut_anywhere_gives_the_same_run(platform: Platform) -> None:
    frames = whole_run(20)
    cut = 9

    send(platform, frames[:cut])
    runs = (RunDefinition(0, RUN),)
    series = (SeriesDefinition(0, "even"), SeriesDefinition(1, "odd", model_id="m-1"))
    answer = send(platform, frames[cut:], first=cut, runs=runs, series=series)

    assert answer.rejected == ()
    assert history(platform, "even") == [float(i) for i in range(0, 20, 2)]
    assert history(platform, "odd") == [float(i) for i in range(1, 20, 2)]


def test_a_slice_that_arrives_many_times_at_once_is_applied_once(platform: Platform) -> None:
    frames = whole_run()
    header = SliceHeader(journal_id=JOURNAL, first_sequence=0, n_records=len(frames))
    body = pack_slice(header, b"".join(frames))
    outcomes: list[str] = []

    def deliver() -> None:
        future: Future[Ingested] = platform.ingest(body)
        error = future.exception(30)
        outcomes.append("applied" if error is None else type(error).__name__)

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(outcomes) == ["JournalGap"] * 5 + ["applied"]
    assert len(history(platform, "even")) == 50


def test_a_record_that_is_refused_does_not_hold_up_the_others(platform: Platform) -> None:
    frames = whole_run(4)
    bad = call_frame(LOG_PARAM.path, LogParam(run_id=RUN, key="lr", value="another"))
    unknown = point_frame(9, 0, 0, 0, 1.0)
    before_epoch = point_frame(0, 0, 7, -1, 1.0)
    frames[5:5] = [bad, unknown]
    frames.insert(-1, before_epoch)

    answer = send(platform, frames)

    assert [(one.sequence, one.n_records, one.error_code) for one in answer.rejected] == [
        (5, 1, "INVALID_PARAMETER_VALUE"),
        (6, 1, "INVALID_PARAMETER_VALUE"),
        (11, 1, "INVALID_PARAMETER_VALUE"),
    ]
    assert history(platform, "even") == [0.0, 2.0]
    assert get(platform, RUN).info.status is RunStatus.FINISHED


def test_points_of_a_deleted_run_are_reported_and_those_of_others_kept(platform: Platform) -> None:
    gone, kept = start(platform), start(platform)
    platform.call(DELETE_RUN, RunId(run_id=gone))
    runs = (RunDefinition(0, gone), RunDefinition(1, kept))

    frames = [point_frame(i % 2, 0, i, i, float(i)) for i in range(10)]
    answer = send(platform, frames, runs=runs, series=(SeriesDefinition(0, "m"),))

    assert answer.n_points == 5
    assert [(one.sequence, one.n_records) for one in answer.rejected] == [(0, 5)]
    assert last_values(get(platform, kept)) == {"m": 9.0}


def test_nan_and_infinity_travel_through_a_journal(platform: Platform) -> None:
    run_id = start(platform)
    frames = [point_frame(0, 0, i, i, value) for i, value in enumerate((math.inf, -math.inf, math.nan))]

    send(platform, frames, runs=(RunDefinition(0, run_id),), series=(SeriesDefinition(0, "m"),))

    request = GetMetricHistory(run_id=run_id, metric_key="m")
    assert [str(p.value) for p in platform.call(GET_METRIC_HISTORY, request).metrics] == [
        "inf",
        "-inf",
        "nan",
    ]


@pytest.mark.parametrize(
    "frames",
    [
        [point_frame(0, 0, 0, 0, 1.0)[:-3]],
        [frame(b"")],
        [frame(b"\x63rest")],
        [frame(b"\x02not msgpack")],
        [b"\xff" * 40],
        [],
    ],
)
def test_a_slice_that_cannot_be_read_is_refused_whole(platform: Platform, frames: list[bytes]) -> None:
    body = b"".join([definition_frame(RunDefinition(0, RUN)), *frames])
    header = SliceHeader(journal_id=JOURNAL, first_sequence=0, n_records=2)

    with pytest.raises(InvalidRequest):
        platform.ingest(pack_slice(header, body)).result(30)

    assert send(platform, whole_run(4)).next_sequence == 4 + 6


@pytest.mark.parametrize(
    "body", [b"", b"FLJ1", b"FLJ1\xff\xff\xff\xff", b"FLJ2" + b"0" * 20, b"FLJ1\x01\0\0\0x"]
)
def test_a_body_that_is_no_slice_is_refused(platform: Platform, body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        platform.ingest(body)


def test_a_journal_calls_only_what_may_stand_in_one(platform: Platform) -> None:
    answer = send(
        platform, [call_frame(DELETE_RUN.path, RunId(run_id=RUN)), call_frame("/etc", RunId(run_id=RUN))]
    )

    assert [one.sequence for one in answer.rejected] == [0, 1]


def test_whoever_may_only_read_may_not_send_a_journal(platform: Platform) -> None:
    header = SliceHeader(journal_id=JOURNAL, first_sequence=0, n_records=0)

    with pytest.raises(Exception, match="EDIT"):
        platform.ingest(pack_slice(header, b""), Principal("reader", Permission.READ))
