from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fluvial
from fluvial.client.process import this_process
from fluvial.errors import InvalidRequest, NotFound
from tests.client.conftest import Script
from tests.server_process import ServerProcess


def test_what_was_logged_is_what_is_read(tracking: str) -> None:
    fluvial.set_experiment("reading")
    with fluvial.start_run(run_name="first", tags={"team": "churn"}, description="A *note*.") as run:
        fluvial.log_param("depth", 3)
        fluvial.log_params({"rate": 0.1, "kind": "tree"})
        fluvial.log_metric("loss", 0.5, step=1)
        fluvial.log_metrics({"loss": 0.25, "auc": 0.9}, step=2)
        fluvial.set_tag("stage", "draft")
        fluvial.set_tags({"a": 1, "b": 2})
        fluvial.delete_tag("a")

        found = fluvial.get_run(run.info.run_id)

    assert found.data.params == {"depth": "3", "rate": "0.1", "kind": "tree"}
    assert found.data.metrics == {"loss": 0.25, "auc": 0.9}
    assert found.info.status == "RUNNING"
    tags = found.data.tags
    assert (tags["team"], tags["stage"], tags["b"]) == ("churn", "draft", "2")
    assert (tags["mlflow.runName"], tags["mlflow.note.content"]) == ("first", "A *note*.")
    assert "a" not in tags
    assert {"mlflow.user", "mlflow.source.name", "mlflow.source.type"} <= set(tags)


def test_a_run_ends_as_its_block_does(tracking: str) -> None:
    with fluvial.start_run() as finished:
        pass
    with pytest.raises(ZeroDivisionError), fluvial.start_run() as failed:
        _ = 1 / 0
    with pytest.raises(KeyboardInterrupt), fluvial.start_run() as killed:
        raise KeyboardInterrupt

    runs = [fluvial.get_run(run.info.run_id).info for run in (finished, failed, killed)]

    assert [run.status for run in runs] == ["FINISHED", "FAILED", "KILLED"]
    assert all(run.end_time is not None and run.end_time >= run.start_time for run in runs)
    assert fluvial.active_run() is None


def test_end_run_takes_a_status(tracking: str) -> None:
    run = fluvial.start_run()

    fluvial.end_run("FAILED")

    assert fluvial.get_run(run.info.run_id).info.status == "FAILED"
    with pytest.raises(InvalidRequest, match="FINISHED"):
        run.end("DONE")


def test_a_nested_run_is_the_child_of_the_run_around_it(tracking: str) -> None:
    with fluvial.start_run() as outer:
        with fluvial.start_run(nested=True) as inner:
            fluvial.log_metric("m", 1)
        fluvial.log_metric("m", 2)

    found = fluvial.get_run(inner.info.run_id)
    parent = fluvial.get_parent_run(inner.info.run_id)

    assert found.data.tags["mlflow.parentRunId"] == outer.info.run_id
    assert parent is not None
    assert (found.data.metrics, parent.data.metrics) == ({"m": 1.0}, {"m": 2.0})


def test_a_second_run_has_to_be_nested(tracking: str) -> None:
    with fluvial.start_run(), pytest.raises(InvalidRequest, match="nested=True"):
        fluvial.start_run()


def test_logging_without_a_run_begins_one(tracking: str) -> None:
    fluvial.log_param("p", 1)

    run = fluvial.active_run()

    assert run is not None
    assert fluvial.get_run(run.info.run_id).data.params == {"p": "1"}


def test_a_run_is_resumed_by_its_id(tracking: str) -> None:
    with fluvial.start_run(run_name="long") as run:
        fluvial.log_metric("m", 1, step=1)

    with fluvial.start_run(run_id=run.info.run_id) as again:
        fluvial.log_metric("m", 2, step=2)
        during = fluvial.get_run(run.info.run_id).info.status

    found = fluvial.get_run(run.info.run_id)
    assert again.info.run_name == "long"
    assert during == "RUNNING"
    assert found.info.status == "FINISHED"
    assert found.data.metrics == {"m": 2.0}
    assert len(fluvial.get_metric_history(run.info.run_id, "m")) == 2


def test_a_run_that_is_not_there_cannot_be_resumed(tracking: str) -> None:
    with pytest.raises(NotFound):
        fluvial.start_run(run_id="0" * 32)


def test_a_deleted_run_cannot_be_resumed(tracking: str) -> None:
    with fluvial.start_run() as run:
        pass
    fluvial.delete_run(run.info.run_id)

    with pytest.raises(InvalidRequest, match="deleted"):
        fluvial.start_run(run_id=run.info.run_id)


def test_the_experiment_that_is_set_has_the_runs(tracking: str) -> None:
    experiment = fluvial.set_experiment("where")
    with fluvial.start_run() as run:
        pass

    found = fluvial.get_experiment_by_name("where")

    assert found is not None
    assert found.experiment_id == experiment.experiment_id == run.info.experiment_id
    assert run.info.artifact_uri.endswith(f"{run.info.run_id}/artifacts")
    assert fluvial.get_run(run.info.run_id).info.experiment_id == found.experiment_id


def test_setting_an_experiment_creates_it_before_any_run(tracking: str) -> None:
    fluvial.set_experiment("empty")

    assert [e.name for e in fluvial.search_experiments(filter_string="name = 'empty'")] == ["empty"]


def test_an_experiment_is_set_by_id(tracking: str) -> None:
    experiment_id = fluvial.create_experiment("by-id", tags={"t": 1})

    experiment = fluvial.set_experiment(experiment_id=experiment_id)

    assert (experiment.name, experiment.tags) == ("by-id", {"t": "1"})
    with fluvial.start_run() as run:
        pass
    assert fluvial.get_run(run.info.run_id).info.experiment_id == experiment_id


def test_the_default_experiment_has_runs_that_name_none(tracking: str) -> None:
    with fluvial.start_run() as run:
        pass

    assert fluvial.get_run(run.info.run_id).info.experiment_id == "0"


def test_nan_and_infinities_are_kept(tracking: str) -> None:
    with fluvial.start_run() as run:
        for step, value in enumerate((math.nan, math.inf, -math.inf)):
            fluvial.log_metric("odd", value, step=step)

    values = fluvial.get_metric_history(run.info.run_id, "odd").values

    assert math.isnan(values[0])
    assert list(values[1:]) == [math.inf, -math.inf]


class _Scalar:
    def __float__(self) -> float:
        return 2.5


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (1, 1.0),
        (True, 1.0),
        (np.float32(0.5), 0.5),
        (np.int64(7), 7.0),
        (np.array([3.0])[0], 3.0),
        (np.array(4.0), 4.0),
        (_Scalar(), 2.5),
    ],
)
def test_what_converts_to_a_number_is_a_value(fresh: None, value: Any, kept: float) -> None:
    with fluvial.start_run() as run:
        fluvial.log_metric("m", value, step=np.int32(3))

    point = fluvial.get_metric_history(run.info.run_id, "m")[0]

    assert (point.value, point.step) == (kept, 3)


@pytest.mark.parametrize("value", ["0.5", b"1", None, [1.0], np.array([1.0, 2.0]), 1j, object()])
def test_what_is_no_number_is_refused_at_the_call(fresh: None, value: Any) -> None:
    with fluvial.start_run():
        fluvial.log_metric("m", 1)
        with pytest.raises(InvalidRequest, match="'m'"):
            fluvial.log_metric("m", value)
        with pytest.raises(InvalidRequest, match="'m'"):
            fluvial.log_metrics({"good": 1, "m": value})


@pytest.mark.parametrize("key", ["", "a" * 251, "a$b", "../up", "/root", "a//b", 7, None, ["x"], ("a", "b")])
def test_what_is_no_name_is_refused_at_the_call(fresh: None, key: Any) -> None:
    with fluvial.start_run():
        for log in (fluvial.log_metric, fluvial.log_param, fluvial.set_tag):
            with pytest.raises(InvalidRequest, match="name"):
                log(key, 1)


@pytest.mark.parametrize("step", ["1", 1.5, 2**63, -(2**63) - 1])
def test_what_is_no_step_is_refused_at_the_call(fresh: None, step: Any) -> None:
    with fluvial.start_run(), pytest.raises(InvalidRequest, match="step"):
        fluvial.log_metric("m", 1, step=step)


@pytest.mark.parametrize("timestamp", [-1, "now", 0.5])
def test_what_is_no_time_is_refused_at_the_call(fresh: None, timestamp: Any) -> None:
    with fluvial.start_run(), pytest.raises(InvalidRequest, match="timestamp"):
        fluvial.log_metric("m", 1, timestamp=timestamp)


def test_a_param_that_would_change_is_refused_at_the_call(fresh: None) -> None:
    with fluvial.start_run():
        fluvial.log_param("p", 1)
        fluvial.log_param("p", 1)
        with pytest.raises(InvalidRequest, match="written once"):
            fluvial.log_param("p", 2)


def test_metrics_of_a_call_are_logged_all_or_none(fresh: None) -> None:
    with fluvial.start_run() as run, pytest.raises(InvalidRequest):
        fluvial.log_metrics({"good": 1, "bad": "x"})

    assert fluvial.get_run(run.info.run_id).data.metrics == {}


def test_points_are_logged_to_another_run_by_its_id(tracking: str) -> None:
    with fluvial.start_run() as first:
        pass
    with fluvial.start_run() as second:
        fluvial.log_metric("m", 1, run_id=first.info.run_id)
        fluvial.log_metrics({"n": 2}, run_id=first.info.run_id)
        fluvial.log_params({"p": 3}, run_id=first.info.run_id)

    found = fluvial.get_run(first.info.run_id).data
    assert (found.metrics, found.params) == ({"m": 1.0, "n": 2.0}, {"p": "3"})
    assert fluvial.get_run(second.info.run_id).data.metrics == {}


def test_history_is_columns_and_points(tracking: str) -> None:
    with fluvial.start_run() as run:
        for step in range(1000):
            fluvial.log_metric("m", step / 2, step=step, timestamp=1_700_000_000_000 + step)

    history = fluvial.get_metric_history(run.info.run_id, "m")

    assert len(history) == 1000
    assert list(history.steps) == list(range(1000))
    assert list(history.values[:3]) == [0.0, 0.5, 1.0]
    assert history[-1].timestamp == 1_700_000_000_999
    assert [point.step for point in history[10:12]] == [10, 11]


def test_a_metric_may_say_what_it_was_measured_on(tracking: str) -> None:
    dataset = fluvial.data.from_numpy(np.ones((4, 2)), name="test-set")
    with fluvial.start_run() as run:
        fluvial.log_metric("auc", 0.5, dataset=dataset, model_id="m-1")
        fluvial.log_metrics({"auc": 0.75}, step=1, dataset=dataset)

    found = fluvial.get_run(run.info.run_id)

    assert {point.dataset_digest for point in found.data.metric_points()} == {dataset.digest}


def test_runs_are_searched_as_a_frame_and_as_a_list(tracking: str) -> None:
    fluvial.set_experiment(f"search-{time.time_ns()}")
    for depth in range(5):
        with fluvial.start_run(run_name=f"run-{depth}"):
            fluvial.log_param("depth", depth)
            fluvial.log_metric("auc", depth / 10)

    runs = fluvial.search_runs(
        filter_string="metrics.auc > 0.1", order_by=["metrics.auc DESC"], output_format="list"
    )
    frame = fluvial.search_runs()

    assert [run.info.run_name for run in runs] == ["run-4", "run-3", "run-2"]
    assert len(frame) == 5
    assert set(frame["params.depth"]) == {"0", "1", "2", "3", "4"}
    assert frame["metrics.auc"].max() == 0.4
    assert str(frame["start_time"].dtype).startswith("datetime64")
    assert len(fluvial.search_runs(max_results=2)) == 2


def test_datasets_that_a_run_read_are_recorded(tracking: str) -> None:
    with fluvial.start_run() as run:
        fluvial.log_input(fluvial.data.from_numpy(np.arange(6.0), name="six"), context="training")

    (read,) = fluvial.get_run(run.info.run_id).inputs.dataset_inputs

    assert read.dataset.name == "six"
    assert [(tag.key, tag.value) for tag in read.tags] == [("mlflow.data.context", "training")]


def test_a_thread_has_its_own_active_run(tracking: str) -> None:
    import threading

    seen: list[fluvial.ActiveRun | None] = []
    with fluvial.start_run():
        thread = threading.Thread(target=lambda: seen.append(fluvial.active_run()))
        thread.start()
        thread.join()

    assert seen == [None]


def test_what_many_threads_log_arrives_whole(server: ServerProcess, fresh: None) -> None:
    import threading

    fluvial.set_tracking_uri(server.url)
    with fluvial.start_run() as run:

        def log(worker: int) -> None:
            for step in range(5000):
                fluvial.log_metric(f"m{worker}", step, step=step, run_id=run.info.run_id)

        threads = [threading.Thread(target=log, args=(worker,)) for worker in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    for worker in range(4):
        assert list(fluvial.get_metric_history(run.info.run_id, f"m{worker}").steps) == list(range(5000))


def test_last_active_run_is_the_one_that_was_active_last(tracking: str) -> None:
    with fluvial.start_run() as run:
        fluvial.log_metric("m", 1)

    last = fluvial.last_active_run()

    assert last is not None
    assert (last.info.run_id, last.data.metrics) == (run.info.run_id, {"m": 1.0})


def test_everything_sent_leaves_no_journal(tracking: str, home: Path) -> None:
    with fluvial.start_run():
        fluvial.log_metric("m", 1)

    this_process().close()

    assert list((home / "journals").iterdir()) == []


def test_the_environment_gives_tags_to_every_run(run_script: Script) -> None:
    script = """
        import fluvial
        with fluvial.start_run(tags={"team": "own"}) as run:
            pass
        print(fluvial.get_run(run.info.run_id).data.tags)
    """

    done = run_script(script, MLFLOW_RUN_CONTEXT='{"job": "17", "team": "all"}')
    wrong = run_script(script, check=False, MLFLOW_RUN_CONTEXT="17")

    assert "'job': '17'" in done.stdout
    assert "'team': 'own'" in done.stdout
    assert "MLFLOW_RUN_CONTEXT" in wrong.stderr
