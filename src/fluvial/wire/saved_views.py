"""Views of an experiment that people have named, so that others find what they looked at."""

from __future__ import annotations

from typing import Any

from fluvial.wire.endpoint import Endpoint, Message

# Of what `state` holds. A web app that knows another one says so instead of guessing.
STATE_VERSION = 1


class SavedView(Message, frozen=True, kw_only=True):
    """A named view of an experiment, shared with everybody who can see the experiment.

    Attributes:
        view_id: 32 hex characters.
        experiment_id: Of which experiment.
        name: Unique among the views of the experiment.
        state: What the address of the runs page restores: filter, order, columns, charts.
        state_version: Which form the state has.
        version: Grows by one with every change.
        is_default: Whether the experiment opens with it.
        creation_time: ms since the epoch.
        created_by: Who made it.
        last_update_time: ms since the epoch.
        last_updated_by: Who changed it last.
    """

    view_id: str
    experiment_id: str
    name: str
    state: dict[str, Any]
    state_version: int
    version: int
    is_default: bool = False
    creation_time: int
    created_by: str
    last_update_time: int
    last_updated_by: str


class CreateSavedView(Message, frozen=True, kw_only=True):
    """Save a view under a name that is free in its experiment."""

    experiment_id: str
    name: str
    state: dict[str, Any]
    state_version: int = STATE_VERSION
    is_default: bool = False


class UpdateSavedView(Message, frozen=True, kw_only=True):
    """Change a view that nobody has changed since it was read.

    Attributes:
        experiment_id: Of which experiment.
        view_id: Which view.
        version: The version that was read.
        name: The new name; absent to leave it.
        state: The new state; absent to leave it.
        is_default: Whether the experiment opens with it from now on; absent to leave that.
    """

    experiment_id: str
    view_id: str
    version: int
    name: str | None = None
    state: dict[str, Any] | None = None
    state_version: int = STATE_VERSION
    is_default: bool | None = None


class SavedViewId(Message, frozen=True, kw_only=True):
    """One view of an experiment."""

    experiment_id: str
    view_id: str


class ListSavedViews(Message, frozen=True, kw_only=True):
    """The views of an experiment, by name."""

    experiment_id: str


class OneSavedView(Message, frozen=True, kw_only=True):
    """One view."""

    view: SavedView


class SavedViews(Message, frozen=True, kw_only=True):
    """The views of an experiment."""

    views: tuple[SavedView, ...] = ()


_AT = "/api/1.0/fluvial/views"

CREATE_SAVED_VIEW = Endpoint("POST", f"{_AT}/create", CreateSavedView, OneSavedView)
UPDATE_SAVED_VIEW = Endpoint("POST", f"{_AT}/update", UpdateSavedView, OneSavedView)
DELETE_SAVED_VIEW = Endpoint("POST", f"{_AT}/delete", SavedViewId, OneSavedView)
RESTORE_SAVED_VIEW = Endpoint("POST", f"{_AT}/restore", SavedViewId, OneSavedView)
LIST_SAVED_VIEWS = Endpoint("GET", f"{_AT}/list", ListSavedViews, SavedViews)
