"""Reading what was decided about registered models, putting versions into places, and putting them back."""

from __future__ import annotations

from fluvial.errors import InvalidRequest, NotFound
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.model_sources import version_number
from fluvial.services.places import checked_key, put
from fluvial.services.promotion_rules import permit
from fluvial.services.registered_models import checked_stage
from fluvial.services.registry_moves import checked_reason
from fluvial.services.routes import serve
from fluvial.store import model_versions, registered_models, registry_history
from fluvial.store.registered_models import RegisteredRow
from fluvial.store.registry_history import EventRow
from fluvial.wire.registry_history import (
    FIND_SERVED,
    PROMOTE,
    READ_REGISTRY_HISTORY,
    ROLLBACK,
    FindServed,
    Promote,
    Promoted,
    ReadRegistryHistory,
    RegistryHistory,
    Rollback,
    Served,
)

MAX_PAGE = 1000


@serve(READ_REGISTRY_HISTORY, needs=Permission.READ)
def read_history(context: Context, request: ReadRegistryHistory) -> RegistryHistory:
    """What was decided, newest first; also about models that are deleted.

    Raises:
        NotFound: No model ever had the name.
    """
    size = rules.page_size(request.max_results, maximum=MAX_PAGE)
    for what, at_ms in (("since", request.since), ("until", request.until)):
        if at_ms is not None:
            rules.check_int64(what, at_ms)
    rows = registry_history.page(
        context.transaction,
        _id_of(context, request.name) if request.name else None,
        version=None if request.version is None else version_number(request.version),
        field=request.field,
        key=request.key,
        author=request.author,
        since_ms=request.since,
        until_ms=request.until,
        before=rules.whole_id("an event", request.page_token) if request.page_token else None,
        limit=size + 1,
    )
    token = str(rows[size - 1].event_id) if len(rows) > size else None
    return RegistryHistory(events=registry_history.as_entities(rows[:size]), next_page_token=token)


@serve(FIND_SERVED, needs=Permission.READ)
def find_served(context: Context, request: FindServed) -> Served:
    """What an alias, a stage or a state stood for at a time.

    Raises:
        NotFound: No model ever had the name.
    """
    rules.check_int64("at", request.at)
    registered_id = _id_of(context, request.name)
    key = str(checked_stage(request.key)) if request.target == "stage" else request.key
    found = _served(context, registered_id, request.target, key, request.at)
    numbers = sorted(found)
    rows = model_versions.find_all(context.transaction, registered_id, numbers)
    return Served(
        versions=tuple(str(number) for number in numbers),
        events=registry_history.as_entities([found[number] for number in numbers]),
        model_versions=model_versions.as_entities(
            context.transaction, sorted(rows, key=lambda row: row.version)
        ),
    )


@serve(PROMOTE, needs=Permission.EDIT)
def promote(context: Context, request: Promote) -> Promoted:
    """Put a version into a place, and write down why.

    Raises:
        NotFound: No such version.
        InvalidRequest: There is no such stage or state, or the alias is not allowed.
        PermissionDenied: A gate does not pass, or the place takes a promotion request.
    """
    row = model_versions.get(context.transaction, request.name, version_number(request.version))
    registered = registered_models.get(context.transaction, request.name)
    key = checked_key(request.target, request.key)
    permit(context, registered, row, request.target, key)
    return put(
        context,
        registered,
        row,
        request.target,
        key,
        checked_reason(request.reason),
        archives_others=request.archive_existing_versions,
    )


@serve(ROLLBACK, needs=Permission.EDIT)
def roll_back(context: Context, request: Rollback) -> Promoted:
    """Put back what stood in a place before its last change, or before another one.

    Raises:
        NotFound: Nothing stood there before, or what did is deleted; or there is no such event.
        InvalidRequest: The event is about something else, or the place is a state.
    """
    registered = registered_models.get(context.transaction, request.name)
    if request.target == "state":
        raise InvalidRequest("A lifecycle has no way back but its own transitions.")
    key = checked_key(request.target, request.key)
    event = _event_to_undo(context, registered, request, key)
    before = _served_before(context, registered, request.target, key, event)
    if before is None:
        raise NotFound(f"Nothing stood at the {request.target} {key!r} of {registered.name!r} before that.")
    reason = checked_reason(request.reason) or f"Back to what was before event {event.event_id}."
    row = model_versions.get(context.transaction, registered.name, before)
    return put(
        context, registered, row, request.target, key, reason, archives_others=request.target == "stage"
    )


def _id_of(context: Context, name: str) -> int:
    found = registered_models.find(context.transaction, name)
    if found is not None:
        return found.registered_id
    registered_id = registry_history.find_id(context.transaction, name)
    if registered_id is None:
        raise NotFound(f"No registered model is, or was, named {name[:200]!r}.")
    return registered_id


def _served(context: Context, registered_id: int, target: str, key: str, at_ms: int) -> dict[int, EventRow]:
    """The versions that stood somewhere at a time, with what put them there."""
    is_alias = target == "alias"
    rows = registry_history.until(context.transaction, registered_id, target, key if is_alias else "", at_ms)
    if is_alias:
        last = rows[-1] if rows else None
        return {} if last is None or last.after is None else {int(last.after): last}
    there: dict[int, EventRow] = {}
    for row in rows:
        if row.version is None:
            continue
        if row.after == key:
            there[row.version] = row
        else:
            there.pop(row.version, None)
    return there


def _event_to_undo(context: Context, registered: RegisteredRow, request: Rollback, key: str) -> EventRow:
    if request.event_id is not None:
        event = registry_history.find(context.transaction, rules.whole_id("an event", request.event_id))
        if event is None or event.registered_id != registered.registered_id:
            raise NotFound(f"{registered.name!r} has no event {request.event_id!r}.")
        if event.field != request.target or (request.target == "alias" and event.key != key):
            raise InvalidRequest(f"The event {request.event_id} is not about the {request.target} {key!r}.")
        return event
    last = registry_history.last_of(
        context.transaction,
        registered.registered_id,
        request.target,
        key if request.target == "alias" else "",
        100,
    )
    for event in last:
        if request.target == "alias" or event.after == key:
            return event
    raise NotFound(f"Nothing was ever at the {request.target} {key!r} of {registered.name!r}.")


def _served_before(
    context: Context, registered: RegisteredRow, target: str, key: str, event: EventRow
) -> int | None:
    """The version that stood in a place just before an event."""
    if target == "alias":
        return None if event.before is None else int(event.before)
    there: dict[int, None] = {}
    for row in registry_history.until(context.transaction, registered.registered_id, target, "", event.at_ms):
        if row.event_id >= event.event_id or row.version is None:
            continue
        if row.after == key:
            there[row.version] = None
        else:
            there.pop(row.version, None)
    there.pop(event.version or 0, None)
    return next(reversed(there), None)
