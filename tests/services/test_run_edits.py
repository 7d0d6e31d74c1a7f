from __future__ import annotations

import pytest

from fluvial.entities.experiment import LifecycleStage
from fluvial.entities.tag import Tag
from fluvial.errors import InvalidRequest, NotFound
from fluvial.services.platform import Platform
from fluvial.wire.experiments import DELETE_EXPERIMENT, ExperimentId
from fluvial.wire.run_edits import EDIT_RUNS, EditRuns
from tests.services.making import get, log, start, tags_of


def edit(platform: Platform, run_ids: list[str], **more: object) -> int:
    return platform.call(EDIT_RUNS, EditRuns(run_ids=tuple(run_ids), **more)).n_runs  # type: ignore[arg-type]


def stages(platform: Platform, run_ids: list[str]) -> set[LifecycleStage]:
    return {get(platform, run_id).info.lifecycle_stage for run_id in run_ids}


def test_many_runs_go_to_the_trash_and_come_back(platform: Platform) -> None:
    run_ids = [start(platform) for _ in range(3)]

    assert edit(platform, run_ids, lifecycle_stage=LifecycleStage.DELETED) == 3
    assert stages(platform, run_ids) == {LifecycleStage.DELETED}
    edit(platform, run_ids, lifecycle_stage=LifecycleStage.ACTIVE)
    assert stages(platform, run_ids) == {LifecycleStage.ACTIVE}


def test_tags_are_set_and_deleted_of_many_runs(platform: Platform) -> None:
    first, second = start(platform), start(platform)
    log(platform, first, tags={"old": "1", "kept": "2"})

    edit(
        platform,
        [first, second],
        set_tags=(Tag(key="team", value="vision"),),
        delete_tags=("old",),
    )

    assert {"team", "kept"} <= tags_of(get(platform, first)).keys()
    assert "old" not in tags_of(get(platform, first))
    assert tags_of(get(platform, second))["team"] == "vision"


def test_all_runs_are_changed_or_none(platform: Platform) -> None:
    run_id = start(platform)

    with pytest.raises(NotFound):
        edit(platform, [run_id, "0" * 32], lifecycle_stage=LifecycleStage.DELETED)

    assert stages(platform, [run_id]) == {LifecycleStage.ACTIVE}


def test_runs_in_the_trash_get_no_tags_and_none_comes_back_without_its_experiment(
    platform: Platform,
) -> None:
    run_id = start(platform)
    platform.call(DELETE_EXPERIMENT, ExperimentId(experiment_id="0"))

    with pytest.raises(InvalidRequest, match="restore it first"):
        edit(platform, [run_id], set_tags=(Tag(key="a", value="b"),))
    with pytest.raises(InvalidRequest, match="restore that first"):
        edit(platform, [run_id], lifecycle_stage=LifecycleStage.ACTIVE)


@pytest.mark.parametrize(
    "more", [{"set_tags": (Tag(key="mlflow.runName", value="one"),)}, {"delete_tags": ("a",) * 101}]
)
def test_what_cannot_be_said_of_many_runs_is_refused(platform: Platform, more: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest):
        edit(platform, [start(platform)], **more)
