"""One text, and all that it may mean."""

from __future__ import annotations

import pytest

from fluvial.services.platform import Platform
from fluvial.wire.everywhere import SEARCH_EVERYWHERE, FoundEverywhere, SearchEverywhere
from fluvial.wire.experiments import CREATE_EXPERIMENT, DELETE_EXPERIMENT, CreateExperiment, ExperimentId
from fluvial.wire.reports import CREATE_REPORT, CreateReport
from fluvial.wire.runs import DELETE_RUN, RunId
from fluvial.wire.saved_views import CREATE_SAVED_VIEW, CreateSavedView
from tests.services.making import log, start


def find(platform: Platform, text: str, **more: int) -> FoundEverywhere:
    """What is found."""
    return platform.call(SEARCH_EVERYWHERE, SearchEverywhere(text=text, **more))


def test_a_name_finds_whatever_has_it(platform: Platform) -> None:
    owner = platform.call(CREATE_EXPERIMENT, CreateExperiment(name="Churn model"))
    run_id = start(platform, experiment_id=owner.experiment_id, run_name="churn-baseline")
    start(platform, experiment_id=owner.experiment_id, run_name="other")
    platform.call(
        CREATE_SAVED_VIEW, CreateSavedView(experiment_id=owner.experiment_id, name="Best churn", state={})
    )
    platform.call(CREATE_REPORT, CreateReport(title="CHURN, explained"))

    found = find(platform, " churn ")

    assert [one.name for one in found.experiments] == ["Churn model"]
    assert [(one.run_id, one.experiment_name) for one in found.runs] == [(run_id, "Churn model")]
    assert [(one.name, one.experiment_name) for one in found.views] == [("Best churn", "Churn model")]
    assert [one.title for one in found.reports] == ["CHURN, explained"]


def test_runs_are_found_by_the_beginning_of_an_id_before_their_names_and_their_words(
    platform: Platform,
) -> None:
    by_id = start(platform, run_name="plain")
    prefix = by_id[:8]
    named = start(platform, run_name=f"again {prefix}")
    noted = start(platform, run_name="noted")
    log(platform, noted, tags={"mlflow.note.content": f"goes on with {prefix}"})

    assert [one.run_id for one in find(platform, prefix).runs] == [by_id, named, noted]
    assert [one.run_id for one in find(platform, prefix, max_results=1).runs] == [by_id]
    assert [one.run_id for one in find(platform, "goes wi").runs] == [noted]


@pytest.mark.parametrize("text", ["'", "100%", "a_b", "\\", '"', "-", "NOT", "(", "é'; --", "AND OR"])
def test_no_text_is_taken_for_more_than_a_text(platform: Platform, text: str) -> None:
    start(platform, run_name="a-b")
    named = start(platform, run_name=f"<{text}>")

    assert named in [one.run_id for one in find(platform, text).runs]


def test_what_is_in_the_trash_is_not_found(platform: Platform) -> None:
    owner = platform.call(CREATE_EXPERIMENT, CreateExperiment(name="doomed")).experiment_id
    platform.call(CREATE_SAVED_VIEW, CreateSavedView(experiment_id=owner, name="doomed", state={}))
    platform.call(DELETE_RUN, RunId(run_id=start(platform, run_name="doomed")))
    platform.call(DELETE_EXPERIMENT, ExperimentId(experiment_id=owner))

    assert find(platform, "doomed") == FoundEverywhere()
    assert find(platform, "  ") == FoundEverywhere()
