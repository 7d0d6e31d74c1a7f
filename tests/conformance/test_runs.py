from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from mlflow.entities import (
    Dataset,
    DatasetInput,
    InputTag,
    LoggedModelInput,
    LoggedModelOutput,
    Metric,
    Param,
    RunTag,
    ViewType,
)
from mlflow.exceptions import MlflowException, RestException

from tests.server_process import ServerProcess, on_both_databases

pytestmark = on_both_databases


def test_a_created_run_is_read_back_whole(client: Any, experiment_id: str) -> None:
    made = client.create_run(
        experiment_id, start_time=1_700_000_000_123, tags={"team": "vision"}, run_name="first"
    )

    read = client.get_run(made.info.run_id)
    assert read.info.run_id == made.info.run_id
    assert len(read.info.run_id) == 32
    assert read.info.experiment_id == experiment_id
    assert read.info.run_name == "first"
    assert (read.info.status, read.info.lifecycle_stage) == ("RUNNING", "active")
    assert (read.info.start_time, read.info.end_time) == (1_700_000_000_123, None)
    assert read.info.artifact_uri == f"mlflow-artifacts:/{experiment_id}/{read.info.run_id}/artifacts"
    assert read.data.tags == {"team": "vision", "mlflow.runName": "first"}
    assert (read.data.params, read.data.metrics) == ({}, {})


def test_a_run_without_a_name_is_given_one(client: Any, experiment_id: str) -> None:
    made = client.create_run(experiment_id)

    assert made.info.run_name.count("-") == 2
    assert made.data.tags == {"mlflow.runName": made.info.run_name}


def test_a_name_and_a_name_tag_that_differ_are_refused(client: Any, experiment_id: str) -> None:
    with pytest.raises(MlflowException) as refused:
        client.create_run(experiment_id, run_name="a", tags={"mlflow.runName": "b"})

    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"


def test_a_run_of_an_experiment_that_does_not_exist_is_refused(client: Any) -> None:
    with pytest.raises(RestException) as refused:
        client.create_run("987654321")

    assert refused.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_a_run_ends_and_may_go_on(client: Any, run_id: str) -> None:
    client.set_terminated(run_id, status="FAILED", end_time=1_900_000_000_000)
    ended = client.get_run(run_id).info
    client.update_run(run_id, status="RUNNING")
    again = client.get_run(run_id).info

    assert (ended.status, ended.end_time) == ("FAILED", 1_900_000_000_000)
    assert (again.status, again.end_time) == ("RUNNING", 1_900_000_000_000)


def test_a_run_is_renamed_by_update_and_by_its_name_tag(client: Any, run_id: str) -> None:
    client.update_run(run_id, name="by update")
    by_update = client.get_run(run_id)
    client.set_tag(run_id, "mlflow.runName", "by tag")
    by_tag = client.get_run(run_id)

    assert (by_update.info.run_name, by_update.data.tags["mlflow.runName"]) == ("by update", "by update")
    assert (by_tag.info.run_name, by_tag.data.tags["mlflow.runName"]) == ("by tag", "by tag")


def test_tags_of_a_run_are_set_overwritten_and_deleted(client: Any, run_id: str) -> None:
    client.set_tag(run_id, "stage", "draft")
    client.set_tag(run_id, "stage", "final")
    client.set_tag(run_id, "n", 3)
    assert client.get_run(run_id).data.tags.items() >= {"stage": "final", "n": "3"}.items()

    client.delete_tag(run_id, "stage")
    assert "stage" not in client.get_run(run_id).data.tags

    with pytest.raises(RestException) as refused:
        client.delete_tag(run_id, "stage")
    assert refused.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_a_param_is_written_once_and_may_be_sent_again(client: Any, run_id: str) -> None:
    client.log_param(run_id, "lr", 0.1)
    client.log_param(run_id, "lr", 0.1)
    client.log_param(run_id, "empty", "")
    with pytest.raises(MlflowException) as refused:
        client.log_param(run_id, "lr", 0.2)

    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"
    assert client.get_run(run_id).data.params == {"lr": "0.1", "empty": ""}


def test_a_batch_is_kept_whole(client: Any, run_id: str) -> None:
    client.log_batch(
        run_id,
        metrics=[Metric("loss", 1.0 / (step + 1), 1_700_000_000_000 + step, step) for step in range(600)],
        params=[Param(f"p{i}", str(i)) for i in range(100)],
        tags=[RunTag(f"t{i}", str(i)) for i in range(100)],
    )

    read = client.get_run(run_id)
    assert read.data.metrics == {"loss": 1.0 / 600}
    assert read.data.params == {f"p{i}": str(i) for i in range(100)}
    assert read.data.tags.items() >= {f"t{i}": str(i) for i in range(100)}.items()
    assert len(client.get_metric_history(run_id, "loss")) == 600


def test_a_batch_with_a_changed_param_is_refused_whole(client: Any, run_id: str) -> None:
    client.log_param(run_id, "lr", "0.1")

    with pytest.raises(MlflowException) as refused:
        client.log_batch(
            run_id,
            metrics=[Metric("loss", 1.0, 0, 0)],
            params=[Param("depth", "3"), Param("lr", "0.2")],
            tags=[RunTag("t", "1")],
        )

    read = client.get_run(run_id)
    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"
    assert (read.data.params, read.data.metrics) == ({"lr": "0.1"}, {})
    assert "t" not in read.data.tags


def test_datasets_are_recorded_with_what_they_were_read_for(
    client: Any, experiment_id: str, run_id: str, server: ServerProcess
) -> None:
    dataset = Dataset(
        "iris",
        "abc123",
        "local",
        '{"uri": "iris.csv"}',
        schema='{"columns": []}',
        profile='{"num_rows": 150}',
    )
    given = DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])

    client.log_inputs(run_id, [given])
    client.log_inputs(run_id, [given])

    (read,) = client.get_run(run_id).inputs.dataset_inputs
    assert dict(read.dataset) == dict(dataset)
    assert [dict(tag) for tag in read.tags] == [{"key": "mlflow.data.context", "value": "training"}]
    searched = server.post(
        "/ajax-api/2.0/mlflow/experiments/search-datasets", experiment_ids=[experiment_id]
    ).json
    assert searched["dataset_summaries"] == [
        {"experiment_id": experiment_id, "name": "iris", "digest": "abc123", "context": "training"}
    ]


def test_models_that_a_run_read_and_made_are_recorded(client: Any, run_id: str) -> None:
    read_id, made_id = f"m-{'1' * 32}", f"m-{'2' * 32}"

    client.log_inputs(run_id, models=[LoggedModelInput(read_id)])
    client.log_outputs(run_id, [LoggedModelOutput(made_id, step=7)])

    run = client.get_run(run_id)
    assert [each.model_id for each in run.inputs.model_inputs] == [read_id]
    assert [(each.model_id, each.step) for each in run.outputs.model_outputs] == [(made_id, 7)]


def test_deleting_and_restoring_a_run_may_be_repeated(client: Any, experiment_id: str, run_id: str) -> None:
    client.delete_run(run_id)
    client.delete_run(run_id)
    assert client.get_run(run_id).info.lifecycle_stage == "deleted"
    assert len(client.search_runs([experiment_id])) == 0
    assert len(client.search_runs([experiment_id], run_view_type=ViewType.DELETED_ONLY)) == 1

    client.restore_run(run_id)
    client.restore_run(run_id)
    assert client.get_run(run_id).info.lifecycle_stage == "active"


def test_a_deleted_run_takes_nothing_new_and_is_still_read(client: Any, run_id: str) -> None:
    client.log_metric(run_id, "m", 1.0)
    client.delete_run(run_id)

    writes: tuple[Callable[[], object], ...] = (
        lambda: client.log_metric(run_id, "m", 2.0),
        lambda: client.log_param(run_id, "p", 1),
        lambda: client.set_tag(run_id, "t", 1),
        lambda: client.log_batch(run_id, metrics=[Metric("m", 3.0, 0, 0)]),
        lambda: client.set_terminated(run_id),
        lambda: client.log_inputs(run_id, models=[LoggedModelInput("m-1")]),
    )
    for write in writes:
        with pytest.raises(MlflowException) as refused:
            write()
        assert refused.value.error_code == "INVALID_PARAMETER_VALUE"
    assert client.get_run(run_id).data.metrics == {"m": 1.0}


def test_a_run_that_does_not_exist_is_not_found(client: Any) -> None:
    with pytest.raises(RestException) as missing:
        client.get_run("0" * 32)

    assert missing.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_the_parent_of_a_run_is_found_by_its_tag(client: Any, experiment_id: str, run_id: str) -> None:
    child = client.create_run(experiment_id, tags={"mlflow.parentRunId": run_id})

    assert client.get_parent_run(child.info.run_id).info.run_id == run_id


def test_models_of_old_clients_are_listed_in_a_tag(client: Any, run_id: str) -> None:
    from mlflow.models import Model

    for path in ("first", "second"):
        model = Model(artifact_path=path, run_id=run_id)
        model.add_flavor("python_function", loader_module="none")
        client._record_logged_model(run_id, model)

    history = client.get_run(run_id).data.tags["mlflow.log-model.history"]
    assert '"artifact_path": "first"' in history
    assert '"artifact_path": "second"' in history


def test_long_values_are_cut_to_what_the_protocol_keeps(client: Any, run_id: str) -> None:
    client._tracking_client.store.log_param(run_id, Param("long", "x" * 6001))
    client._tracking_client.store.set_tag(run_id, RunTag("long", "y" * 8001))

    read = client.get_run(run_id)
    assert read.data.params["long"] == "x" * 6000
    assert read.data.tags["long"] == "y" * 8000


@pytest.mark.parametrize("key", ["", "../up", "/root", "a//b", "a\nb", "k" * 251, "a;b"])
def test_keys_that_are_no_plain_paths_are_refused(client: Any, run_id: str, key: str) -> None:
    store = client._tracking_client.store
    writes: tuple[Callable[[], object], ...] = (
        lambda: store.log_metric(run_id, Metric(key, 1.0, 0, 0)),
        lambda: store.log_param(run_id, Param(key, "1")),
        lambda: store.set_tag(run_id, RunTag(key, "1")),
    )
    for write in writes:
        with pytest.raises(RestException) as refused:
            write()
        assert refused.value.error_code == "INVALID_PARAMETER_VALUE"
