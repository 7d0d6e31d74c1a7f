"""Where versions stand: the one place where aliases, stages and states change, and are written down."""

from __future__ import annotations

from typing import NamedTuple

from fluvial.entities.registered_model import RegistryEvent, Stage
from fluvial.errors import InvalidRequest
from fluvial.services.context import Context
from fluvial.services.webhook_events import tell
from fluvial.store import model_versions, registered_models, registry_history
from fluvial.store.model_versions import VersionRow
from fluvial.store.registered_models import RegisteredRow
from fluvial.store.registry_history import EventRow
from fluvial.wire.webhooks import WebhookAction, WebhookEntity

MAX_REASON_CHARS = 10_000
_TAKES_OVER = (Stage.STAGING, Stage.PRODUCTION)


class Change(NamedTuple):
    """What changed of a registered model.

    Attributes:
        field: `alias`, `stage`, `state`, `model`, `version`, `name`, `description`, `policy` or `request`.
        key: Which one of several.
        version: The version that it is about.
        before: What it was.
        after: What it is.
        reason: Why.
    """

    field: str
    key: str = ""
    version: int | None = None
    before: str | None = None
    after: str | None = None
    reason: str = ""


def record(context: Context, registered: RegisteredRow, *changes: Change) -> tuple[RegistryEvent, ...]:
    """Write changes down in the transaction that makes them, and tell whoever watches."""
    rows = [
        EventRow(
            event_id=context.transaction.database.ids.next(),
            registered_id=registered.registered_id,
            name=registered.name,
            version=change.version,
            field=change.field,
            key=change.key,
            before=change.before,
            after=change.after,
            reason=change.reason,
            author=context.principal.name,
            at_ms=context.now_ms,
        )
        for change in changes
    ]
    registry_history.add(context.transaction, rows)
    context.changed(None, None, "registry")
    return registry_history.as_entities(rows)


def checked_reason(reason: str) -> str:
    """A reason as it is kept.

    Raises:
        InvalidRequest: It is too long.
    """
    if len(reason) > MAX_REASON_CHARS:
        raise InvalidRequest(f"A reason has at most {MAX_REASON_CHARS} characters, not {len(reason)}.")
    return reason.strip()


def move_alias(
    context: Context, registered: RegisteredRow, alias: str, version: int | None, reason: str = ""
) -> tuple[RegistryEvent, ...]:
    """Let an alias point at a version, or at nothing. Nothing is written where it does so already."""
    transaction = context.transaction
    before = registered_models.aliases_of(transaction, [registered.registered_id])
    pointed = before.get(registered.registered_id, {}).get(alias)
    if pointed == version:
        return ()
    if version is None:
        registered_models.delete_alias(transaction, registered, alias)
    else:
        registered_models.set_alias(transaction, registered, alias, version)
    _tell_of_alias(context, registered, alias, version)
    change = Change("alias", alias, version or pointed, _text(pointed), _text(version), reason)
    return record(context, registered, change)


def move_stage(
    context: Context,
    registered: RegisteredRow,
    row: VersionRow,
    stage: Stage,
    *,
    archives_others: bool = False,
    reason: str = "",
) -> VersionRow:
    """Move a version to a stage, and archive what was there before if that is asked for.

    Raises:
        InvalidRequest: Others are to be archived for a stage that does not take over.
    """
    if archives_others and stage not in _TAKES_OVER:
        raise InvalidRequest(
            f"Others are archived when a version goes to Staging or Production, not to {stage}."
        )
    moves = [(row, stage)]
    if archives_others:
        others = model_versions.in_stage(context.transaction, registered.registered_id, stage)
        moves += [(other, Stage.ARCHIVED) for other in others if other.version_key != row.version_key]
    changes = []
    for moved, to in moves:
        now = moved._replace(stage=to.number, updated_ms=context.now_ms)
        model_versions.save(context.transaction, now)
        if moved.stage != to.number:
            was = Stage.from_number(moved.stage)
            changes.append(Change("stage", "", moved.version, was, to, reason))
    registered_models.save(context.transaction, registered._replace(updated_ms=context.now_ms))
    record(context, registered, *changes)
    return row._replace(stage=stage.number, updated_ms=context.now_ms)


def move_state(
    context: Context, registered: RegisteredRow, row: VersionRow, state: str, reason: str = ""
) -> tuple[VersionRow, tuple[RegistryEvent, ...]]:
    """Give a version another state of its lifecycle."""
    moved = row._replace(state=state, updated_ms=context.now_ms)
    model_versions.save(context.transaction, moved)
    change = Change("state", "", row.version, row.state or None, state, reason)
    return moved, record(context, registered, change)


def forget_version(context: Context, registered: RegisteredRow, row: VersionRow, reason: str = "") -> None:
    """Delete a version, and what points at it."""
    transaction = context.transaction
    aliases = registered_models.aliases_of(transaction, [registered.registered_id])
    for alias, version in aliases.get(registered.registered_id, {}).items():
        if version == row.version:
            move_alias(context, registered, alias, None, reason)
    changes = [Change("version", "", row.version, row.source, None, reason)]
    if row.stage != Stage.NONE.number:
        changes.insert(0, Change("stage", "", row.version, Stage.from_number(row.stage), None, reason))
    if row.state:
        changes.insert(0, Change("state", "", row.version, row.state, None, reason))
    model_versions.remove(transaction, row)
    registered_models.save(transaction, registered._replace(updated_ms=context.now_ms))
    record(context, registered, *changes)


def _tell_of_alias(context: Context, registered: RegisteredRow, alias: str, version: int | None) -> None:
    data = {"name": registered.name, "alias": alias}
    action = WebhookAction.DELETED
    if version is not None:
        data["version"] = str(version)
        action = WebhookAction.CREATED
    is_prompt = bool(registered.is_prompt)
    tell(context, WebhookEntity.MODEL_VERSION_ALIAS, action, data, is_prompt=is_prompt)


def _text(version: int | None) -> str | None:
    return None if version is None else str(version)
