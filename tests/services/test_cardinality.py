"""Large numbers of experiments are searched like small ones."""

from __future__ import annotations

from fluvial.services.platform import Platform
from fluvial.wire.runs import COUNT_RUNS, SEARCH_RUNS, CountRuns, SearchRuns
from tests.services.making import log, start


def test_a_search_names_more_experiments_than_a_database_takes_parameters(platform: Platform) -> None:
    for value in range(3):
        log(platform, start(platform, run_name=f"run {value}"), metrics=[("m", value, 0)])
    everywhere = tuple(str(number) for number in range(70_000))

    request = SearchRuns(experiment_ids=everywhere, filter="metrics.m > 0", order_by=("metrics.m DESC",))
    found = [run.info.run_name for run in platform.call(SEARCH_RUNS, request).runs]

    assert found == ["run 2", "run 1"]
    assert platform.call(COUNT_RUNS, CountRuns(experiment_ids=everywhere)).count == 3
