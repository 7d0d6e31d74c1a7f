"""What may happen when, and what is kept."""

from __future__ import annotations

import math
import uuid
from typing import Any

import pytest

from tests.server.tracking import Tracking, assert_not_found, assert_refused, point
from tests.server_process import on_both_databases

pytestmark = on_both_databases


def test_a_point_logged_twice_is_kept_once_and_an_equal_one_at_another_time_is_another(
    tracking: Tracking,
) -> None:
    for timestamp in (1, 1, 2):
        tracking.log("log-metric", **point("m", timestamp=timestamp))
        tracking.log("log-metric", **point("nan", value="NaN", timestamp=timestamp))

    assert [len(tracking.history(key)) for key in ("m", "nan")] == [2, 2]


def test_the_latest_metric_is_that_of_the_greatest_step_not_the_one_written_last(tracking: Tracking) -> None:
    tracking.log(
        "log-batch", metrics=[point("m", 5, 1.0), point("m", 5, 3.0), point("m", 5, 2.0), point("m", 4, 9.0)]
    )
    tracking.log("log-metric", **point("m", 3, 8.0, timestamp=99))

    assert tracking.run()["data"]["metrics"] == [point("m", 5, 3.0)]


@pytest.mark.parametrize("timestamp", [-1, -(2**63)])
def test_no_metric_was_measured_before_the_epoch(tracking: Tracking, timestamp: int) -> None:
    assert_refused(tracking.log("log-metric", **point("m", timestamp=timestamp)), "timestamp")


@pytest.mark.parametrize("step", [-(2**63), -1, 2**63 - 1])
def test_steps_may_be_any_64_bit_number(tracking: Tracking, step: int) -> None:
    assert tracking.log("log-metric", **point("m", step)).status == 200
    assert [each["step"] for each in tracking.history("m")] == [step]


@pytest.mark.parametrize("field", ["step", "timestamp"])
def test_numbers_beyond_64_bits_are_refused(tracking: Tracking, field: str) -> None:
    assert_refused(tracking.log("log-metric", **(point("m") | {field: 2**63})))
    assert_refused(tracking.log("log-batch", metrics=[point("m") | {field: 2**63}]))


def test_times_and_steps_beyond_64_bits_are_refused_everywhere(tracking: Tracking) -> None:
    assert_refused(tracking.log("update", end_time=2**63))
    assert_refused(tracking.log("outputs", models=[{"model_id": "m-1", "step": 2**63}]))
    assert_refused(tracking.post("runs/create", start_time=2**63))


@pytest.mark.parametrize("value", [5e-324, 1.7976931348623157e308, -0.0, 0.1 + 0.2, 1e16 + 1])
def test_a_metric_keeps_every_bit_of_its_value(tracking: Tracking, value: float) -> None:
    tracking.log("log-metric", **point("m", value=value))

    kept = tracking.history("m")[0]["value"]
    assert (kept, math.copysign(1, kept)) == (value, math.copysign(1, value))


def test_a_param_may_be_sent_again_but_not_changed(tracking: Tracking) -> None:
    first = tracking.log("log-parameter", key="lr", value="0.1")
    again = tracking.log("log-parameter", key="lr", value="0.1")
    other = tracking.log("log-parameter", key="lr", value="0.10")

    assert (first.status, again.status) == (200, 200)
    assert_refused(other, "lr")


@pytest.mark.parametrize("values", [("1", "1"), ("1", "2")])
def test_a_batch_with_one_param_twice_is_refused(tracking: Tracking, values: tuple[str, str]) -> None:
    answer = tracking.log("log-batch", params=[{"key": "lr", "value": value} for value in values])

    assert_refused(answer, "lr")
    assert tracking.data("params") == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"params": [{"key": "lr", "value": "changed"}]},
        {"params": [{"key": "/", "value": "1"}]},
        {"metrics": [point("m2", timestamp=-1)]},
        {"metrics": [point("")]},
        {"tags": [{"key": "..", "value": "1"}]},
    ],
)
def test_a_batch_is_kept_whole_or_not_at_all(tracking: Tracking, wrong: dict[str, Any]) -> None:
    tracking.log("log-parameter", key="lr", value="0.1")
    batch: dict[str, list[Any]] = {
        "metrics": [point("m1")], "params": [{"key": "p1"}], "tags": [{"key": "t1", "value": "1"}]
    }  # fmt: skip

    answer = tracking.log(
        "log-batch", **{kind: [*good, *wrong.get(kind, ())] for kind, good in batch.items()}
    )

    assert_refused(answer)
    assert (tracking.data("metrics"), tracking.data("params")) == ({}, {"lr": "0.1"})
    assert "t1" not in tracking.data("tags")


def test_the_last_of_two_equal_tags_in_a_batch_counts(tracking: Tracking) -> None:
    tracking.log("log-batch", tags=[{"key": "t", "value": "1"}, {"key": "t", "value": "2"}])

    assert tracking.data("tags")["t"] == "2"


def test_a_tag_that_is_not_there_cannot_be_deleted(tracking: Tracking) -> None:
    assert_not_found(tracking.log("delete-tag", key="t"))


def test_writes_to_a_deleted_run_are_refused_and_reads_are_answered(tracking: Tracking) -> None:
    tracking.log("log-metric", **point("m"))
    tracking.log("delete")
    writes: dict[str, dict[str, Any]] = {
        "log-metric": point("m", 2),
        "log-parameter": {"key": "p", "value": "1"},
        "log-batch": {"metrics": [point("m", 3)]},
        "set-tag": {"key": "t", "value": "1"},
        "delete-tag": {"key": "mlflow.runName"},
        "update": {"status": "FAILED"},
        "log-inputs": {},
        "outputs": {"models": [{"model_id": "m-1", "step": 0}]},
    }

    for operation, message in writes.items():
        assert_refused(tracking.log(operation, **message), "active")
    assert len(tracking.history("m")) == 1
    assert tracking.run()["info"]["lifecycle_stage"] == "deleted"


def test_deleting_and_restoring_a_run_may_be_repeated(tracking: Tracking) -> None:
    answers = [tracking.log(each).status for each in ("delete", "delete", "restore", "restore")]

    assert answers == [200] * 4


def test_a_deleted_experiment_keeps_its_name_and_its_runs_are_deleted_with_it(tracking: Tracking) -> None:
    here = tracking.experiment_id
    name = tracking.get("experiments/get", experiment_id=here).json["experiment"]["name"]

    assert tracking.post("experiments/delete", experiment_id=here).status == 200

    by_name = tracking.get("experiments/get-by-name", experiment_name=name).json["experiment"]
    again = tracking.post("experiments/create", name=name)
    assert by_name["lifecycle_stage"] == tracking.run()["info"]["lifecycle_stage"] == "deleted"
    assert (again.status, again.json["error_code"]) == (400, "RESOURCE_ALREADY_EXISTS")
    assert_not_found(tracking.post("experiments/delete", experiment_id=here))
    assert_refused(
        tracking.post("experiments/update", experiment_id=here, new_name=uuid.uuid4().hex), "active"
    )
    assert_refused(tracking.log("restore"), "restore")


def test_a_restored_experiment_brings_its_runs_back(tracking: Tracking) -> None:
    here = tracking.experiment_id
    tracking.post("experiments/delete", experiment_id=here)

    assert tracking.post("experiments/restore", experiment_id=here).status == 200

    assert tracking.run()["info"]["lifecycle_stage"] == "active"
    assert_not_found(tracking.post("experiments/restore", experiment_id=here))


def test_a_search_that_names_no_experiment_finds_nothing(tracking: Tracking) -> None:
    assert tracking.post("runs/search").json == {}


def test_a_search_of_an_experiment_that_is_not_there_finds_nothing(tracking: Tracking) -> None:
    assert tracking.post("runs/search", experiment_ids=["987654321"]).json == {}


def test_a_run_that_has_ended_may_run_again_and_keeps_its_end(tracking: Tracking) -> None:
    tracking.log("update", status="FINISHED", end_time=5)

    info = tracking.log("update", status="RUNNING").json["run_info"]

    assert (info["status"], info["end_time"]) == ("RUNNING", 5)


def test_the_artifacts_of_a_run_are_below_those_of_its_experiment(tracking: Tracking) -> None:
    experiment = tracking.get("experiments/get", experiment_id=tracking.experiment_id).json["experiment"]

    assert experiment["artifact_location"] == f"mlflow-artifacts:/{tracking.experiment_id}"
    assert tracking.run()["info"]["artifact_uri"] == (
        f"{experiment['artifact_location']}/{tracking.run_id}/artifacts"
    )


@pytest.mark.parametrize("model_json", ["{", "[]", "{}", "null", '"text"', '{"run_id": "a"}'])
def test_a_model_that_is_no_model_is_refused(tracking: Tracking, model_json: str) -> None:
    assert_refused(tracking.log("log-model", model_json=model_json), "model_json")


def test_a_refused_filter_says_where_it_went_wrong(tracking: Tracking) -> None:
    answer = tracking.post("runs/search", experiment_ids=[tracking.experiment_id], filter="params.lr = = '1'")

    assert_refused(answer)
    assert answer.json["details"] == {"position": 12, "length": 1}
