from __future__ import annotations

import math
from typing import Any

import pyarrow as pa
import pytest

from fluvial.errors import InvalidFilter, InvalidRequest
from fluvial.services.context import Permission
from fluvial.services.platform import EVERYBODY, Platform
from fluvial.services.run_values import read_run_values
from fluvial.wire.experiments import CREATE_EXPERIMENT, CreateExperiment
from fluvial.wire.run_values import GetRunValues
from tests.services.making import log, start


def values(platform: Platform, *fields: str, **more: Any) -> pa.Table:
    request = GetRunValues(
        **{"experiment_ids": ("0",), "order_by": ("start_time",), "fields": fields, **more}
    )
    answer = platform.read_with(Permission.READ, EVERYBODY, lambda context: read_run_values(context, request))
    return pa.ipc.open_stream(answer).read_all()


def make(platform: Platform, params: dict[str, str], loss: float | None, *, experiment_id: str = "0") -> str:
    run_id = start(platform, experiment_id=experiment_id)
    log(platform, run_id, params=params, metrics=[] if loss is None else [("loss", loss, 0)])
    return run_id


def test_fields_come_in_the_order_of_the_search_and_null_where_a_run_lacks_them(platform: Platform) -> None:
    runs = [
        make(platform, {"lr": "0.1", "note": "é"}, 0.5),
        make(platform, {"lr": "0.2"}, math.nan),
        make(platform, {}, None),
        make(platform, {"lr": "0.1"}, 0.25),
    ]

    table = values(platform, "params.lr", "metrics.loss", "params.note", "status", order_by=("metrics.loss",))

    assert table["run_id"].to_pylist() == [runs[3], runs[0], runs[1], runs[2]]
    assert table["0"].to_pylist() == ["0.1", "0.1", "0.2", None]
    losses = table["1"].to_pylist()
    assert losses[:2] + losses[3:] == [0.25, 0.5, None]
    assert math.isnan(losses[2])
    assert table["2"].to_pylist() == [None, "é", None, None]
    assert table["3"].to_pylist() == ["RUNNING"] * 4


def test_the_first_of_many_are_given_and_all_are_counted(platform: Platform) -> None:
    for loss in (3.0, 1.0, 2.0):
        make(platform, {}, loss)

    table = values(
        platform, "metrics.loss", filter="metrics.loss > 1", order_by=("metrics.loss",), max_results=1
    )

    assert table["0"].to_pylist() == [2.0]
    assert table.schema.metadata == {b"n_matching": b"2"}


def test_runs_of_several_experiments_are_in_one_order(platform: Platform) -> None:
    other = platform.call(CREATE_EXPERIMENT, CreateExperiment(name="other")).experiment_id
    for loss, model, experiment_id in ((3.0, "a", "0"), (1.0, "b", other), (2.0, "a", other)):
        make(platform, {"model": model}, loss, experiment_id=experiment_id)

    table = values(
        platform,
        "metrics.loss",
        "params.model",
        experiment_ids=("0", other),
        order_by=("metrics.loss DESC",),
        max_results=2,
    )

    assert (table["0"].to_pylist(), table["1"].to_pylist()) == ([3.0, 2.0], ["a", "a"])


def test_no_runs_are_a_table_without_rows(platform: Platform) -> None:
    table = values(platform, "metrics.loss", "params.model")

    assert (table.num_rows, [str(field.type) for field in table.schema]) == (
        0,
        ["string", "double", "string"],
    )


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"fields": ("artifact_uri",)}, InvalidRequest),
        ({"fields": ("nonsense",)}, InvalidFilter),
        ({"max_results": 0}, InvalidRequest),
        ({"max_results": 100_000, "fields": tuple(f"params.p{n}" for n in range(50))}, InvalidRequest),
        ({"order_by": ("artifact_uri",)}, InvalidRequest),
    ],
)
def test_what_cannot_be_given_is_refused(
    platform: Platform, more: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        values(platform, **more)
