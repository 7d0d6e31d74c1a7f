"""Places where versions stand: aliases, stages and states of a lifecycle."""

from __future__ import annotations

from fluvial.entities.registered_model import Stage
from fluvial.errors import InvalidRequest
from fluvial.services.context import Context
from fluvial.services.policies import rules_of
from fluvial.services.registered_models import checked_alias, checked_stage
from fluvial.services.registry_moves import move_alias, move_stage, move_state
from fluvial.store import model_versions, registered_models, registry_history
from fluvial.store.model_versions import VersionRow
from fluvial.store.registered_models import RegisteredRow
from fluvial.wire.registry_history import Promoted


def checked_key(target: str, key: str) -> str:
    """The name of a place in its one spelling.

    Raises:
        InvalidRequest: No place can have it.
    """
    if target == "stage":
        return str(checked_stage(key))
    return checked_alias(key) if target == "alias" else key


def put(
    context: Context,
    registered: RegisteredRow,
    row: VersionRow,
    target: str,
    key: str,
    reason: str,
    *,
    archives_others: bool = False,
) -> Promoted:
    """Put a version into a place; whether it may be is for the caller to know.

    Raises:
        InvalidRequest: The lifecycle has no such state, or no way there.
    """
    if target == "alias":
        events = move_alias(context, registered, key, row.version, reason)
    elif target == "stage":
        before = row.stage
        row = move_stage(
            context, registered, row, checked_stage(key), archives_others=archives_others, reason=reason
        )
        last = registry_history.last_of(context.transaction, registered.registered_id, "stage", "", 1)
        events = registry_history.as_entities(last if before != row.stage else [])
    else:
        check_transition(context, registered, row, key)
        row, events = move_state(context, registered, row, key, reason)
    return Promoted(
        model_version=model_versions.as_entities(context.transaction, [row])[0],
        event=events[0] if events else None,
    )


def stands(context: Context, registered: RegisteredRow, row: VersionRow, target: str, key: str) -> bool:
    """Whether a version stands in a place now."""
    if target == "alias":
        aliases = registered_models.aliases_of(context.transaction, [registered.registered_id])
        return aliases.get(registered.registered_id, {}).get(key) == row.version
    return key == (Stage.from_number(row.stage) if target == "stage" else row.state)


def take_away(
    context: Context, registered: RegisteredRow, row: VersionRow, target: str, key: str, reason: str
) -> None:
    """Take a version away from an alias, or from a stage to Archived.

    Raises:
        InvalidRequest: It does not stand there, or the place is a state.
    """
    check_leaving(context, registered, row, target, key)
    if target == "alias":
        move_alias(context, registered, key, None, reason)
    else:
        move_stage(context, registered, row, Stage.ARCHIVED, reason=reason)


def check_leaving(
    context: Context, registered: RegisteredRow, row: VersionRow, target: str, key: str
) -> None:
    """Refuse to take a version away from where it does not stand, or from a state.

    Raises:
        InvalidRequest: That.
    """
    if target == "state":
        raise InvalidRequest("A state is left by a transition of the lifecycle to another one.")
    if not stands(context, registered, row, target, key):
        raise InvalidRequest(
            f"Version {row.version} of {registered.name!r} does not stand at the {target} {key!r}."
        )


def check_transition(context: Context, registered: RegisteredRow, row: VersionRow, state: str) -> None:
    """Refuse a step that the lifecycle of a model does not have.

    Raises:
        InvalidRequest: The model has no lifecycle, or none with that step.
    """
    lifecycle = rules_of(context, registered.registered_id)[0].lifecycle
    if lifecycle is None:
        raise InvalidRequest(f"The model {registered.name!r} has no lifecycle: give it one in its policy.")
    now = row.state or lifecycle.first
    allowed = [step.to for step in lifecycle.transitions if step.from_ == now]
    if state not in allowed:
        ways = " or ".join(repr(one) for one in allowed) or "nowhere"
        raise InvalidRequest(f"Version {row.version} is {now!r}: from there it goes {ways}, not {state!r}.")
