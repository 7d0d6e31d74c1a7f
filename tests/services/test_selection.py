"""A search answers what was selected of each run, and reads nothing else."""

from __future__ import annotations

import pytest

from fluvial.errors import InvalidRequest
from fluvial.services.platform import Platform
from fluvial.wire.runs import SEARCH_RUNS, SearchRuns
from tests.services.making import log, params_of, start, tags_of


@pytest.mark.parametrize(
    ("select", "metrics", "params", "tags"),
    [
        ((), {"acc", "loss"}, {"lr", "my param"}, {"mlflow.runName", "team"}),
        (("metrics.loss", "attributes.status"), {"loss"}, set(), set()),
        (("metrics.*", "params.`my param`"), {"acc", "loss"}, {"my param"}, set()),
        (("tags.team", "tags.nobody"), set(), set(), {"team"}),
        (("run_id",), set(), set(), set()),
    ],
)
def test_what_is_selected_is_answered(
    platform: Platform, select: tuple[str, ...], metrics: set[str], params: set[str], tags: set[str]
) -> None:
    run_id = start(platform, run_name="one")
    log(
        platform,
        run_id,
        metrics=[("loss", 0.1, 1), ("acc", 0.9, 1)],
        params={"lr": "1", "my param": "2"},
        tags={"team": "vision"},
    )

    (run,) = platform.call(SEARCH_RUNS, SearchRuns(experiment_ids=("0",), select=select)).runs

    assert run.info.run_id == run_id
    assert {metric.key for metric in run.data.metrics} == metrics
    assert (set(params_of(run)), set(tags_of(run))) == (params, tags)


def test_a_selection_of_what_no_run_has_is_refused(platform: Platform) -> None:
    with pytest.raises(InvalidRequest, match="no attribute statsu"):
        platform.call(SEARCH_RUNS, SearchRuns(select=("statsu",)))
    with pytest.raises(InvalidRequest, match="at most 1000 fields"):
        platform.call(SEARCH_RUNS, SearchRuns(select=("metrics.x",) * 1_001))
