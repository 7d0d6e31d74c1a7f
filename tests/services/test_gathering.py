from __future__ import annotations

import pytest

from fluvial.errors import InvalidRequest, NotFound, PermissionDenied, Unavailable
from fluvial.services.context import Permission, Principal
from fluvial.services.platform import EVERYBODY, Platform
from fluvial.services.routes import routes
from fluvial.wire.metrics import GET_METRIC_HISTORY, GetMetricHistory
from fluvial.wire.runs import LOG_METRIC, LogMetric
from tests.services.making import start

ROUTE = routes()[LOG_METRIC.key]


def point(run_id: str, step: int, key: str = "m", timestamp: int = 1) -> LogMetric:
    return LogMetric(run_id=run_id, key=key, value=step / 2, timestamp=timestamp, step=step)


def test_points_that_come_at_once_are_all_kept(platform: Platform) -> None:
    runs = [start(platform) for _ in range(3)]

    answers = [
        platform.submit(ROUTE, point(run_id, step), EVERYBODY) for step in range(100) for run_id in runs
    ]
    for answer in answers:
        answer.result(30)

    for run_id in runs:
        history = platform.call(GET_METRIC_HISTORY, GetMetricHistory(run_id=run_id, metric_key="m"))
        assert [one.step for one in history.metrics] == list(range(100))


def test_a_refused_point_holds_up_none_of_those_beside_it(platform: Platform) -> None:
    run_id = start(platform)
    wrong = {
        3: (point("nope", 3), NotFound),
        5: (point(run_id, 5, key="\x00"), InvalidRequest),
        7: (point(run_id, 7, timestamp=-1), InvalidRequest),
        8: (point(run_id, 2**63), InvalidRequest),
    }

    answers = [
        platform.submit(ROUTE, wrong[step][0] if step in wrong else point(run_id, step), EVERYBODY)
        for step in range(20)
    ]

    for step, answer in enumerate(answers):
        if step in wrong:
            with pytest.raises(wrong[step][1]):
                answer.result(30)
        else:
            answer.result(30)
    history = platform.call(GET_METRIC_HISTORY, GetMetricHistory(run_id=run_id, metric_key="m"))
    assert [one.step for one in history.metrics] == [step for step in range(20) if step not in wrong]


def test_who_may_not_log_is_refused_at_once(platform: Platform) -> None:
    with pytest.raises(PermissionDenied):
        platform.submit(ROUTE, point(start(platform), 0), Principal("reader", Permission.READ))


def test_points_that_no_transaction_could_be_begun_for_fail_one_and_all(platform: Platform) -> None:
    run_id = start(platform)
    platform.close()

    for step in range(3):
        with pytest.raises((Unavailable, RuntimeError)):
            platform.submit(ROUTE, point(run_id, step), EVERYBODY).result(30)
