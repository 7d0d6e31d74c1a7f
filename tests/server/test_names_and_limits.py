"""What names and ids may look like, and how much may be sent at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.server.tracking import Tracking, assert_not_found, assert_refused, point
from tests.server_process import on_both_databases

pytestmark = on_both_databases


@pytest.mark.parametrize("given", ["", "x", "-1", "1.0", "٣", "9223372036854775808", "0x1", " 1"])
def test_an_experiment_id_is_a_whole_number(tracking: Tracking, given: str) -> None:
    assert_refused(tracking.get("experiments/get", experiment_id=given))
    assert_refused(tracking.post("runs/search", experiment_ids=[given]))


def test_the_largest_experiment_id_there_could_be_is_not_found(tracking: Tracking) -> None:
    assert_not_found(tracking.get("experiments/get", experiment_id=str(2**63 - 1)))


@pytest.mark.parametrize("given", ["nope", "a" * 256, "A-_9"])
def test_a_run_that_could_be_is_not_found(tracking: Tracking, given: str) -> None:
    assert_not_found(tracking.get("runs/get", run_id=given))


@pytest.mark.parametrize("given", ["a" * 257, "a/b", "-a", "ä", "a b", "a'b", "%"])
def test_what_cannot_be_a_runs_id_is_refused(tracking: Tracking, given: str) -> None:
    assert_refused(tracking.get("runs/get", run_id=given))
    assert_refused(tracking.post("runs/log-batch", run_id=given))


def test_a_run_is_named_by_its_tag_where_it_has_no_name(tracking: Tracking) -> None:
    run_id = tracking.new_run(tags=[{"key": "mlflow.runName", "value": "by tag"}])

    assert tracking.run(run_id)["info"]["run_name"] == "by tag"


def test_a_name_that_differs_from_its_tag_is_refused(tracking: Tracking) -> None:
    tags = [{"key": "mlflow.runName", "value": "b"}]
    answer = tracking.post("runs/create", experiment_id=tracking.experiment_id, run_name="a", tags=tags)

    assert_refused(answer, "differ")


def test_the_user_of_a_run_is_kept(tracking: Tracking) -> None:
    assert tracking.run(tracking.new_run(user_id="ada"))["info"]["user_id"] == "ada"


def test_a_run_without_an_experiment_goes_to_the_default_one(tracking: Tracking) -> None:
    created = tracking.post("runs/create").json["run"]["info"]

    assert created["experiment_id"] == "0"


@pytest.mark.parametrize(
    ("kind", "limit", "entry"),
    [
        ("metrics", 1000, lambda i: point("m", i)),
        ("params", 100, lambda i: {"key": f"p{i}", "value": "1"}),
        ("tags", 100, lambda i: {"key": f"t{i}", "value": "1"}),
    ],
)
def test_a_batch_holds_so_many_of_each_and_no_more(
    tracking: Tracking, kind: str, limit: int, entry: Callable[[int], dict[str, Any]]
) -> None:
    assert tracking.log("log-batch", **{kind: [entry(i) for i in range(limit)]}).status == 200
    assert_refused(tracking.log("log-batch", **{kind: [entry(i) for i in range(limit + 1)]}), str(limit))


def test_a_batch_holds_a_thousand_entries_in_all(tracking: Tracking) -> None:
    answer = tracking.log(
        "log-batch", metrics=[point("m", i) for i in range(950)], params=[{"key": f"p{i}"} for i in range(51)]
    )

    assert_refused(answer, "1000")
    assert tracking.data("params") == {}


def test_a_call_records_a_thousand_datasets_and_no_more(tracking: Tracking) -> None:
    datasets = [
        {"dataset": {"name": "d", "digest": str(i), "source_type": "local", "source": "{}"}}
        for i in range(1001)
    ]

    assert tracking.log("log-inputs", datasets=datasets[:1000]).status == 200
    assert_refused(tracking.log("log-inputs", datasets=datasets), "1000")


@pytest.mark.parametrize("key", ["a", "a/b.c-d_e f:g", "ä", "k" * 250, "a..b", "1"])
def test_a_key_may_have_letters_digits_and_some_signs(tracking: Tracking, key: str) -> None:
    answers = [
        tracking.log("log-metric", key=key, value=1, timestamp=1),
        tracking.log("log-parameter", key=key, value="1"),
        tracking.log("set-tag", key=key, value="1"),
    ]

    assert [answer.status for answer in answers] == [200] * 3
    assert key in tracking.data("metrics")
    assert [p["key"] for p in tracking.history(key)] == [key]


@pytest.mark.parametrize(
    "key", ["", "k" * 251, "/a", "a/", "./a", "a//b", "a/../b", "..", ".", "a\tb", "a,b", "a'b", "🌊"]
)
def test_a_key_that_is_another_path_or_has_other_signs_is_refused(tracking: Tracking, key: str) -> None:
    assert_refused(tracking.log("log-metric", key=key, value=1, timestamp=1))
    assert_refused(tracking.log("log-parameter", key=key, value="1"))
    assert_refused(tracking.log("set-tag", key=key, value="1"))
    assert_refused(tracking.log("log-batch", metrics=[point(key)]))


def test_long_values_are_cut_and_the_answer_is_200(tracking: Tracking) -> None:
    assert tracking.log("log-parameter", key="p", value="ä" * 6001).status == 200
    assert tracking.log("set-tag", key="t", value="ä" * 8001).status == 200

    assert tracking.data("params")["p"] == "ä" * 6000
    assert tracking.data("tags")["t"] == "ä" * 8000


def test_a_long_value_sent_again_is_the_same_value(tracking: Tracking) -> None:
    assert [tracking.log("log-parameter", key="p", value="x" * 6001).status for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(("length", "status"), [(500, 200), (501, 400)])
def test_an_experiments_name_has_five_hundred_characters(
    tracking: Tracking, length: int, status: int
) -> None:
    name = uuid.uuid4().hex.ljust(length, "x")

    assert tracking.post("experiments/create", name=name).status == status


@pytest.mark.parametrize(("length", "status"), [(20_000, 200), (20_001, 400)])
def test_an_experiments_tag_has_twenty_thousand_characters(
    tracking: Tracking, length: int, status: int
) -> None:
    answer = tracking.post(
        "experiments/set-experiment-tag", experiment_id=tracking.experiment_id, key="k", value="x" * length
    )

    assert answer.status == status


@pytest.mark.parametrize(
    ("field", "limit"), [("name", 500), ("digest", 36), ("source", 65_535), ("schema", 1_048_575)]
)
def test_what_describes_a_dataset_has_limits(tracking: Tracking, field: str, limit: int) -> None:
    dataset = {"name": "d", "digest": "1", "source_type": "local", "source": "{}"}

    fits = tracking.log("log-inputs", datasets=[{"dataset": dataset | {field: "x" * limit}}])
    too_long = tracking.log("log-inputs", datasets=[{"dataset": dataset | {field: "x" * (limit + 1)}}])

    assert fits.status == 200
    assert_refused(too_long, str(limit))


@pytest.mark.parametrize("tag", [{"key": "k" * 256, "value": ""}, {"key": "k", "value": "v" * 501}])
def test_what_labels_a_dataset_has_limits(tracking: Tracking, tag: dict[str, str]) -> None:
    dataset = {"name": "d", "digest": "1", "source_type": "local", "source": "{}"}

    assert_refused(tracking.log("log-inputs", datasets=[{"dataset": dataset, "tags": [tag]}]))


def test_a_dataset_needs_a_name_and_a_digest(tracking: Tracking) -> None:
    dataset = {"name": "", "digest": "", "source_type": "local", "source": "{}"}

    assert_refused(tracking.log("log-inputs", datasets=[{"dataset": dataset}]))
