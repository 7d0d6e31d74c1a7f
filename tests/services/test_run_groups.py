from __future__ import annotations

import math
import statistics

import pytest

from fluvial.errors import InvalidRequest
from fluvial.services.platform import Platform
from fluvial.wire.experiments import CREATE_EXPERIMENT, CreateExperiment
from fluvial.wire.run_groups import (
    FIND_FACETS,
    GROUP_RUNS,
    Facet,
    FindFacets,
    GroupRuns,
    RunGroup,
    Statistic,
)
from fluvial.wire.runs import CREATE_RUN, CreateRun
from tests.services.making import log, start

RUNS = [
    ("a", "1", 0.5),
    ("a", "1", 0.7),
    ("a", "2", 0.9),
    ("b", "1", math.nan),
    ("b", "1", 0.1),
    ("b", None, None),
]


@pytest.fixture
def runs(platform: Platform) -> list[str]:
    return [make(platform, "0", *run) for run in RUNS]


def make(platform: Platform, experiment_id: str, model: str, depth: str | None, auc: float | None) -> str:
    run_id = start(platform, experiment_id=experiment_id)
    params = {"model": model} | ({} if depth is None else {"depth": depth})
    log(platform, run_id, params=params, metrics=[] if auc is None else [("auc", auc, 0)])
    return run_id


def groups(platform: Platform, **more: object) -> tuple[RunGroup, ...]:
    request = GroupRuns(**{"experiment_ids": ("0",), "numbers": ("metrics.auc",), **more})  # type: ignore[arg-type]
    return platform.call(GROUP_RUNS, request).groups


def facet(platform: Platform, field: str, **more: object) -> Facet:
    request = FindFacets(**{"experiment_ids": ("0",), "fields": (field,), **more})  # type: ignore[arg-type]
    return platform.call(FIND_FACETS, request).facets[0]


@pytest.mark.usefixtures("runs")
def test_a_group_has_the_statistics_of_its_runs(platform: Platform) -> None:
    by_model = {group.values: group for group in groups(platform, group_by=("params.model",))}

    of_a = by_model[("a",)].numbers[0]
    assert (by_model[("a",)].n_runs, of_a.count, of_a.min, of_a.max) == (3, 3, 0.5, 0.9)
    assert of_a.mean == pytest.approx(statistics.mean([0.5, 0.7, 0.9]))
    assert of_a.std == pytest.approx(statistics.stdev([0.5, 0.7, 0.9]))
    of_b = by_model[("b",)].numbers[0]
    assert (by_model[("b",)].n_runs, of_b.count, of_b.mean, of_b.std) == (3, 1, 0.1, None)


@pytest.mark.usefixtures("runs")
def test_runs_that_lack_a_param_are_a_group(platform: Platform) -> None:
    found = groups(platform, group_by=("params.model", "params.depth"))

    assert {group.values: group.n_runs for group in found} == {
        ("a", "1"): 2,
        ("a", "2"): 1,
        ("b", "1"): 2,
        ("b", None): 1,
    }
    assert next(group for group in found if group.values == ("b", None)).numbers[0].count == 0


@pytest.mark.usefixtures("runs")
def test_groups_are_sorted_by_a_statistic_and_those_without_it_come_last(platform: Platform) -> None:
    found = groups(
        platform,
        group_by=("params.model", "params.depth"),
        sort_by="metrics.auc",
        statistic=Statistic.MEAN,
        is_descending=True,
    )

    assert [group.values for group in found] == [("a", "2"), ("a", "1"), ("b", "1"), ("b", None)]
    assert [group.values for group in groups(platform, group_by=("params.model",))] == [("a",), ("b",)]


def test_a_group_reaches_over_experiments_and_sees_what_was_logged_just_now(
    platform: Platform, runs: list[str]
) -> None:
    other = platform.call(CREATE_EXPERIMENT, CreateExperiment(name="other")).experiment_id
    make(platform, other, "a", "1", 3.9)

    def mean() -> float | None:
        found = groups(platform, experiment_ids=("0", other), group_by=("params.model",))
        return next(group for group in found if group.values == ("a",)).numbers[0].mean

    before = mean()
    log(platform, runs[0], metrics=[("auc", 2.5, 1)])

    assert before == pytest.approx(1.5)
    assert mean() == pytest.approx(2.0)


@pytest.mark.usefixtures("runs")
def test_runs_of_several_experiments_are_grouped_counted_and_found_by_its_name(platform: Platform) -> None:
    other = platform.call(CREATE_EXPERIMENT, CreateExperiment(name="other")).experiment_id
    make(platform, other, "a", "1", 3.9)
    both = ("0", other)

    found = groups(platform, experiment_ids=both, group_by=("attributes.experiment_name", "params.model"))

    assert {group.values: group.n_runs for group in found} == {
        ("Default", "a"): 3,
        ("Default", "b"): 3,
        ("other", "a"): 1,
    }
    values = facet(platform, "attributes.experiment_name", experiment_ids=both).values
    assert [(one.value, one.n_runs) for one in values] == [("Default", 6), ("other", 1)]
    for filter_text, n_runs in (
        ("experiment_name = 'other'", 1),
        ("experiment_name != 'other'", 6),
        ("experiment_name IN ('other', 'none')", 1),
        ("NOT experiment_name ILIKE 'OTH%'", 6),
        ("experiment_name IS NULL", 0),
    ):
        of_all = groups(platform, experiment_ids=both, group_by=("status",), filter=filter_text)
        assert sum(group.n_runs for group in of_all) == n_runs, filter_text


@pytest.mark.usefixtures("runs")
def test_a_filter_narrows_groups_and_facets(platform: Platform) -> None:
    found = groups(platform, group_by=("params.depth",), filter="params.model = 'b' AND metrics.auc < 1")

    assert [(group.values, group.n_runs) for group in found] == [(("1",), 1)]
    assert facet(platform, "params.model", filter="metrics.auc > 0.6").n_runs == 2


@pytest.mark.usefixtures("runs")
def test_a_facet_of_a_text_counts_its_values(platform: Platform) -> None:
    found = facet(platform, "params.depth", max_values=1)

    assert [(one.value, one.n_runs) for one in found.values] == [("1", 4)]
    assert (found.n_runs, found.n_missing, found.n_values) == (5, 1, 2)
    assert [one.value for one in facet(platform, "status").values] == ["RUNNING"]


@pytest.mark.usefixtures("runs")
def test_a_facet_of_a_number_is_a_histogram(platform: Platform) -> None:
    log(platform, make(platform, "0", "c", None, None), metrics=[("auc", math.inf, 0)])

    found = facet(platform, "metrics.auc", n_bins=2)

    assert found.histogram is not None
    assert found.histogram.edges == pytest.approx((0.1, 0.5, 0.9))
    assert found.histogram.counts == (1, 3)
    assert (found.histogram.n_nan, found.histogram.n_infinite, found.n_missing, found.n_runs) == (1, 1, 1, 6)


def test_where_no_run_matches_there_are_no_groups_and_no_values(platform: Platform) -> None:
    assert groups(platform, group_by=("params.model",)) == ()
    assert facet(platform, "params.model").values == ()
    nothing = facet(platform, "metrics.auc").histogram
    assert nothing is not None
    assert (nothing.edges, nothing.counts) == ((), ())


@pytest.mark.usefixtures("runs")
def test_numbers_that_are_all_the_same_are_in_one_bin(platform: Platform) -> None:
    platform.call(CREATE_RUN, CreateRun(start_time=1))

    found = facet(platform, "metrics.auc", filter="metrics.auc = 0.5").histogram

    assert found is not None
    assert (found.edges, found.counts) == ((0.5, 0.5), (1,))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"group_by": ()}, "group_by has 1 to 50 fields"),
        ({"group_by": ("metrics.auc",)}, "grouped by texts"),
        ({"group_by": ("run_id",)}, "grouped by texts"),
        ({"group_by": ("status",), "numbers": ("params.x",)}, "holds no numbers"),
        ({"group_by": ("status",), "sort_by": "metrics.other"}, "sort_by is one of the numbers"),
        ({"group_by": ("status",), "max_groups": 0}, "max_groups is from 1"),
        ({"group_by": ("statsu",)}, "Did you mean status"),
    ],
)
def test_a_group_that_makes_no_sense_is_refused(
    platform: Platform, more: dict[str, object], message: str
) -> None:
    with pytest.raises(InvalidRequest, match=message):
        groups(platform, **more)
