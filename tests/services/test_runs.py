from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable

import pytest

from fluvial.entities.dataset import Dataset, DatasetInput, DatasetSummary
from fluvial.entities.experiment import LifecycleStage, ViewType
from fluvial.entities.metric import Metric
from fluvial.entities.run import ModelInput, ModelOutput, RunStatus
from fluvial.entities.tag import Param, Tag
from fluvial.errors import InvalidRequest, NotFound
from fluvial.services.platform import Platform
from fluvial.wire.datasets import SEARCH_DATASETS, SearchDatasets
from fluvial.wire.runs import (
    COUNT_RUNS,
    CREATE_RUN,
    DELETE_RUN,
    DELETE_TAG,
    LIST_RUN_COLUMNS,
    LOG_BATCH,
    LOG_INPUTS,
    LOG_METRIC,
    LOG_MODEL,
    LOG_OUTPUTS,
    LOG_PARAM,
    RESTORE_RUN,
    SEARCH_RUNS,
    SET_TAG,
    START_RUN,
    UPDATE_RUN,
    CountRuns,
    CreateRun,
    DeleteTag,
    ListRunColumns,
    LogBatch,
    LogInputs,
    LogMetric,
    LogModel,
    LogOutputs,
    LogParam,
    RunId,
    SearchRuns,
    SetTag,
    StartRun,
    UpdateRun,
)
from tests.platforms import START_MS, Clock
from tests.services.making import get, last_values, log, params_of, start, tags_of


def found(platform: Platform, filter_: str = "", **more: object) -> list[str]:
    request = SearchRuns(experiment_ids=("0",), filter=filter_, **more)  # type: ignore[arg-type]
    return [run.info.run_name for run in platform.call(SEARCH_RUNS, request).runs]


def test_a_new_run_runs_and_has_a_name_mirrored_in_its_tag(platform: Platform) -> None:
    run = platform.call(CREATE_RUN, CreateRun(user_id="ada", tags=(Tag(key="a", value="1"),))).run

    assert run.info.run_id == run.info.run_uuid
    assert run.info.status is RunStatus.RUNNING
    assert (run.info.start_time, run.info.end_time) == (START_MS, None)
    assert run.info.artifact_uri == f"mlflow-artifacts:/0/{run.info.run_id}/artifacts"
    assert run.outputs is None
    assert tags_of(run) == {"a": "1", "mlflow.runName": run.info.run_name}
    assert get(platform, run.info.run_id).outputs is not None


def test_a_name_and_a_tag_that_differ_are_refused(platform: Platform) -> None:
    tags = (Tag(key="mlflow.runName", value="b"),)

    with pytest.raises(InvalidRequest, match="differ"):
        start(platform, run_name="a", tags=tags)

    assert get(platform, start(platform, tags=tags)).info.run_name == "b"


def test_a_run_starts_under_the_callers_id_and_only_once(platform: Platform) -> None:
    run_id = "0123456789abcdef" * 2

    for name in ("first", "second"):
        request = StartRun(run_id=run_id, experiment_name="new", run_name=name)
        run = platform.call(START_RUN, request).run

    assert (run.info.run_id, run.info.run_name, run.info.experiment_id) == (run_id, "first", "1")
    for wrong in ("x", "../etc", run_id.upper()):
        with pytest.raises(InvalidRequest, match="hex"):
            platform.call(START_RUN, StartRun(run_id=wrong))


def test_many_callers_start_one_run_together(platform: Platform) -> None:
    run_id = "f" * 32
    names: list[str] = []

    def begin() -> None:
        request = StartRun(run_id=run_id, experiment_name="together")
        names.append(platform.call(START_RUN, request).run.info.run_name)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(names) == 8
    assert len(set(names)) == 1


def test_an_update_changes_what_it_names(platform: Platform) -> None:
    run_id = start(platform)

    platform.call(UPDATE_RUN, UpdateRun(run_id=run_id, status=RunStatus.FINISHED, end_time=START_MS + 9))
    info = platform.call(UPDATE_RUN, UpdateRun(run_id=run_id, run_name="renamed")).run_info

    assert (info.status, info.end_time, info.run_name) == (RunStatus.FINISHED, START_MS + 9, "renamed")
    assert tags_of(get(platform, run_id))["mlflow.runName"] == "renamed"


def test_a_tag_renames_a_run(platform: Platform) -> None:
    run_id = start(platform)

    platform.call(SET_TAG, SetTag(run_id=run_id, key="mlflow.runName", value="by tag"))

    assert get(platform, run_id).info.run_name == "by tag"


def test_writes_to_a_deleted_run_are_refused_until_it_is_restored(platform: Platform) -> None:
    run_id = start(platform)
    log(platform, run_id, tags={"t": "1"})
    for _ in range(2):
        platform.call(DELETE_RUN, RunId(run_id=run_id))
    assert get(platform, run_id).info.lifecycle_stage is LifecycleStage.DELETED

    writes = (
        lambda: platform.call(LOG_METRIC, LogMetric(run_id=run_id, key="m", value=1, timestamp=1)),
        lambda: platform.call(LOG_PARAM, LogParam(run_id=run_id, key="p", value="1")),
        lambda: platform.call(SET_TAG, SetTag(run_id=run_id, key="t", value="2")),
        lambda: platform.call(DELETE_TAG, DeleteTag(run_id=run_id, key="t")),
        lambda: platform.call(LOG_BATCH, LogBatch(run_id=run_id)),
        lambda: platform.call(UPDATE_RUN, UpdateRun(run_id=run_id, run_name="n")),
        lambda: platform.call(LOG_INPUTS, LogInputs(run_id=run_id)),
    )
    for write in writes:
        with pytest.raises(InvalidRequest, match="'active' state"):
            write()

    for _ in range(2):
        platform.call(RESTORE_RUN, RunId(run_id=run_id))
    for write in writes:
        write()


def test_params_are_written_once(platform: Platform) -> None:
    run_id = start(platform)
    for _ in range(2):
        platform.call(LOG_PARAM, LogParam(run_id=run_id, key="lr", value="0.1"))

    with pytest.raises(InvalidRequest, match="written once"):
        platform.call(LOG_PARAM, LogParam(run_id=run_id, key="lr", value="0.2"))

    assert params_of(get(platform, run_id)) == {"lr": "0.1"}


def test_a_batch_is_kept_whole_or_not_at_all(platform: Platform) -> None:
    run_id = start(platform)
    log(platform, run_id, params={"lr": "0.1"})

    with pytest.raises(InvalidRequest):
        log(platform, run_id, metrics=[("m", 1.0, 0)], params={"lr": "0.2", "new": "x"}, tags={"t": "1"})
    with pytest.raises(InvalidRequest):
        log(platform, run_id, metrics=[("m", 1.0, 0), ("../m", 1.0, 0)], params={"new": "x"})

    run = get(platform, run_id)
    assert params_of(run) == {"lr": "0.1"}
    assert last_values(run) == {}
    assert "t" not in tags_of(run)


def test_a_param_twice_in_a_batch_is_refused_even_if_equal(platform: Platform) -> None:
    twice = (Param(key="p", value="1"), Param(key="p", value="1"))

    with pytest.raises(InvalidRequest, match="more than once"):
        platform.call(LOG_BATCH, LogBatch(run_id=start(platform), params=twice))


@pytest.mark.parametrize(
    ("n_metrics", "n_params", "n_tags"), [(1001, 0, 0), (0, 101, 0), (0, 0, 101), (950, 51, 0)]
)
def test_a_batch_over_its_limits_is_refused(
    platform: Platform, n_metrics: int, n_params: int, n_tags: int
) -> None:
    with pytest.raises(InvalidRequest, match="up to"):
        log(
            platform,
            start(platform),
            metrics=[("m", 1.0, i) for i in range(n_metrics)],
            params={f"p{i}": "" for i in range(n_params)},
            tags={f"t{i}": "" for i in range(n_tags)},
        )


@pytest.mark.parametrize("key", ["", "x" * 251, "a//b", "/a", "./a", "a/../b", "..", "a\nb", "a#b", "a\\b"])
def test_a_key_that_cannot_be_is_refused(platform: Platform, key: str) -> None:
    run_id = start(platform)
    writes: tuple[Callable[[], object], ...] = (
        lambda: platform.call(LOG_METRIC, LogMetric(run_id=run_id, key=key, value=1, timestamp=1)),
        lambda: platform.call(LOG_PARAM, LogParam(run_id=run_id, key=key, value="1")),
        lambda: platform.call(SET_TAG, SetTag(run_id=run_id, key=key, value="1")),
    )

    for write in writes:
        with pytest.raises(InvalidRequest, match="name"):
            write()


def test_long_values_are_cut_to_their_limit(platform: Platform) -> None:
    run_id = start(platform)

    log(platform, run_id, params={"p": "x" * 7000, "empty": ""}, tags={"t": "y" * 9000})

    run = get(platform, run_id)
    assert {key: len(value) for key, value in params_of(run).items()} == {"p": 6000, "empty": 0}
    assert len(tags_of(run)["t"]) == 8000


def test_the_last_value_is_that_of_the_greatest_step_time_and_value(platform: Platform) -> None:
    run_id = start(platform)
    for value, timestamp, step in ((1, 5, 3), (2, 9, 1), (7, 6, 3), (6, 6, 3), (math.nan, 6, 3)):
        request = LogMetric(run_id=run_id, key="m", value=value, timestamp=timestamp, step=step)
        platform.call(LOG_METRIC, request)

    (metric,) = get(platform, run_id).data.metrics
    assert (metric.value, metric.timestamp, metric.step) == (7.0, 6, 3)


def test_nan_and_infinity_are_kept_as_they_are(platform: Platform) -> None:
    run_id = start(platform)

    log(platform, run_id, metrics=[("nan", math.nan, 0), ("up", math.inf, 0), ("down", -math.inf, 0)])

    values = last_values(get(platform, run_id))
    assert math.isnan(values["nan"])
    assert (values["up"], values["down"]) == (math.inf, -math.inf)


@pytest.mark.parametrize(("timestamp", "step"), [(-1, 0), (2**63, 0), (1, 2**63)])
def test_a_time_or_step_that_cannot_be_is_refused(platform: Platform, timestamp: int, step: int) -> None:
    run_id = start(platform)

    with pytest.raises(InvalidRequest):
        platform.call(LOG_METRIC, LogMetric(run_id=run_id, key="m", value=1, timestamp=timestamp, step=step))


def test_tags_are_set_and_deleted(platform: Platform) -> None:
    run_id = start(platform)
    platform.call(SET_TAG, SetTag(run_id=run_id, key="stage", value="a"))
    platform.call(SET_TAG, SetTag(run_id=run_id, key="stage", value="b"))
    assert tags_of(get(platform, run_id))["stage"] == "b"

    platform.call(DELETE_TAG, DeleteTag(run_id=run_id, key="stage"))

    assert "stage" not in tags_of(get(platform, run_id))
    with pytest.raises(NotFound, match="stage"):
        platform.call(DELETE_TAG, DeleteTag(run_id=run_id, key="stage"))


def test_inputs_and_outputs_are_part_of_the_run(platform: Platform) -> None:
    run_id = start(platform)
    dataset = Dataset(name="iris", digest="d1", source_type="local", source="{}", schema="s", profile="p")
    tags = (Tag(key="mlflow.data.context", value="training"),)

    for _ in range(2):
        platform.call(
            LOG_INPUTS,
            LogInputs(
                run_id=run_id,
                datasets=(DatasetInput(dataset=dataset, tags=tags),),
                models=(ModelInput(model_id="m-1"),),
            ),
        )
    platform.call(LOG_OUTPUTS, LogOutputs(run_id=run_id, models=(ModelOutput(model_id="m-2", step=4),)))

    run = get(platform, run_id)
    assert run.inputs.dataset_inputs == (DatasetInput(dataset=dataset, tags=tags),)
    assert run.inputs.model_inputs == (ModelInput(model_id="m-1"),)
    assert run.outputs is not None
    assert run.outputs.model_outputs == (ModelOutput(model_id="m-2", step=4),)
    summaries = platform.call(SEARCH_DATASETS, SearchDatasets(experiment_ids=("0",))).dataset_summaries
    assert summaries == (DatasetSummary(experiment_id="0", name="iris", digest="d1", context="training"),)
    assert found(platform, "datasets.name = 'iris' AND dataset.context = 'training'") == [run.info.run_name]


def test_models_of_old_clients_are_listed_in_a_tag(platform: Platform) -> None:
    run_id = start(platform)
    model = {"artifact_path": "m", "flavors": {}, "utc_time_created": "now", "run_id": run_id}

    for _ in range(2):
        platform.call(LOG_MODEL, LogModel(run_id=run_id, model_json=json.dumps(model)))

    history = tags_of(get(platform, run_id))["mlflow.log-model.history"]
    assert json.loads(history) == [model, model]
    for wrong in ("{", "[]", '{"artifact_path": "m"}'):
        with pytest.raises(InvalidRequest, match="model_json"):
            platform.call(LOG_MODEL, LogModel(run_id=run_id, model_json=wrong))


def test_a_search_finds_by_what_was_logged(platform: Platform, clock: Clock) -> None:
    for name, loss, rate in (("a", 0.5, "0.1"), ("b", 0.2, "0.1"), ("c", math.nan, "0.2"), ("d", 0.9, "0.3")):
        clock.now_ms += 1
        run_id = start(platform, run_name=name)
        log(platform, run_id, metrics=[("loss", loss, 1)], params={"rate": rate})
    clock.now_ms += 1
    start(platform, run_name="e")

    assert found(platform) == ["e", "d", "c", "b", "a"]
    assert found(platform, "metrics.loss < 0.6") == ["b", "a"]
    assert found(platform, "metrics.loss < 0.3 OR params.rate = '0.3'") == ["d", "b"]
    assert found(platform, "NOT params.rate IN ('0.1', '0.2')") == ["e", "d"]
    assert found(platform, order_by=("metrics.loss ASC",)) == ["b", "a", "d", "c", "e"]
    assert found(platform, order_by=("metrics.loss DESC",)) == ["d", "a", "b", "c", "e"]
    assert found(platform, "params.rate != '0.1'") == ["d", "c"]
    request = CountRuns(experiment_ids=("0",), filter="params.rate = '0.1'")
    assert platform.call(COUNT_RUNS, request).count == 2


def test_a_search_shows_deleted_runs_where_asked(platform: Platform) -> None:
    start(platform, run_name="kept")
    platform.call(DELETE_RUN, RunId(run_id=start(platform, run_name="gone")))

    assert found(platform) == ["kept"]
    assert found(platform, run_view_type=ViewType.DELETED_ONLY) == ["gone"]
    assert sorted(found(platform, run_view_type=ViewType.ALL)) == ["gone", "kept"]


def test_a_search_in_no_experiment_finds_nothing(platform: Platform) -> None:
    start(platform)

    assert platform.call(SEARCH_RUNS, SearchRuns()).runs == ()


def test_a_filter_that_cannot_be_read_says_where(platform: Platform) -> None:
    with pytest.raises(InvalidRequest) as caught:
        found(platform, "metrics.loss << 3")

    assert caught.value.details["position"] == 14


def test_pages_of_runs_follow_each_other(platform: Platform, clock: Clock) -> None:
    for i in range(5):
        clock.now_ms += 1
        start(platform, run_name=f"r{i}")

    names: list[str] = []
    token = None
    while True:
        request = SearchRuns(experiment_ids=("0",), max_results=2, page_token=token)
        page = platform.call(SEARCH_RUNS, request)
        names += [run.info.run_name for run in page.runs]
        token = page.next_page_token
        if token is None:
            break

    assert names == ["r4", "r3", "r2", "r1", "r0"]


def test_the_columns_of_an_experiment_are_the_keys_of_its_runs(platform: Platform) -> None:
    log(platform, start(platform), metrics=[("b", 1.0, 0), ("a", 1.0, 0)], params={"p": "1"}, tags={"t": ""})

    columns = platform.call(LIST_RUN_COLUMNS, ListRunColumns(experiment_ids=("0",)))

    assert (columns.metrics, columns.params, columns.tags) == (("a", "b"), ("p",), ("mlflow.runName", "t"))


def test_what_a_metric_was_measured_on_is_kept(platform: Platform) -> None:
    run_id = start(platform)
    on = Metric(
        key="acc", value=0.9, timestamp=5, step=1, model_id="m-1", dataset_name="iris", dataset_digest="d1"
    )

    platform.call(LOG_BATCH, LogBatch(run_id=run_id, metrics=(on,)))

    assert get(platform, run_id).data.metrics == (on,)
