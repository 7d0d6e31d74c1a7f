"""Named views of an experiment, shared with everybody who can see it."""

from __future__ import annotations

import json
import secrets
from typing import Any

from fluvial.errors import InvalidRequest, NotFound
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.experiments import get_active
from fluvial.services.routes import serve
from fluvial.store import experiments, saved_views
from fluvial.store.saved_views import ViewRow
from fluvial.wire.saved_views import (
    CREATE_SAVED_VIEW,
    DELETE_SAVED_VIEW,
    LIST_SAVED_VIEWS,
    RESTORE_SAVED_VIEW,
    STATE_VERSION,
    UPDATE_SAVED_VIEW,
    CreateSavedView,
    ListSavedViews,
    OneSavedView,
    SavedViewId,
    SavedViews,
    UpdateSavedView,
)

MAX_NAME_CHARS = 200
MAX_STATE_CHARS = 200_000


@serve(LIST_SAVED_VIEWS, needs=Permission.READ)
def list_saved_views(context: Context, request: ListSavedViews) -> SavedViews:
    """The views of an experiment, by name.

    Raises:
        NotFound: No such experiment.
    """
    experiment = experiments.get(context.transaction, rules.experiment_id(request.experiment_id))
    found = saved_views.find_all(context.transaction, experiment.experiment_id)
    return SavedViews(views=saved_views.as_entities(found))


@serve(CREATE_SAVED_VIEW, needs=Permission.EDIT)
def create_saved_view(context: Context, request: CreateSavedView) -> OneSavedView:
    """Save a view under a name that is free in its experiment.

    Raises:
        AlreadyExists: The name is taken.
        InvalidRequest: The name or the state is not allowed, or the experiment is deleted.
    """
    experiment = get_active(context, request.experiment_id)
    row = ViewRow(
        experiment_id=experiment.experiment_id,
        view_id=secrets.token_hex(16),
        name=_checked_name(request.name),
        state=_packed(request.state, request.state_version),
        state_version=request.state_version,
        version=1,
        is_default=int(request.is_default),
        deleted_ms=0,
        created_ms=context.now_ms,
        created_by=context.principal.name,
        updated_ms=context.now_ms,
        updated_by=context.principal.name,
    )
    saved_views.add(context.transaction, row)
    return _answer(context, row)


@serve(UPDATE_SAVED_VIEW, needs=Permission.EDIT)
def update_saved_view(context: Context, request: UpdateSavedView) -> OneSavedView:
    """Rename a view, save another state in it, or open the experiment with it.

    Raises:
        NotFound: No such view, or it is deleted.
        Conflict: Somebody changed it since it was read.
        AlreadyExists: The name is taken.
    """
    row = _get(context, request, is_deleted=False)._replace(version=request.version)
    if request.name is not None:
        row = row._replace(name=_checked_name(request.name))
    if request.state is not None:
        state = _packed(request.state, request.state_version)
        row = row._replace(state=state, state_version=request.state_version)
    if request.is_default is not None:
        row = row._replace(is_default=int(request.is_default))
    return _change(context, row)


@serve(DELETE_SAVED_VIEW, needs=Permission.EDIT)
def delete_saved_view(context: Context, request: SavedViewId) -> OneSavedView:
    """Put a view into the trash; its name is free then."""
    row = _get(context, request, is_deleted=False)
    return _change(context, row._replace(deleted_ms=context.now_ms, is_default=0))


@serve(RESTORE_SAVED_VIEW, needs=Permission.EDIT)
def restore_saved_view(context: Context, request: SavedViewId) -> OneSavedView:
    """Take a view out of the trash.

    Raises:
        AlreadyExists: Another view has its name now.
    """
    return _change(context, _get(context, request, is_deleted=True)._replace(deleted_ms=0))


def _get(context: Context, request: SavedViewId | UpdateSavedView, *, is_deleted: bool) -> ViewRow:
    experiment = get_active(context, request.experiment_id)
    row = saved_views.get(context.transaction, experiment.experiment_id, request.view_id)
    if bool(row.deleted_ms) != is_deleted:
        raise NotFound(f"The view {row.name!r} is {'not ' if is_deleted else ''}deleted.")
    return row


def _change(context: Context, row: ViewRow) -> OneSavedView:
    now = row._replace(updated_ms=context.now_ms, updated_by=context.principal.name)
    return _answer(context, saved_views.change(context.transaction, now))


def _answer(context: Context, row: ViewRow) -> OneSavedView:
    context.changed(row.experiment_id, None, "view")
    return OneSavedView(view=saved_views.as_entities([row])[0])


def _checked_name(name: str) -> str:
    if not name.strip():
        raise InvalidRequest("A view needs a name; it may not be blank.")
    rules.check_length("The name of a view", name, MAX_NAME_CHARS)
    return name.strip()


def _packed(state: dict[str, Any], version: int) -> str:
    if version != STATE_VERSION:
        raise InvalidRequest(f"This server keeps states of form {STATE_VERSION}, not {version}.")
    text = json.dumps(state, ensure_ascii=False, sort_keys=True)
    rules.check_length("The state of a view", text, MAX_STATE_CHARS)
    return text
