"""What was decided about registered models: rows are added with what they tell of, and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from fluvial.entities.registered_model import RegistryEvent
from fluvial.store.database import Transaction
from fluvial.store.registry_tables import registry_event
from fluvial.store.statement import Statement


class EventRow(NamedTuple):
    """A row of the table, its columns in order."""

    event_id: int
    registered_id: int
    name: str
    version: int | None
    field: str
    key: str
    before: str | None
    after: str | None
    reason: str
    author: str
    at_ms: int


_COLUMNS = tuple(registry_event.c)
_INSERT = Statement(
    insert(registry_event).values({column.name: bindparam(column.name) for column in _COLUMNS})
)
_UNTIL = Statement(
    select(*_COLUMNS)
    .where(
        registry_event.c.registered_id == bindparam("id"),
        registry_event.c.field == bindparam("what"),
        registry_event.c.key == bindparam("which"),
        registry_event.c.at_ms <= bindparam("until_ms"),
    )
    .order_by(registry_event.c.event_id)
)
_LAST_OF = Statement(
    select(*_COLUMNS)
    .where(
        registry_event.c.registered_id == bindparam("id"),
        registry_event.c.field == bindparam("what"),
        registry_event.c.key == bindparam("which"),
    )
    .order_by(registry_event.c.event_id.desc())
    .limit(bindparam("n"))
)
_ONE = Statement(select(*_COLUMNS).where(registry_event.c.event_id == bindparam("id")))
# The newest model of a name first: a name may have been used before.
_IDS_OF_NAME = Statement(
    select(registry_event.c.registered_id)
    .where(registry_event.c.name == bindparam("model"))
    .order_by(registry_event.c.event_id.desc())
    .limit(1)
)


def add(transaction: Transaction, rows: Sequence[EventRow]) -> None:
    """Write what was decided, in the transaction that does it."""
    transaction.run_many(_INSERT, [row._asdict() for row in rows])


def find_id(transaction: Transaction, name: str) -> int | None:
    """The model that last had a name, even if it is deleted."""
    row = transaction.row(_IDS_OF_NAME, {"model": name})
    return None if row is None else int(row[0])


def find(transaction: Transaction, event_id: int) -> EventRow | None:
    """One event."""
    row = transaction.row(_ONE, {"id": event_id})
    return None if row is None else EventRow(*row)


def until(transaction: Transaction, registered_id: int, field: str, key: str, at_ms: int) -> list[EventRow]:
    """What was decided about one thing up to a time, oldest first."""
    given = {"id": registered_id, "what": field, "which": key, "until_ms": at_ms}
    return [EventRow(*row) for row in transaction.rows(_UNTIL, given)]


def last_of(transaction: Transaction, registered_id: int, field: str, key: str, n: int) -> list[EventRow]:
    """What was decided about one thing last, newest first."""
    given = {"id": registered_id, "what": field, "which": key, "n": n}
    return [EventRow(*row) for row in transaction.rows(_LAST_OF, given)]


def page(
    transaction: Transaction,
    registered_id: int | None,
    *,
    version: int | None = None,
    field: str = "",
    key: str = "",
    author: str = "",
    since_ms: int | None = None,
    until_ms: int | None = None,
    before: int | None = None,
    limit: int,
) -> list[EventRow]:
    """What was decided, newest first: about one model or all, before the event with an id."""
    kept = registry_event.c
    statement = select(*_COLUMNS).order_by(kept.event_id.desc()).limit(limit)
    for column, wanted in (
        (kept.registered_id, registered_id),
        (kept.version, version),
        (kept.field, field or None),
        (kept.key, key or None),
        (kept.author, author or None),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if since_ms is not None:
        statement = statement.where(kept.at_ms >= since_ms)
    if until_ms is not None:
        statement = statement.where(kept.at_ms <= until_ms)
    if before is not None:
        statement = statement.where(kept.event_id < before)
    return [EventRow(*row) for row in transaction.select(statement)]


def as_entities(rows: Sequence[EventRow]) -> tuple[RegistryEvent, ...]:
    """Rows as events."""
    return tuple(
        RegistryEvent(
            event_id=str(row.event_id),
            name=row.name,
            version=None if row.version is None else str(row.version),
            field=row.field,
            key=row.key,
            before=row.before,
            after=row.after,
            reason=row.reason,
            author=row.author,
            timestamp=row.at_ms,
        )
        for row in rows
    )
