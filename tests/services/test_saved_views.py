"""Named views: who gets which name, what a stale change meets, and the way back from the trash."""

from __future__ import annotations

from typing import Any

import pytest

from fluvial.errors import AlreadyExists, Conflict, InvalidRequest, NotFound
from fluvial.services.platform import Platform
from fluvial.wire.experiments import CREATE_EXPERIMENT, CreateExperiment
from fluvial.wire.saved_views import (
    CREATE_SAVED_VIEW,
    DELETE_SAVED_VIEW,
    LIST_SAVED_VIEWS,
    RESTORE_SAVED_VIEW,
    UPDATE_SAVED_VIEW,
    CreateSavedView,
    ListSavedViews,
    SavedView,
    SavedViewId,
    UpdateSavedView,
)

STATE = {"filter": "metrics.loss < 1", "columns": ["params.lr"], "log": True}


@pytest.fixture
def experiment_id(platform: Platform) -> str:
    """An experiment with no views."""
    return platform.call(CREATE_EXPERIMENT, CreateExperiment(name="viewed")).experiment_id


def save(platform: Platform, experiment_id: str, name: str, **more: Any) -> SavedView:
    """A new view."""
    request = CreateSavedView(experiment_id=experiment_id, name=name, **{"state": STATE, **more})
    return platform.call(CREATE_SAVED_VIEW, request).view


def change(platform: Platform, view: SavedView, **changes: Any) -> SavedView:
    """The view after a change."""
    request = UpdateSavedView(
        experiment_id=view.experiment_id, view_id=view.view_id, version=view.version, **changes
    )
    return platform.call(UPDATE_SAVED_VIEW, request).view


def views_of(platform: Platform, experiment_id: str) -> tuple[SavedView, ...]:
    """All views of an experiment."""
    return platform.call(LIST_SAVED_VIEWS, ListSavedViews(experiment_id=experiment_id)).views


def test_views_are_listed_by_name_with_the_state_that_was_saved(
    platform: Platform, experiment_id: str
) -> None:
    save(platform, experiment_id, "worst")
    save(platform, experiment_id, " best ")
    save(platform, "0", "elsewhere")

    found = views_of(platform, experiment_id)

    assert [view.name for view in found] == ["best", "worst"]
    assert [view.state for view in found] == [STATE, STATE]


def test_a_name_is_taken_once_until_its_view_is_deleted(platform: Platform, experiment_id: str) -> None:
    first = save(platform, experiment_id, "best")
    with pytest.raises(AlreadyExists, match="'best'"):
        save(platform, experiment_id, "best")

    place = SavedViewId(experiment_id=experiment_id, view_id=first.view_id)
    platform.call(DELETE_SAVED_VIEW, place)
    second = save(platform, experiment_id, "best")

    with pytest.raises(AlreadyExists):
        platform.call(RESTORE_SAVED_VIEW, place)
    change(platform, second, name="better")
    platform.call(RESTORE_SAVED_VIEW, place)
    assert [view.name for view in views_of(platform, experiment_id)] == ["best", "better"]
    with pytest.raises(NotFound, match="not deleted"):
        platform.call(RESTORE_SAVED_VIEW, place)


def test_a_change_of_what_somebody_changed_meanwhile_is_refused(
    platform: Platform, experiment_id: str
) -> None:
    read = save(platform, experiment_id, "best")
    changed = change(platform, read, state={"filter": ""})

    with pytest.raises(Conflict, match="somebody else"):
        change(platform, read, name="mine")

    assert (changed.version, changed.name, changed.state) == (2, "best", {"filter": ""})
    assert change(platform, changed, name="mine").version == 3


def test_an_experiment_opens_with_one_view_at_most(platform: Platform, experiment_id: str) -> None:
    first = save(platform, experiment_id, "first", is_default=True)
    second = change(platform, save(platform, experiment_id, "second"), is_default=True)

    assert [view.name for view in views_of(platform, experiment_id) if view.is_default] == ["second"]

    change(platform, second, is_default=False)
    assert not any(view.is_default for view in views_of(platform, experiment_id))
    assert first.is_default


def test_what_is_no_view_is_refused(platform: Platform, experiment_id: str) -> None:
    with pytest.raises(InvalidRequest, match="blank"):
        save(platform, experiment_id, "  ")
    with pytest.raises(InvalidRequest, match="at most 200"):
        save(platform, experiment_id, "x" * 201)
    with pytest.raises(InvalidRequest, match="state"):
        save(platform, experiment_id, "large", state={"filter": "x" * 300_000})
    with pytest.raises(InvalidRequest, match="form 1"):
        save(platform, experiment_id, "newer", state_version=2)
    with pytest.raises(NotFound):
        save(platform, "987654", "nowhere")
