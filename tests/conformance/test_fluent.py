from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from tests.server_process import on_both_databases

pytestmark = on_both_databases


def test_an_experiment_that_is_missing_is_created_when_it_is_set(fluent: Any, experiment_id: str) -> None:
    name = f"set-{experiment_id}"

    first = fluent.set_experiment(name)
    again = fluent.set_experiment(name)

    assert first.experiment_id == again.experiment_id
    assert first.experiment_id != experiment_id


def test_a_run_in_a_with_block_is_kept_and_finished(fluent: Any, experiment_id: str) -> None:
    with fluent.start_run(run_name="train", description="# What for", tags={"team": "vision"}) as run:
        fluent.log_param("lr", 0.1)
        fluent.log_params({"depth": 3, "note": None})
        fluent.log_metric("loss", 0.5, step=1)
        fluent.log_metrics({"acc": 0.9, "lost": float("nan")}, step=2)
        fluent.set_tag("stage", "draft")
        fluent.set_tags({"owner": "me"})

    read = fluent.get_run(run.info.run_id)
    assert (read.info.experiment_id, read.info.status) == (experiment_id, "FINISHED")
    assert read.info.end_time >= read.info.start_time
    assert read.data.params == {"lr": "0.1", "depth": "3", "note": "None"}
    assert math.isnan(read.data.metrics.pop("lost"))
    assert read.data.metrics == {"loss": 0.5, "acc": 0.9}
    assert read.data.tags.items() >= {
        "team": "vision", "stage": "draft", "owner": "me",
        "mlflow.note.content": "# What for", "mlflow.runName": "train", "mlflow.source.type": "LOCAL",
    }.items()  # fmt: skip


def test_a_run_whose_block_raises_has_failed(fluent: Any) -> None:
    with pytest.raises(ZeroDivisionError), fluent.start_run() as run:
        raise ZeroDivisionError

    assert fluent.get_run(run.info.run_id).info.status == "FAILED"


def test_runs_nest(fluent: Any) -> None:
    with fluent.start_run() as parent, fluent.start_run(nested=True) as child:
        fluent.log_metric("loss", 1.0)

    assert fluent.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert fluent.get_parent_run(child.info.run_id).info.run_id == parent.info.run_id


def test_a_run_goes_on_where_it_was_left(fluent: Any) -> None:
    with fluent.start_run() as run:
        fluent.log_metric("loss", 1.0, step=1)
    with fluent.start_run(run_id=run.info.run_id):
        during = fluent.get_run(run.info.run_id).info.status
        fluent.log_metric("loss", 0.5, step=2)

    read = fluent.get_run(run.info.run_id)
    assert (during, read.info.status, read.data.metrics) == ("RUNNING", "FINISHED", {"loss": 0.5})


def test_what_is_logged_asynchronously_arrives(fluent: Any) -> None:
    with fluent.start_run() as run:
        for step in range(200):
            fluent.log_metric("loss", 1.0 / (step + 1), step=step, synchronous=False)
        fluent.log_param("lr", 0.1, synchronous=False)
        fluent.log_params({f"p{i}": i for i in range(150)}, synchronous=False)
        fluent.set_tag("stage", "draft", synchronous=False)
        fluent.flush_async_logging()

    read = fluent.get_run(run.info.run_id)
    assert len(fluent.MlflowClient().get_metric_history(run.info.run_id, "loss")) == 200
    assert len(read.data.params) == 151
    assert read.data.tags["stage"] == "draft"


def test_a_dataset_is_recorded_with_its_context(fluent: Any) -> None:
    from mlflow.data.http_dataset_source import HTTPDatasetSource
    from mlflow.data.meta_dataset import MetaDataset

    dataset = MetaDataset(HTTPDatasetSource("https://example.com/iris.csv"), name="iris")

    with fluent.start_run() as run:
        fluent.log_input(dataset, context="training", tags={"version": "2"})

    (read,) = fluent.get_run(run.info.run_id).inputs.dataset_inputs
    assert (read.dataset.name, read.dataset.digest) == ("iris", dataset.digest)
    assert {tag.key: tag.value for tag in read.tags} == {"mlflow.data.context": "training", "version": "2"}


def test_searched_runs_become_a_data_frame(fluent: Any, experiment_id: str) -> None:
    for lr, loss in ((0.1, 0.5), (0.01, 0.25)):
        with fluent.start_run():
            fluent.log_param("lr", lr)
            fluent.log_metric("loss", loss)

    found = fluent.search_runs([experiment_id], "metrics.loss < 1", order_by=["metrics.loss"])

    assert isinstance(found, pd.DataFrame)
    assert found["metrics.loss"].tolist() == [0.25, 0.5]
    assert found["params.lr"].tolist() == ["0.01", "0.1"]
    assert set(found["status"]) == {"FINISHED"}


def test_the_last_run_is_searched_by_experiment_name(fluent: Any, experiment_id: str) -> None:
    name = fluent.get_experiment(experiment_id).name
    with fluent.start_run() as run:
        pass

    (found,) = fluent.search_runs(experiment_names=[name], output_format="list")

    assert found.info.run_id == run.info.run_id


def test_a_run_is_deleted_by_its_id(fluent: Any, experiment_id: str) -> None:
    with fluent.start_run() as run:
        pass

    fluent.delete_run(run.info.run_id)

    assert fluent.search_runs([experiment_id], output_format="list") == []


def test_more_metrics_than_a_batch_holds_are_logged(fluent: Any) -> None:
    with fluent.start_run() as run:
        fluent.log_metrics({f"m{i}": float(i) for i in range(1500)})

    assert len(fluent.get_run(run.info.run_id).data.metrics) == 1500
