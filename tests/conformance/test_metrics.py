from __future__ import annotations

import math
from typing import Any

import pytest
from mlflow.entities import Metric
from mlflow.exceptions import RestException

from tests.server_process import ServerProcess, on_both_databases

pytestmark = on_both_databases

BULK = "/ajax-api/2.0/mlflow/metrics/get-history-bulk"


def points(history: Any) -> list[tuple[float, int, int]]:
    return [(each.value, each.timestamp, each.step) for each in history]


def test_a_metric_keeps_its_whole_history(client: Any, run_id: str) -> None:
    client.log_metric(run_id, "loss", 0.5, timestamp=20, step=2)
    client.log_metric(run_id, "loss", 1.5, timestamp=10, step=1)
    client.log_metric(run_id, "loss", -0.25, timestamp=5, step=-3)
    client.log_metric(run_id, "other", 9.0)

    assert points(client.get_metric_history(run_id, "loss")) == [(-0.25, 5, -3), (1.5, 10, 1), (0.5, 20, 2)]
    assert points(client.get_metric_history(run_id, "nothing")) == []


def test_the_latest_value_is_that_of_the_greatest_step_time_and_value(client: Any, run_id: str) -> None:
    for value, timestamp, step in ((1.0, 10, 5), (2.0, 99, 4), (3.0, 9, 5), (0.5, 10, 5)):
        client.log_metric(run_id, "m", value, timestamp=timestamp, step=step)

    read = client.get_run(run_id)
    assert read.data.metrics == {"m": 1.0}
    (latest,) = read.data._metric_objs
    assert (latest.timestamp, latest.step) == (10, 5)


def test_the_same_point_twice_is_kept_once(client: Any, run_id: str) -> None:
    for _ in range(2):
        client.log_metric(run_id, "m", 1.0, timestamp=10, step=1)
        client.log_batch(run_id, metrics=[Metric("m", float("nan"), 10, 1), Metric("m", 2.0, 10, 2)])

    history = client.get_metric_history(run_id, "m")
    assert len(history) == 3


def test_nan_and_infinities_come_back_as_they_were(client: Any, run_id: str) -> None:
    given = {
        "nan": math.nan,
        "up": math.inf,
        "down": -math.inf,
        "tiny": 5e-324,
        "large": 1.7976931348623157e308,
    }
    for key, value in given.items():
        client.log_metric(run_id, key, value)

    read = client.get_run(run_id).data.metrics
    assert math.isnan(read.pop("nan"))
    assert read == {key: value for key, value in given.items() if key != "nan"}
    assert points(client.get_metric_history(run_id, "up"))[0][0] == math.inf
    assert math.isnan(client.get_metric_history(run_id, "nan")[0].value)


def test_history_is_read_in_pages_without_a_gap(client: Any, run_id: str) -> None:
    client.log_batch(run_id, metrics=[Metric("m", float(step), step, step) for step in range(1000)])
    store = client._tracking_client.store

    seen, token, n_pages = [], None, 0
    while n_pages == 0 or token:
        page = store.get_metric_history(run_id, "m", max_results=300, page_token=token)
        seen += [each.step for each in page]
        token, n_pages = page.token, n_pages + 1

    assert (seen, n_pages) == (list(range(1000)), 4)


def test_metrics_remember_the_model_and_the_dataset_they_were_measured_on(client: Any, run_id: str) -> None:
    model_id = f"m-{'3' * 32}"

    client.log_metric(run_id, "acc", 0.9, dataset_name="iris", dataset_digest="abc", model_id=model_id)

    (read,) = client.get_run(run_id).data._metric_objs
    assert (read.dataset_name, read.dataset_digest, read.model_id) == ("iris", "abc", model_id)


def test_bulk_history_reads_many_runs_at_once(client: Any, experiment_id: str, server: ServerProcess) -> None:
    runs = [client.create_run(experiment_id).info.run_id for _ in range(3)]
    for n, run in enumerate(runs):
        client.log_batch(run, metrics=[Metric("m", n + step / 10, step, step) for step in range(5)])
    client.log_metric(runs[0], "m", math.nan, timestamp=9, step=9)

    read = server.get(BULK, run_id=runs, metric_key="m").json["metrics"]
    cut = server.get(BULK, run_id=runs, metric_key="m", max_results=7).json["metrics"]

    assert [each["run_id"] for each in read] == [runs[0]] * 6 + [runs[1]] * 5 + [runs[2]] * 5
    assert read[5]["value"] == "NaN"
    assert cut == read[:7]


def test_an_interval_of_history_is_spread_evenly_over_the_steps(client: Any, experiment_id: str) -> None:
    runs = [client.create_run(experiment_id).info.run_id for _ in range(2)]
    for run in runs:
        client.log_batch(run, metrics=[Metric("m", float(step), step, step) for step in range(1000)])
    store = client._tracking_client.store

    read = store.get_metric_history_bulk_interval(
        run_ids=runs, metric_key="m", max_results=10, start_step=100, end_step=899
    )

    for run in runs:
        steps = [each.step for each in read if each.run_id == run]
        assert (steps[0], steps[-1], steps) == (100, 899, sorted(steps))
        assert 10 <= len(steps) <= 12


def test_a_hundred_runs_are_read_at_once_and_one_more_is_refused(client: Any, server: ServerProcess) -> None:
    for path, name in ((BULK, "run_id"), (f"{BULK}-interval", "run_ids")):
        answer = server.get(path, **{name: ["0" * 32] * 101}, metric_key="m")

        assert (answer.status, answer.json["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_a_time_before_the_epoch_is_refused(client: Any, run_id: str) -> None:
    with pytest.raises(RestException) as refused:
        client._tracking_client.store.log_metric(run_id, Metric("m", 1.0, -1, 0))

    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"
