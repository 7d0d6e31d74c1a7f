from __future__ import annotations

import pytest

from fluvial.entities.experiment import LifecycleStage, ViewType
from fluvial.entities.run import RunStatus
from fluvial.entities.tag import Tag
from fluvial.errors import AlreadyExists, InvalidRequest, NotFound
from fluvial.services.platform import Platform
from fluvial.store.experiments import ACTIVITY_STEP_MS
from fluvial.wire.experiments import (
    CREATE_EXPERIMENT,
    DELETE_EXPERIMENT,
    DELETE_EXPERIMENT_TAG,
    GET_EXPERIMENT,
    GET_EXPERIMENT_BY_NAME,
    RESTORE_EXPERIMENT,
    SEARCH_EXPERIMENT_OVERVIEWS,
    SEARCH_EXPERIMENTS,
    SET_EXPERIMENT_TAG,
    UPDATE_EXPERIMENT,
    CreateExperiment,
    DeleteExperimentTag,
    ExperimentId,
    ExperimentName,
    SearchExperimentOverviews,
    SearchExperiments,
    SetExperimentTag,
    UpdateExperiment,
)
from fluvial.wire.runs import CREATE_RUN, GET_RUN, UPDATE_RUN, CreateRun, RunId, UpdateRun
from tests.platforms import START_MS, Clock


def create(platform: Platform, name: str = "vision", **more: object) -> ExperimentId:
    return platform.call(CREATE_EXPERIMENT, CreateExperiment(name=name, **more))  # type: ignore[arg-type]


def search(platform: Platform, **more: object) -> list[str]:
    page = platform.call(SEARCH_EXPERIMENTS, SearchExperiments(**{"max_results": 100, **more}))  # type: ignore[arg-type]
    return [experiment.name for experiment in page.experiments]


def test_the_default_experiment_is_there_from_the_start(platform: Platform) -> None:
    experiment = platform.call(GET_EXPERIMENT, ExperimentId(experiment_id="0")).experiment

    assert (experiment.name, experiment.artifact_location) == ("Default", "mlflow-artifacts:/0")
    assert experiment.creation_time == START_MS


def test_a_new_experiment_has_the_next_id_and_a_location_of_its_own(platform: Platform) -> None:
    created = create(platform, tags=(Tag(key="team", value="a"),))

    experiment = platform.call(GET_EXPERIMENT_BY_NAME, ExperimentName(experiment_name="vision")).experiment
    assert experiment.experiment_id == created.experiment_id == "1"
    assert experiment.artifact_location == "mlflow-artifacts:/1"
    assert experiment.tags == (Tag(key="team", value="a"),)


def test_a_name_is_taken_even_in_the_trash(platform: Platform) -> None:
    created = create(platform)
    with pytest.raises(AlreadyExists):
        create(platform)

    platform.call(DELETE_EXPERIMENT, created)

    with pytest.raises(AlreadyExists, match="trash"):
        create(platform)


@pytest.mark.parametrize("name", ["", "   ", "x" * 501, "a\x00b"])
def test_a_name_that_cannot_be_is_refused(platform: Platform, name: str) -> None:
    with pytest.raises(InvalidRequest):
        create(platform, name)


@pytest.mark.parametrize("experiment_id", ["", "x", "-1", "1.0", "٣", str(2**63)])
def test_an_id_that_is_no_whole_number_is_refused(platform: Platform, experiment_id: str) -> None:
    with pytest.raises(InvalidRequest, match="whole number"):
        platform.call(GET_EXPERIMENT, ExperimentId(experiment_id=experiment_id))


def test_what_is_not_there_is_not_found(platform: Platform) -> None:
    with pytest.raises(NotFound):
        platform.call(GET_EXPERIMENT, ExperimentId(experiment_id="77"))
    with pytest.raises(NotFound):
        platform.call(GET_EXPERIMENT_BY_NAME, ExperimentName(experiment_name="nobody"))


def test_renaming_moves_the_update_time(platform: Platform, clock: Clock) -> None:
    created = create(platform)
    clock.now_ms += 5

    platform.call(UPDATE_EXPERIMENT, UpdateExperiment(experiment_id=created.experiment_id, new_name="speech"))

    experiment = platform.call(GET_EXPERIMENT, created).experiment
    assert (experiment.name, experiment.last_update_time) == ("speech", START_MS + 5)
    with pytest.raises(AlreadyExists):
        platform.call(UPDATE_EXPERIMENT, UpdateExperiment(experiment_id="0", new_name="speech"))


def test_deleting_and_restoring_takes_the_runs_along(platform: Platform) -> None:
    created = create(platform)
    run = platform.call(CREATE_RUN, CreateRun(experiment_id=created.experiment_id)).run

    platform.call(DELETE_EXPERIMENT, created)

    gone = platform.call(GET_RUN, RunId(run_id=run.info.run_id)).run
    assert gone.info.lifecycle_stage is LifecycleStage.DELETED
    with pytest.raises(NotFound):
        platform.call(DELETE_EXPERIMENT, created)
    for refused in (
        lambda: platform.call(CREATE_RUN, CreateRun(experiment_id=created.experiment_id)),
        lambda: platform.call(
            SET_EXPERIMENT_TAG, SetExperimentTag(experiment_id=created.experiment_id, key="a")
        ),
        lambda: platform.call(
            UPDATE_EXPERIMENT, UpdateExperiment(experiment_id=created.experiment_id, new_name="b")
        ),
    ):
        with pytest.raises(InvalidRequest, match="'active' state"):
            refused()

    platform.call(RESTORE_EXPERIMENT, created)

    back = platform.call(GET_RUN, RunId(run_id=run.info.run_id)).run
    assert back.info.lifecycle_stage is LifecycleStage.ACTIVE


def test_tags_are_set_replaced_and_deleted(platform: Platform) -> None:
    created = create(platform)
    for value in ("a", "b"):
        tag = SetExperimentTag(experiment_id=created.experiment_id, key="team", value=value)
        platform.call(SET_EXPERIMENT_TAG, tag)
    assert platform.call(GET_EXPERIMENT, created).experiment.tags == (Tag(key="team", value="b"),)

    gone = DeleteExperimentTag(experiment_id=created.experiment_id, key="team")
    platform.call(DELETE_EXPERIMENT_TAG, gone)

    assert platform.call(GET_EXPERIMENT, created).experiment.tags == ()
    with pytest.raises(NotFound):
        platform.call(DELETE_EXPERIMENT_TAG, gone)


def test_a_search_finds_by_filter_view_and_order(platform: Platform, clock: Clock) -> None:
    for name in ("audio", "video", "text"):
        clock.now_ms += 1
        create(platform, name)
    text = platform.call(GET_EXPERIMENT_BY_NAME, ExperimentName(experiment_name="text")).experiment
    platform.call(DELETE_EXPERIMENT, ExperimentId(experiment_id=text.experiment_id))

    assert search(platform) == ["video", "audio", "Default"]
    assert search(platform, filter="name LIKE '%dio'") == ["audio"]
    assert search(platform, order_by=("name ASC",)) == ["Default", "audio", "video"]
    assert search(platform, view_type=ViewType.DELETED_ONLY) == ["text"]
    assert search(platform, view_type=ViewType.ALL, filter="name = 'text' OR name = 'audio'") == [
        "text",
        "audio",
    ]


def test_where_something_happened_last_comes_first(platform: Platform, clock: Clock) -> None:
    clock.now_ms += 1
    older = create(platform, "older")
    clock.now_ms += ACTIVITY_STEP_MS
    create(platform, "newer")
    by_activity = ("last_activity_time DESC",)
    assert search(platform, order_by=by_activity) == ["newer", "older", "Default"]

    clock.now_ms += ACTIVITY_STEP_MS
    long_ago = CreateRun(experiment_id=older.experiment_id, start_time=1)
    platform.call(CREATE_RUN, long_ago)
    assert search(platform, order_by=by_activity) == ["older", "newer", "Default"]

    clock.now_ms += 1
    platform.call(UPDATE_EXPERIMENT, UpdateExperiment(experiment_id="0", new_name="first"))
    assert search(platform, order_by=by_activity) == ["first", "older", "newer"]


def test_pages_follow_each_other_without_gap_or_overlap(platform: Platform, clock: Clock) -> None:
    for i in range(5):
        clock.now_ms += 1
        create(platform, f"e{i}")

    names: list[str] = []
    token = None
    while True:
        page = platform.call(SEARCH_EXPERIMENTS, SearchExperiments(max_results=2, page_token=token))
        names += [experiment.name for experiment in page.experiments]
        token = page.next_page_token
        if token is None:
            break

    assert names == ["e4", "e3", "e2", "e1", "e0", "Default"]


@pytest.mark.parametrize("size", [0, -1, 50_001])
def test_a_page_size_out_of_range_is_refused(platform: Platform, size: int) -> None:
    with pytest.raises(InvalidRequest, match="max_results"):
        platform.call(SEARCH_EXPERIMENTS, SearchExperiments(max_results=size))


@pytest.mark.parametrize("token", ["rubbish", "e30=", "eyJvZmZzZXQiOi0xfQ==", "WzFd"])
def test_a_page_token_of_somebody_else_is_refused(platform: Platform, token: str) -> None:
    with pytest.raises(InvalidRequest, match="page token"):
        platform.call(SEARCH_EXPERIMENTS, SearchExperiments(max_results=1, page_token=token))


def test_an_overview_counts_runs_that_are_not_deleted(platform: Platform, clock: Clock) -> None:
    created = create(platform)
    for _ in range(3):
        clock.now_ms += 10
        run = platform.call(CREATE_RUN, CreateRun(experiment_id=created.experiment_id)).run
    platform.call(UPDATE_RUN, UpdateRun(run_id=run.info.run_id, status=RunStatus.FINISHED))

    page = platform.call(SEARCH_EXPERIMENT_OVERVIEWS, SearchExperimentOverviews(filter="name = 'vision'"))

    (overview,) = page.experiments
    assert (overview.n_runs, overview.n_running, overview.last_start_time) == (3, 2, START_MS + 30)
    assert START_MS <= overview.last_activity_time <= START_MS + 30
