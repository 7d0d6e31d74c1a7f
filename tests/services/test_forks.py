"""Runs that go on with another one's history, and runs that go back."""

from __future__ import annotations

import pytest

from fluvial.entities.run import RunStatus
from fluvial.errors import InvalidRequest, NotFound
from fluvial.services.platform import Platform
from fluvial.wire.forks import FORK_RUN, REWIND_RUN, ForkRun, RewindRun
from fluvial.wire.metrics import GET_METRIC_HISTORY, GET_METRIC_SERIES, GetMetricHistory, GetMetricSeries
from fluvial.wire.runs import DELETE_RUN, SEARCH_RUNS, UPDATE_RUN, RunId, SearchRuns, UpdateRun
from tests.services.making import get, last_values, log, params_of, start, tags_of


@pytest.fixture
def parent(platform: Platform) -> str:
    """A run whose loss is its step, from 0 to 9, with a spike at the end."""
    run_id = start(platform, run_name="parent")
    for step in range(10):
        log(platform, run_id, metrics=[("loss", 100.0 if step == 9 else float(step), step)])
    log(platform, run_id, metrics=[("late", 1.0, 8)], params={"rate": "0.1"}, tags={"team": "a"})
    return run_id


def steps_of(platform: Platform, run_id: str, key: str = "loss") -> list[int | None]:
    found = platform.call(GET_METRIC_HISTORY, GetMetricHistory(run_id=run_id, metric_key=key))
    return [metric.step for metric in found.metrics]


def charted(platform: Platform, run_id: str) -> list[int]:
    (series,) = platform.call(GET_METRIC_SERIES, GetMetricSeries(run_ids=(run_id,), keys=("loss",))).series
    return series.steps


def found_by(platform: Platform, filter_text: str) -> set[str]:
    page = platform.call(SEARCH_RUNS, SearchRuns(experiment_ids=("0",), filter=filter_text))
    return {run.info.run_id for run in page.runs}


def fork(platform: Platform, run_id: str, step: int) -> str:
    return platform.call(FORK_RUN, ForkRun(run_id=run_id, step=step)).run.info.run_id


def test_a_fork_has_what_its_origin_had_up_to_the_step_and_goes_on(platform: Platform, parent: str) -> None:
    forked = fork(platform, parent, 5)
    at_first = get(platform, forked)
    log(platform, forked, metrics=[("loss", 50.0, 6)])

    assert last_values(at_first) == {"loss": 5.0}
    assert (at_first.info.run_name, at_first.info.status) == ("parent from step 5", RunStatus.RUNNING)
    assert params_of(at_first) == {"rate": "0.1"}
    assert tags_of(at_first)["fluvial.forked_from"] == parent
    assert tags_of(at_first)["team"] == "a"
    assert steps_of(platform, forked) == charted(platform, forked) == [0, 1, 2, 3, 4, 5, 6]
    assert steps_of(platform, parent) == list(range(10))
    assert last_values(get(platform, forked)) == {"loss": 50.0}
    assert found_by(platform, "metrics.loss = 50") == {forked}
    assert found_by(platform, "metrics.loss = 100") == {parent}


def test_a_fork_of_a_fork_has_the_history_of_both(platform: Platform, parent: str) -> None:
    middle = fork(platform, parent, 5)
    for step in range(4, 8):
        log(platform, middle, metrics=[("loss", -1.0, step)])

    leaf = fork(platform, middle, 4)
    log(platform, leaf, metrics=[("loss", -2.0, 5)])

    assert steps_of(platform, leaf) == [0, 1, 2, 3, 4, 4, 5]
    assert last_values(get(platform, leaf)) == {"loss": -2.0}


def test_a_fork_keeps_its_history_when_its_origin_is_deleted(platform: Platform, parent: str) -> None:
    forked = fork(platform, parent, 2)

    platform.call(DELETE_RUN, RunId(run_id=parent))

    assert steps_of(platform, forked) == [0, 1, 2]
    with pytest.raises(InvalidRequest, match="deleted"):
        fork(platform, parent, 2)
    with pytest.raises(NotFound):
        fork(platform, "0" * 32, 2)


def test_a_run_goes_back_and_what_it_was_stays_as_an_attempt(platform: Platform, parent: str) -> None:
    artifacts = get(platform, parent).info.artifact_uri
    rewound = platform.call(REWIND_RUN, RewindRun(run_id=parent, step=3))
    attempt = rewound.attempt.info.run_id
    log(platform, parent, metrics=[("loss", 7.0, 4)])

    assert rewound.run.info.run_id == parent
    assert steps_of(platform, parent) == charted(platform, parent) == [0, 1, 2, 3, 4]
    assert last_values(get(platform, parent)) == {"loss": 7.0}
    assert steps_of(platform, attempt) == list(range(10))
    assert last_values(get(platform, attempt)) == {"loss": 100.0, "late": 1.0}
    assert tags_of(get(platform, attempt))["fluvial.attempt_of"] == parent
    assert rewound.attempt.info.run_name == "parent (attempt 1)"
    assert (rewound.attempt.info.status, rewound.run.info.status) == (RunStatus.KILLED, RunStatus.RUNNING)
    assert get(platform, parent).info.artifact_uri == artifacts == rewound.attempt.info.artifact_uri
    assert found_by(platform, "metrics.loss = 100") == {attempt}
    assert found_by(platform, "attributes.run_name = 'parent'") == {parent}


def test_a_run_goes_back_more_than_once(platform: Platform, parent: str) -> None:
    platform.call(REWIND_RUN, RewindRun(run_id=parent, step=6))
    log(platform, parent, metrics=[("loss", 1.0, 7)])
    again = platform.call(REWIND_RUN, RewindRun(run_id=parent, step=2))
    platform.call(UPDATE_RUN, UpdateRun(run_id=parent, status=RunStatus.FINISHED))

    assert again.attempt.info.run_name == "parent (attempt 2)"
    assert steps_of(platform, parent) == [0, 1, 2]
    assert steps_of(platform, again.attempt.info.run_id) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert len(found_by(platform, f"tags.fluvial.attempt_of = '{parent}'")) == 2
    assert get(platform, parent).info.status is RunStatus.FINISHED
