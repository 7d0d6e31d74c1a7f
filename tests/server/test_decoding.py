"""How requests are read: what protobuf's JSON form allows, and what it lets through that we refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.server.tracking import Tracking, assert_refused
from tests.server_process import on_both_databases

pytestmark = on_both_databases


def test_names_are_taken_in_snake_case_and_in_lower_camel_case(tracking: Tracking) -> None:
    answer = tracking.post("runs/log-parameter", runId=tracking.run_id, key="lr", value="1")
    batch = {
        "runId": tracking.run_id,
        "metrics": [{"key": "m", "value": 2.0, "timestamp": 1, "modelId": "m-1"}],
    }
    batched = tracking.post("runs/log-batch", **batch)

    assert (answer.status, batched.status) == (200, 200)
    assert tracking.data("params") == {"lr": "1"}
    assert tracking.run()["data"]["metrics"][0]["model_id"] == "m-1"


def test_both_spellings_of_one_field_are_refused(tracking: Tracking) -> None:
    answer = tracking.log("log-metric", key="m", value=1.0, timestamp=1, model_id="m-1", modelId="m-2")

    assert_refused(answer, "model_id")


def test_fields_that_nobody_knows_are_ignored(tracking: Tracking) -> None:
    answer = tracking.log("log-parameter", key="lr", value="1", from_the_future={"a": [1, None]})

    assert answer.status == 200


@pytest.mark.parametrize("name", ["run_id", "run_uuid"])
def test_a_run_is_named_by_its_old_field_or_its_new_one(tracking: Tracking, name: str) -> None:
    read = tracking.get("runs/get", **{name: tracking.run_id}).json["run"]
    wrote = tracking.post("runs/set-tag", **{name: tracking.run_id}, key="t", value="1")

    assert read["info"]["run_id"] == read["info"]["run_uuid"] == tracking.run_id
    assert wrote.status == 200


def test_whole_numbers_may_be_texts_and_are_answered_as_numbers(tracking: Tracking) -> None:
    largest = 2**63 - 1

    answer = tracking.log("log-metric", key="m", value="0.5", timestamp=str(largest), step="-9")

    assert answer.status == 200
    assert tracking.history("m") == [{"key": "m", "value": 0.5, "timestamp": largest, "step": -9}]


@pytest.mark.parametrize("status", ["FAILED", 4, "4"])
def test_enums_are_taken_by_name_and_by_number(tracking: Tracking, status: object) -> None:
    answer = tracking.log("update", status=status)

    assert answer.json["run_info"]["status"] == "FAILED"


@pytest.mark.parametrize("view", ["DELETED_ONLY", 2])
def test_the_view_of_a_search_is_taken_by_name_and_by_number(tracking: Tracking, view: object) -> None:
    tracking.log("delete")

    found = tracking.post("runs/search", experiment_ids=[tracking.experiment_id], run_view_type=view).json

    assert [run["info"]["run_id"] for run in found["runs"]] == [tracking.run_id]


@pytest.mark.parametrize("status", ["EXPLODED", 99, "", True])
def test_a_status_that_does_not_exist_is_refused(tracking: Tracking, status: object) -> None:
    assert_refused(tracking.log("update", status=status), "status")
    assert tracking.run()["info"]["status"] == "RUNNING"


@pytest.mark.parametrize(
    ("given", "kept"), [(True, 1.0), (False, 0.0), (3, 3.0), ("1e3", 1000.0), (-0.0, -0.0)]
)
def test_a_metric_takes_what_is_a_number_in_some_spelling(
    tracking: Tracking, given: object, kept: float
) -> None:
    assert tracking.log("log-metric", key="m", value=given, timestamp=1).status == 200
    assert tracking.data("metrics") == {"m": kept}


@pytest.mark.parametrize("given", ["one", [1], {"value": 1}, "", "nan ", "0x10", "1_000"])
def test_a_metric_that_is_no_number_is_refused(tracking: Tracking, given: object) -> None:
    assert_refused(tracking.log("log-metric", key="m", value=given, timestamp=1))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_json_has_no_number_for_travels_as_text_both_ways(tracking: Tracking, value: str) -> None:
    single = tracking.log("log-metric", key="single", value=value, timestamp=1)
    batch = tracking.log("log-batch", metrics=[{"key": "batch", "value": value, "timestamp": 1}])

    assert (single.status, batch.status) == (200, 200)
    assert tracking.data("metrics") == {"single": value, "batch": value}
    assert [point["value"] for point in tracking.history("batch")] == [value]


@pytest.mark.parametrize("bare", ["NaN", "Infinity", "-Infinity"])
def test_a_bare_word_for_a_number_is_refused_and_nothing_is_kept(tracking: Tracking, bare: str) -> None:
    body = f'{{"run_id": "{tracking.run_id}", "key": "m", "value": {bare}, "timestamp": 1}}'

    assert_refused(tracking.post_body("runs/log-metric", body.encode()), "JSON")
    assert tracking.data("metrics") == {}


def test_a_text_that_holds_the_json_is_read_as_old_clients_mean_it(tracking: Tracking) -> None:
    message = {"run_id": tracking.run_id, "key": "old", "value": "client"}

    answer = tracking.post_body("runs/set-tag", json.dumps(json.dumps(message)).encode())

    assert answer.status == 200
    assert tracking.data("tags")["old"] == "client"


@pytest.mark.parametrize(
    "body",
    [b"{", b"not json", b"[]", b"null", b"1", b'"text"', b'{"run_id": "a"} trailing', b"\xff\xfe",
     b"[" * 5000, b'{"a":' * 5000, b'"' + b"\\" * 3 + b'"'],
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_refused(tracking: Tracking, body: bytes) -> None:
    assert_refused(tracking.post_body("runs/set-tag", body))


def test_an_empty_body_is_an_empty_message(tracking: Tracking) -> None:
    answer = tracking.post_body("runs/search", b"")

    assert (answer.status, answer.json) == (200, {})


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"]
)
def test_json_may_name_its_charset(tracking: Tracking, kind: str) -> None:
    assert tracking.post_body("runs/search", b"{}", kind).status == 200


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_post_that_is_not_json_is_refused(tracking: Tracking, kind: str) -> None:
    assert_refused(tracking.post_body("runs/search", b"{}", kind), "Content-Type")


@pytest.mark.parametrize(
    ("operation", "message", "lacking"),
    [
        ("experiments/create", {}, "name"),
        ("experiments/delete", {}, "experiment_id"),
        ("experiments/update", {"experiment_id": "0"}, "new_name"),
        ("experiments/set-experiment-tag", {"experiment_id": "0", "value": "v"}, "key"),
        ("runs/get", {}, "run_id"),
        ("runs/log-metric", {"run_id": "a", "value": 1, "timestamp": 1}, "key"),
        ("runs/log-metric", {"run_id": "a", "key": "m", "timestamp": 1}, "value"),
        ("runs/log-metric", {"run_id": "a", "key": "m", "value": 1}, "timestamp"),
        ("runs/log-parameter", {"run_id": "a"}, "key"),
        ("runs/log-batch", {}, "run_id"),
        ("runs/log-batch", {"run_id": "a", "metrics": [{"key": "m", "value": 1}]}, "timestamp"),
        ("runs/log-batch", {"run_id": "a", "params": [{"value": "1"}]}, "key"),
        ("runs/set-tag", {"run_id": "a"}, "key"),
        ("runs/delete-tag", {"run_id": "a"}, "key"),
        ("runs/outputs", {"run_id": "a"}, "models"),
        ("runs/log-model", {"run_id": "a"}, "model_json"),
        ("metrics/get-history", {"run_id": "a"}, "metric_key"),
        ("metrics/get-history-bulk", {"metric_key": "m"}, "run_id"),
        ("metrics/get-history-bulk-interval", {"metric_key": "m"}, "run_ids"),
    ],
)
def test_a_field_that_is_missing_is_named(
    tracking: Tracking, operation: str, message: dict[str, Any], lacking: str
) -> None:
    reads = operation == "runs/get" or operation.startswith("metrics/")
    answer = tracking.get(operation, **message) if reads else tracking.post(operation, **message)

    assert_refused(answer, lacking)


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("runs/create", {"experiment_id": ["0"]}),
        ("runs/create", {"start_time": "yesterday"}),
        ("runs/create", {"start_time": 2**63}),
        ("runs/create", {"start_time": 1.5}),
        ("runs/create", {"tags": {"key": "a", "value": "b"}}),
        ("runs/create", {"tags": ["a"]}),
        ("runs/search", {"max_results": "many"}),
        ("runs/search", {"experiment_ids": "0"}),
        ("runs/search", {"filter": 7}),
        ("experiments/create", {"name": None}),
        ("experiments/create", {"name": 7}),
    ],
)
def test_a_field_of_the_wrong_type_is_refused(
    tracking: Tracking, operation: str, message: dict[str, Any]
) -> None:
    assert_refused(tracking.post(operation, **message))


def test_null_counts_as_not_set(tracking: Tracking) -> None:
    answer = tracking.log("update", status=None, end_time=None, run_name=None)

    assert answer.json["run_info"]["status"] == "RUNNING"
    assert "end_time" not in answer.json["run_info"]


def test_a_get_reads_its_message_from_the_query(tracking: Tracking) -> None:
    twice = tracking.server.request(
        "GET", "/ajax-api/2.0/mlflow/runs/get", query=[("run_id", "x"), ("run_id", tracking.run_id)]
    )

    assert twice.json["run"]["info"]["run_id"] == tracking.run_id


def test_a_search_by_get_takes_lists_as_repeated_names(tracking: Tracking) -> None:
    found = tracking.get(
        "experiments/search", max_results="1", order_by=["creation_time DESC", "name"], view_type="3"
    )

    assert [each["experiment_id"] for each in found.json["experiments"]] == [tracking.experiment_id]


def test_a_name_outside_ascii_survives(tracking: Tracking) -> None:
    name = "Größe, 大きさ 🌊"

    tracking.log("set-tag", key="größe", value=name)
    tracking.log("update", run_name=name)
    found = tracking.post(
        "runs/search", experiment_ids=[tracking.experiment_id], filter=f"tags.`größe` = '{name}'"
    )

    assert [run["info"]["run_name"] for run in found.json["runs"]] == [name]


def test_a_text_with_a_nul_character_is_refused_everywhere(tracking: Tracking) -> None:
    text, here = "a\x00b", tracking.experiment_id
    dataset = {"name": text, "digest": "d", "source_type": "s", "source": "s"}
    answers = [
        tracking.log("set-tag", key="t", value=text),
        tracking.log("log-parameter", key="p", value=text),
        tracking.log("log-metric", key="m", value=1, timestamp=1, dataset_name=text),
        tracking.log("log-batch", tags=[{"key": "t", "value": text}]),
        tracking.log("update", run_name=text),
        tracking.log("log-inputs", datasets=[{"dataset": dataset}]),
        tracking.log("outputs", models=[{"model_id": text, "step": 0}]),
        tracking.post("runs/create", experiment_id=here, user_id=text),
        tracking.post("experiments/create", name=text),
        tracking.post("experiments/set-experiment-tag", experiment_id=here, key="t", value=text),
        tracking.post("runs/search", experiment_ids=[here], filter=f"tags.t = '{text}'"),
        tracking.get("experiments/get-by-name", experiment_name=text),
        tracking.get("runs/get", run_id=text),
        tracking.get("metrics/get-history", run_id=tracking.run_id, metric_key=text),
    ]

    for answer in answers:
        assert_refused(answer, "NUL")


def test_the_spelling_of_a_nul_character_is_a_text_like_any_other(tracking: Tracking) -> None:
    tracking.log("set-tag", key="t", value="\\u0000")

    assert tracking.data("tags")["t"] == "\\u0000"


@pytest.mark.parametrize("name", [b"run_id", b"runId"])
def test_half_of_a_surrogate_pair_is_refused(tracking: Tracking, name: bytes) -> None:
    body = b'{"%s": "%s", "key": "t", "value": "\\ud800"}' % (name, tracking.run_id.encode())

    assert_refused(tracking.post_body("runs/set-tag", body))


def test_text_that_is_not_utf_8_is_refused(tracking: Tracking) -> None:
    body = b'{"run_id": "%s", "key": "t", "value": "\xed\xa0\x80"}' % tracking.run_id.encode()

    assert_refused(tracking.post_body("runs/set-tag", body), "JSON")
