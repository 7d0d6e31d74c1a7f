"""Pages, and the orders they come in."""

from __future__ import annotations

import base64
import re

import pytest

from tests.server.tracking import Tracking, assert_refused, point
from tests.server_process import on_both_databases

pytestmark = on_both_databases


def encoded(token: str) -> str:
    return base64.b64encode(token.encode()).decode()


def test_a_search_of_experiments_gives_a_page_where_nothing_is_said(tracking: Tracking) -> None:
    answer = tracking.post("experiments/search")

    assert answer.status == 200
    assert tracking.experiment_id in {each["experiment_id"] for each in answer.json["experiments"]}


@pytest.mark.parametrize("operation", ["experiments/search", "runs/search"])
@pytest.mark.parametrize("max_results", [0, -1, 50_001])
def test_a_page_has_1_to_50_000_entries(tracking: Tracking, operation: str, max_results: int) -> None:
    assert_refused(tracking.post(operation, max_results=max_results), "max_results")


@pytest.mark.parametrize(
    "token",
    [
        "!",
        "YQ",
        "YWJj",
        encoded("[]"),
        encoded('{"offset": -1}'),
        encoded('{"offset": "1"}'),
        encoded('{"offset": 9223372036854775808}'),
    ],
)
@pytest.mark.parametrize("operation", ["experiments/search", "runs/search"])
def test_a_page_token_that_nobody_gave_is_refused(tracking: Tracking, operation: str, token: str) -> None:
    assert_refused(tracking.post(operation, page_token=token), "page token")


def test_the_last_page_has_no_token(tracking: Tracking) -> None:
    for _ in range(2):
        tracking.new_run()
    search = {"experiment_ids": [tracking.experiment_id], "max_results": 2}

    first = tracking.post("runs/search", **search).json
    last = tracking.post("runs/search", **search, page_token=first["next_page_token"]).json

    assert (len(first["runs"]), len(last["runs"])) == (2, 1)
    assert "next_page_token" not in last
    assert re.fullmatch(r"[\w-]+", first["next_page_token"])


def test_a_page_begins_after_the_last_one_whatever_has_come_or_gone(tracking: Tracking) -> None:
    tracking.log("delete")
    runs = [tracking.new_run(start_time=number) for number in range(6)]
    search = {"experiment_ids": [tracking.experiment_id], "max_results": 2, "order_by": ["start_time"]}

    first = tracking.post("runs/search", **search).json
    tracking.post("runs/delete", run_id=runs[1])
    tracking.new_run(start_time=0)
    second = tracking.post("runs/search", **search, page_token=first["next_page_token"]).json
    for run_id in runs[4:]:
        tracking.post("runs/delete", run_id=run_id)
    third = tracking.post("runs/search", **search, page_token=second["next_page_token"]).json

    assert [run["info"]["run_id"] for run in first["runs"] + second["runs"]] == runs[:4]
    assert third == {}


def test_a_page_token_of_another_order_is_refused(tracking: Tracking) -> None:
    for number in range(2):
        tracking.new_run(start_time=number)
    search = {"experiment_ids": [tracking.experiment_id], "max_results": 1}
    token = tracking.post("runs/search", **search, order_by=["run_id"]).json["next_page_token"]

    assert_refused(tracking.post("runs/search", **search, page_token=token), "page token")
    damaged = token[:-3] + ("AAA" if token[-3:] != "AAA" else "BBB")
    refused = tracking.post("runs/search", **search, order_by=["run_id"], page_token=damaged)
    assert_refused(refused, "page token")


def test_runs_come_newest_first_and_then_by_id(tracking: Tracking) -> None:
    old, new = tracking.new_run(start_time=1), [tracking.new_run(start_time=2) for _ in range(3)]
    tracking.log("delete")

    found = tracking.post("runs/search", experiment_ids=[tracking.experiment_id]).json["runs"]

    assert [run["info"]["run_id"] for run in found] == [*sorted(new), old]


def test_history_is_whole_where_no_page_is_asked_for(tracking: Tracking) -> None:
    for start in range(0, 3000, 1000):
        tracking.log("log-batch", metrics=[point("m", start + i) for i in range(1000)])

    whole = tracking.get("metrics/get-history", run_id=tracking.run_id, metric_key="m").json
    page = tracking.get("metrics/get-history", run_id=tracking.run_id, metric_key="m", max_results=2500).json

    assert [each["step"] for each in whole["metrics"]] == list(range(3000))
    assert "next_page_token" not in whole
    assert (page["metrics"], "next_page_token" in page) == (whole["metrics"][:2500], True)


@pytest.mark.parametrize("max_results", [0, -1])
def test_a_page_of_history_has_at_least_one_point(tracking: Tracking, max_results: int) -> None:
    read = {"metric_key": "m", "max_results": max_results}

    assert_refused(tracking.get("metrics/get-history", run_id=tracking.run_id, **read))
    assert_refused(tracking.get("metrics/get-history-bulk", run_id=tracking.run_id, **read))
    assert_refused(tracking.get("metrics/get-history-bulk-interval", run_ids=tracking.run_id, **read))


def test_bulk_history_gives_up_to_25_000_points_whatever_is_asked(tracking: Tracking) -> None:
    tracking.log("log-metric", key="m", value="NaN", timestamp=1)

    answer = tracking.get(
        "metrics/get-history-bulk", run_id=tracking.run_id, metric_key="m", max_results=10**6
    )

    assert answer.json == {"metrics": [{**point("m", 0, "NaN"), "run_id": tracking.run_id}]}


def test_bulk_history_is_a_list_also_where_there_is_nothing(tracking: Tracking) -> None:
    answer = tracking.get("metrics/get-history-bulk", run_id=tracking.run_id, metric_key="nothing")

    assert answer.json == {"metrics": []}


@pytest.mark.parametrize(
    ("interval", "saying"),
    [
        ({"max_results": 2501}, "2500"),
        ({"start_step": 1}, "end_step"),
        ({"end_step": 1}, "start_step"),
        ({"start_step": 2, "end_step": 1}, "after"),
    ],
)
def test_an_interval_of_history_must_make_sense(
    tracking: Tracking, interval: dict[str, int], saying: str
) -> None:
    answer = tracking.get(
        "metrics/get-history-bulk-interval", run_ids=tracking.run_id, metric_key="m", **interval
    )

    assert_refused(answer, saying)


@pytest.mark.parametrize("experiment_ids", [[], [str(i) for i in range(21)]])
def test_datasets_of_1_to_20_experiments_are_searched(tracking: Tracking, experiment_ids: list[str]) -> None:
    assert_refused(tracking.post("experiments/search-datasets", experiment_ids=experiment_ids), "20")
