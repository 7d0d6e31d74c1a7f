from __future__ import annotations

import math

import pytest

from fluvial.errors import InvalidRequest
from fluvial.services.platform import Platform
from fluvial.wire.run_table import READ_RUN_TABLE, ReadRunTable, RunTable
from fluvial.wire.runs import DELETE_RUN, LIST_RUN_COLUMNS, SET_TAG, ListRunColumns, RunId, SetTag
from tests.services.making import log, start

PARENT = "mlflow.parentRunId"


@pytest.fixture(params=[2000, 1], ids=["by rows", "by columns"], autouse=True)
def searched(request: pytest.FixtureRequest, platform: Platform) -> None:
    """From how many runs on an experiment is searched by columns."""
    platform.database.columns_from_runs = request.param


def table(platform: Platform, **more: object) -> RunTable:
    request = ReadRunTable(**{"experiment_ids": ("0",), "order_by": ("run_name",), **more})  # type: ignore[arg-type]
    return platform.call(READ_RUN_TABLE, request)


def names(found: RunTable) -> list[str]:
    """The names of the rows, each indented by its depth."""
    return ["  " * row.depth + row.run_name for row in found.rows]


def make(platform: Platform, name: str, parent: str | None = None) -> str:
    run_id = start(platform, experiment_id="0", run_name=name)
    if parent is not None:
        platform.call(SET_TAG, SetTag(run_id=run_id, key=PARENT, value=parent))
    return run_id


@pytest.fixture
def family(platform: Platform) -> dict[str, str]:
    """`study` has `trial a` and `trial b`, which has `fold 1`; `alone` has nobody."""
    ids = {"study": make(platform, "study"), "alone": make(platform, "alone")}
    ids["a"] = make(platform, "trial a", ids["study"])
    ids["b"] = make(platform, "trial b", ids["study"])
    ids["fold"] = make(platform, "fold 1", ids["b"])
    return ids


def test_a_part_of_the_table_begins_at_any_row(platform: Platform) -> None:
    for number in range(7):
        make(platform, f"run {number}")

    found = table(platform, offset=3, max_rows=2)

    assert names(found) == ["run 3", "run 4"]
    assert (found.n_rows, found.n_runs) == (7, 7)
    assert names(table(platform, offset=6, max_rows=5)) == ["run 6"]
    assert names(table(platform, offset=9)) == []


def test_cells_are_those_of_the_fields_that_are_asked_for(platform: Platform) -> None:
    first, _, third = (make(platform, name) for name in "abc")
    log(platform, first, params={"depth": "3"}, metrics=[("auc", 0.5, 0), ("auc", 0.9, 1), ("auc", 0.7, 2)])
    log(platform, third, params={"depth": "4"}, metrics=[("auc", math.nan, 0)])

    found = table(
        platform, fields=("params.depth", "metrics.auc", "max(metrics.auc)", "mean(metrics.auc)", "tags.x")
    )

    depth, last, greatest, mean, missing = found.columns
    assert (depth.rows, depth.texts) == ((0, 2), ("3", "4"))
    assert (last.rows, last.numbers[0]) == ((0, 2), 0.7)
    assert math.isnan(last.numbers[1])
    assert greatest.numbers[0] == 0.9
    assert mean.numbers[0] == pytest.approx(0.7)
    assert missing.rows == ()


@pytest.mark.usefixtures("family")
def test_families_are_closed_until_they_are_opened(platform: Platform, family: dict[str, str]) -> None:
    closed = table(platform, is_nested=True)
    assert names(closed) == ["alone", "study"]
    assert [row.n_below for row in closed.rows] == [0, 3]
    assert (closed.n_rows, closed.n_runs) == (2, 5)

    opened = table(platform, is_nested=True, toggled=(family["study"],))
    # A family stands where its first member stands: "fold 1" before "trial a".
    assert names(opened) == ["alone", "study", "  trial b", "  trial a"]
    assert [row.is_open for row in opened.rows] == [False, True, False, False]


@pytest.mark.usefixtures("family")
def test_all_families_can_be_open_but_some(platform: Platform, family: dict[str, str]) -> None:
    assert names(table(platform, is_nested=True, is_open=True)) == [
        "alone",
        "study",
        "  trial b",
        "    fold 1",
        "  trial a",
    ]
    found = table(platform, is_nested=True, is_open=True, toggled=(family["b"],), offset=2)
    assert names(found) == ["  trial b", "  trial a"]


def test_a_run_that_matches_brings_those_that_it_is_within(
    platform: Platform, family: dict[str, str]
) -> None:
    platform.call(DELETE_RUN, RunId(run_id=family["study"]))

    found = table(platform, is_nested=True, is_open=True, filter="run_name LIKE 'fold%'")

    assert names(found) == ["study", "  trial b", "    fold 1"]
    assert [row.is_match for row in found.rows] == [False, False, True]
    assert found.n_runs == 1


def test_runs_that_are_said_to_be_within_each_other_are_within_nothing(platform: Platform) -> None:
    first, second = make(platform, "first"), make(platform, "second")
    platform.call(SET_TAG, SetTag(run_id=first, key=PARENT, value=second))
    platform.call(SET_TAG, SetTag(run_id=second, key=PARENT, value=first))
    make(platform, "third", first)
    make(platform, "no id", "not the id of a run")

    found = table(platform, is_nested=True, is_open=True)

    assert names(found) == ["first", "  third", "no id", "second"]


@pytest.mark.parametrize(
    "asked", [{"fields": ("status",)}, {"offset": -1}, {"max_rows": 10_001}, {"fields": ("tags.a",) * 201}]
)
def test_what_no_table_has_is_refused(platform: Platform, asked: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest):
        table(platform, **asked)


def test_names_of_columns_are_found_by_a_part_of_them(platform: Platform) -> None:
    run_id = make(platform, "any")
    log(platform, run_id, params={"Loss_name": "mse"}, metrics=[(f"loss/{n}", 1.0, 0) for n in range(5)])

    found = platform.call(
        LIST_RUN_COLUMNS, ListRunColumns(experiment_ids=("0",), name_contains="loss", max_names=2)
    )

    assert (found.metrics, found.n_metrics) == (("loss/0", "loss/1"), 5)
    assert (found.params, found.n_params, found.tags) == (("Loss_name",), 1, ())
