"""Runs that go to another experiment, with all that is theirs."""

from __future__ import annotations

import threading

import pytest

from fluvial.entities.dataset import Dataset, DatasetInput
from fluvial.entities.run import PARENT_TAG, ModelOutput
from fluvial.errors import InvalidRequest, NotFound
from fluvial.jobs.compaction import compact
from fluvial.services.platform import Platform
from fluvial.store import runs
from fluvial.store.database import Transaction
from fluvial.wire.experiments import (
    CREATE_EXPERIMENT,
    DELETE_EXPERIMENT,
    CreateExperiment,
    ExperimentId,
)
from fluvial.wire.forks import FORK_RUN, ForkRun
from fluvial.wire.logged_models import (
    CREATE_LOGGED_MODEL,
    GET_LOGGED_MODEL,
    SEARCH_LOGGED_MODELS,
    CreateLoggedModel,
    LoggedModelId,
    SearchLoggedModels,
)
from fluvial.wire.media import LIST_MEDIA, LOG_MEDIA, HistogramBins, ListMedia, LogMedia, MediaItem
from fluvial.wire.metrics import GET_METRIC_HISTORY, GetMetricHistory
from fluvial.wire.run_moves import MOVE_RUNS, MovedRuns, MoveRuns
from fluvial.wire.runs import (
    DELETE_RUN,
    LIST_RUN_COLUMNS,
    LOG_INPUTS,
    LOG_OUTPUTS,
    SEARCH_RUNS,
    ListRunColumns,
    LogInputs,
    LogOutputs,
    RunId,
    SearchRuns,
)
from tests.services.making import get, last_values, log, params_of, start, tags_of


@pytest.fixture
def other(platform: Platform) -> str:
    """Another experiment, with a run of its own."""
    made = platform.call(CREATE_EXPERIMENT, CreateExperiment(name="other")).experiment_id
    start(platform, experiment_id=made, run_name="resident")
    return made


def move(platform: Platform, run_ids: list[str], to: str, *, moves_children: bool = True) -> MovedRuns:
    request = MoveRuns(run_ids=tuple(run_ids), experiment_id=to, moves_children=moves_children)
    return platform.call(MOVE_RUNS, request)


def found_in(platform: Platform, experiment_id: str, filter_text: str = "") -> set[str]:
    request = SearchRuns(experiment_ids=(experiment_id,), filter=filter_text)
    return {run.info.run_id for run in platform.call(SEARCH_RUNS, request).runs}


def steps_of(platform: Platform, run_id: str) -> list[int | None]:
    request = GetMetricHistory(run_id=run_id, metric_key="loss")
    return [metric.step for metric in platform.call(GET_METRIC_HISTORY, request).metrics]


def filled(platform: Platform) -> str:
    """A run of the first experiment with something in every table."""
    run_id = start(platform, experiment_id="0", run_name="traveller")
    log(platform, run_id, metrics=[("loss", float(step), step) for step in range(600)])
    assert compact(platform, 0, 60) == 600
    log(platform, run_id, metrics=[("loss", 0.5, 600)], params={"rate": "0.1"}, tags={"team": "vision"})
    dataset = Dataset(name="faces", digest="d1", source_type="local", source="{}")
    platform.call(LOG_INPUTS, LogInputs(run_id=run_id, datasets=(DatasetInput(dataset=dataset, tags=()),)))
    bins = HistogramBins(edges=(0.0, 1.0), counts=(3,), n_not_finite=0)
    item = MediaItem(key="weights", kind="histogram", step=1, timestamp=5, histogram=bins)
    platform.call(LOG_MEDIA, LogMedia(run_id=run_id, items=(item,)))
    return run_id


def test_a_run_takes_all_that_was_logged_along_and_comes_back(platform: Platform, other: str) -> None:
    run_id = filled(platform)
    before = get(platform, run_id)
    model = platform.call(
        CREATE_LOGGED_MODEL, CreateLoggedModel(experiment_id="0", name="net", source_run_id=run_id)
    ).model.info.model_id
    platform.call(LOG_OUTPUTS, LogOutputs(run_id=run_id, models=(ModelOutput(model_id=model, step=1),)))

    def check(here: str, there: str) -> None:
        run = get(platform, run_id)
        assert run.info.experiment_id == here
        assert run.info.artifact_uri == before.info.artifact_uri
        assert last_values(run) == {"loss": 0.5}
        assert (params_of(run), tags_of(run)["team"]) == ({"rate": "0.1"}, "vision")
        assert run.inputs == before.inputs
        assert steps_of(platform, run_id) == list(range(601))
        (item,) = platform.call(LIST_MEDIA, ListMedia(run_id=run_id)).items
        assert (item.key, item.run_id) == ("weights", run_id)
        for said in (
            "params.rate = '0.1'",
            "metrics.loss = 0.5",
            "text MATCHES 'vision'",
            "dataset.name = 'faces'",
        ):
            assert found_in(platform, here, said) == {run_id}, said
            assert found_in(platform, there, said) == set(), said
        columns = platform.call(LIST_RUN_COLUMNS, ListRunColumns(experiment_ids=(here,)))
        assert ("rate" in columns.params, columns.metrics) == (True, ("loss",))
        assert platform.call(GET_LOGGED_MODEL, LoggedModelId(model_id=model)).model.info.experiment_id == here
        for where, expected in ((here, [model]), (there, [])):
            models = platform.call(SEARCH_LOGGED_MODELS, SearchLoggedModels(experiment_ids=(where,))).models
            assert [one.info.model_id for one in models] == expected

    moved = move(platform, [run_id], other)
    check(other, "0")
    log(platform, run_id, metrics=[("loss", 0.5, 601)])
    move(platform, list(moved.came_from[0].run_ids), moved.came_from[0].experiment_id)

    assert (moved.n_runs, moved.came_from[0].experiment_id) == (1, "0")
    assert len(steps_of(platform, run_id)) == 602
    assert get(platform, run_id).info.experiment_id == "0"
    assert found_in(platform, other, "text MATCHES 'vision'") == set()
    assert compact(platform, 0, 60) > 0
    assert len(steps_of(platform, run_id)) == 602


def test_the_columns_in_memory_are_those_of_both_experiments(platform: Platform, other: str) -> None:
    platform.database.columns_from_runs = 1
    run_ids = [start(platform, experiment_id="0") for _ in range(3)]
    for number, run_id in enumerate(run_ids):
        log(platform, run_id, metrics=[("loss", float(number), 0)], params={"rate": str(number)})
    assert found_in(platform, "0", "metrics.loss >= 0") == set(run_ids)
    assert found_in(platform, other, "metrics.loss >= 0") == set()

    move(platform, run_ids[:2], other)

    assert found_in(platform, "0", "metrics.loss >= 0") == {run_ids[2]}
    assert found_in(platform, other, "metrics.loss >= 0 and params.rate = '1'") == {run_ids[1]}
    move(platform, run_ids[:1], "0")
    assert found_in(platform, "0", "metrics.loss >= 0") == {run_ids[0], run_ids[2]}


def test_nested_runs_go_with_their_parents_unless_told_to_stay(platform: Platform, other: str) -> None:
    top = start(platform, experiment_id="0")
    child = start(platform, experiment_id="0")
    grandchild = start(platform, experiment_id="0")
    log(platform, child, tags={PARENT_TAG: top})
    log(platform, grandchild, tags={PARENT_TAG: child})
    stranger = start(platform, experiment_id="0")

    moved = move(platform, [top], other)
    where = {get(platform, run_id).info.experiment_id for run_id in (top, child, grandchild)}
    back = move(platform, [top], "0", moves_children=False)

    assert (moved.n_runs, where) == (3, {other})
    assert set(moved.came_from[0].run_ids) == {top, child, grandchild}
    assert (back.n_runs, found_in(platform, "0")) == (1, {top, stranger})


def test_forks_keep_their_history_wherever_they_and_their_origin_go(platform: Platform, other: str) -> None:
    origin = start(platform, experiment_id="0")
    log(platform, origin, metrics=[("loss", 1.0, step) for step in range(5)])
    forked = platform.call(FORK_RUN, ForkRun(run_id=origin, step=2)).run.info.run_id
    log(platform, forked, metrics=[("loss", 1.0, 9)])

    for moving, to in ((forked, other), (origin, other), (forked, "0"), (origin, "0")):
        move(platform, [moving], to)
        assert steps_of(platform, forked) == [0, 1, 2, 9]
        assert platform.call(LIST_MEDIA, ListMedia(run_id=forked)).items == ()


def test_what_cannot_be_moved_is_refused_and_all_stay(platform: Platform, other: str) -> None:
    kept, deleted = start(platform, experiment_id="0"), start(platform, experiment_id="0")
    platform.call(DELETE_RUN, RunId(run_id=deleted))
    gone = platform.call(CREATE_EXPERIMENT, CreateExperiment(name="gone")).experiment_id
    of_gone = start(platform, experiment_id=gone)
    platform.call(DELETE_EXPERIMENT, ExperimentId(experiment_id=gone))

    with pytest.raises(InvalidRequest, match=r"'gone' is deleted.*Restore it first"):
        move(platform, [kept], gone)
    with pytest.raises(InvalidRequest, match="'gone' is deleted: restore it first"):
        move(platform, [kept, of_gone], other)
    with pytest.raises(InvalidRequest, match="Restore it first"):
        move(platform, [kept, deleted], other)
    with pytest.raises(NotFound):
        move(platform, [kept, "0" * 32], other)
    with pytest.raises(NotFound):
        move(platform, [kept], "987654321")
    with pytest.raises(InvalidRequest, match="up to 1000 runs"):
        move(platform, [kept] * 1001, other)

    assert found_in(platform, "0") == {kept}
    assert move(platform, [kept], "0") == MovedRuns(n_runs=0)


def test_what_is_logged_while_a_run_moves_goes_where_it_is(
    platform: Platform, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if platform.database.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: nothing is logged meanwhile.")
    run_id = start(platform, experiment_id="0")
    is_read, may_go_on = threading.Event(), threading.Event()
    plain = runs.get_active

    def slowly(transaction: Transaction, wanted: str) -> runs.RunRow:
        row = plain(transaction, wanted)
        if not is_read.is_set():
            is_read.set()
            assert may_go_on.wait(20)
        return row

    monkeypatch.setattr(runs, "get_active", slowly)
    writer = threading.Thread(target=log, args=(platform, run_id), kwargs={"metrics": [("loss", 1.0, 1)]})
    writer.start()
    assert is_read.wait(20)
    mover = threading.Thread(target=move, args=(platform, [run_id], other))
    mover.start()
    mover.join(0.3)
    waits = mover.is_alive()
    may_go_on.set()
    writer.join(20)
    mover.join(20)

    assert waits
    assert get(platform, run_id).info.experiment_id == other
    assert steps_of(platform, run_id) == [1]
    assert found_in(platform, other, "metrics.loss = 1") == {run_id}
