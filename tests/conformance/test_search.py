from __future__ import annotations

import math
from typing import Any

import pytest
from mlflow.entities import Metric, ViewType
from mlflow.exceptions import RestException

from tests.server_process import on_both_databases

pytestmark = on_both_databases


@pytest.fixture
def runs(client: Any, experiment_id: str) -> dict[str, str]:
    """Four runs by name: metrics, params, tags, status and times differ."""
    made = {}
    for name, loss, lr, status, start in (
        ("ant", 0.1, "0.1", "FINISHED", 4000),
        ("bee", 0.2, "0.01", "FAILED", 3000),
        ("cat", math.nan, "0.1", "FINISHED", 2000),
        ("dog", None, None, None, 1000),
    ):
        run = client.create_run(experiment_id, start_time=start, run_name=name, tags={"family": name[0]})
        if loss is not None:
            client.log_batch(run.info.run_id, metrics=[Metric("val/loss", loss, 1, 1)])
            client.log_param(run.info.run_id, "lr", lr)
        if status is not None:
            client.set_terminated(run.info.run_id, status, end_time=start + 500)
        made[name] = run.info.run_id
    client.delete_run(made["cat"])
    client.restore_run(made["cat"])
    return made


@pytest.mark.parametrize(
    ("filter_string", "expected"),
    [
        ("", "ant bee cat dog"),
        ("metrics.`val/loss` < 0.15", "ant"),
        ('metric."val/loss" <= 0.2', "ant bee"),
        ("metrics.`val/loss` > 0", "ant bee"),
        ("params.lr = '0.1'", "ant cat"),
        ("params.lr != '0.1'", "bee"),
        ("params.lr LIKE '0.%1'", "ant bee cat"),
        ("parameters.lr ILIKE '0.0_'", "bee"),
        ("tags.family = 'd'", "dog"),
        ("tag.family IN ('a', 'd')", "ant dog"),
        ("tags.`mlflow.runName` = 'bee'", "bee"),
        ("attributes.status = 'FINISHED'", "ant cat"),
        ("status != 'FINISHED'", "bee dog"),
        ("run_name LIKE '%t'", "ant cat"),
        ("attribute.`run name` = 'ant'", "ant"),
        ("attr.start_time >= 3000", "ant bee"),
        ("start_time > 1000 AND end_time < 4000", "bee cat"),
        ("params.lr = '0.1' and metrics.`val/loss` < 1", "ant"),
        ("params.lr IS NULL", "dog"),
        ("params.lr IS NOT NULL", "ant bee cat"),
    ],
)
def test_runs_are_found_by_mlflows_filters(
    client: Any, experiment_id: str, runs: dict[str, str], filter_string: str, expected: str
) -> None:
    found = client.search_runs([experiment_id], filter_string)

    assert " ".join(run.info.run_name for run in found) == expected


def test_runs_are_found_by_their_ids(client: Any, experiment_id: str, runs: dict[str, str]) -> None:
    one, two = runs["ant"], runs["dog"]

    found = client.search_runs([experiment_id], f"attributes.run_id IN ('{one}', '{two}')")

    assert [run.info.run_id for run in found] == [one, two]


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        (["metrics.`val/loss` ASC"], "ant bee cat dog"),
        (["metrics.`val/loss` DESC"], "bee ant cat dog"),
        (["params.lr DESC", "run_name DESC"], "cat ant bee dog"),
        (["attribute.start_time"], "dog cat bee ant"),
        (["tags.family DESC"], "dog cat bee ant"),
        (["status", "start_time DESC"], "bee ant cat dog"),
        ([], "ant bee cat dog"),
    ],
)
def test_runs_are_ordered_with_nan_and_missing_last(
    client: Any, experiment_id: str, runs: dict[str, str], order_by: list[str], expected: str
) -> None:
    found = client.search_runs([experiment_id], order_by=order_by)

    assert " ".join(run.info.run_name for run in found) == expected


def test_runs_are_paged_without_a_gap(client: Any, experiment_id: str, runs: dict[str, str]) -> None:
    names, token = [], None
    for _ in range(3):
        page = client.search_runs(
            [experiment_id], order_by=["start_time ASC"], max_results=3, page_token=token
        )
        names += [run.info.run_name for run in page]
        token = page.token
        if not token:
            break

    assert names == ["dog", "cat", "bee", "ant"]


def test_runs_are_chosen_by_lifecycle(client: Any, experiment_id: str, runs: dict[str, str]) -> None:
    client.delete_run(runs["bee"])

    def found(view: int) -> str:
        page = client.search_runs([experiment_id], run_view_type=view)
        return " ".join(run.info.run_name for run in page)

    assert found(ViewType.ACTIVE_ONLY) == "ant cat dog"
    assert found(ViewType.DELETED_ONLY) == "bee"
    assert found(ViewType.ALL) == "ant bee cat dog"


def test_runs_of_several_experiments_are_searched_together(
    client: Any, experiment_id: str, runs: dict[str, str]
) -> None:
    other = client.create_experiment(f"{experiment_id}-and-another")
    elsewhere = client.create_run(other, start_time=2500, run_name="elk")

    found = client.search_runs([experiment_id, other])

    assert " ".join(run.info.run_name for run in found) == "ant bee elk cat dog"
    assert elsewhere.info.experiment_id == other


def test_a_search_of_no_experiment_finds_nothing(client: Any) -> None:
    assert list(client._tracking_client.store.search_runs([], "", ViewType.ALL)) == []


@pytest.mark.parametrize(
    "filter_string",
    ["params.lr", "metrics.loss < 'x'", "nonsense.x = 1", "params.lr = 0.1 AND", "run_id < 'a' OR OR", "'"],
)
def test_a_filter_that_cannot_be_understood_is_refused(
    client: Any, experiment_id: str, filter_string: str
) -> None:
    with pytest.raises(RestException) as refused:
        client.search_runs([experiment_id], filter_string)

    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("max_results", [0, 50_001])
def test_a_page_size_out_of_bounds_is_refused(client: Any, experiment_id: str, max_results: int) -> None:
    with pytest.raises(Exception, match="max_results") as refused:
        client._tracking_client.store.search_runs([experiment_id], "", ViewType.ALL, max_results=max_results)

    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"  # type: ignore[attr-defined]


def test_a_page_token_that_nobody_gave_is_refused(client: Any, experiment_id: str) -> None:
    with pytest.raises(RestException) as refused:
        client.search_runs([experiment_id], page_token="not base64!")

    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"
