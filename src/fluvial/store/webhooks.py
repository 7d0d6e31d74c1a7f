"""Webhooks, and what they are sent, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.errors import NotFound
from fluvial.store.database import Transaction
from fluvial.store.statement import Statement
from fluvial.store.webhook_tables import webhook, webhook_delivery

PENDING = "pending"
DELIVERED = "delivered"
FAILED = "failed"


class WebhookRow(NamedTuple):
    """A row of the table, its columns in order."""

    webhook_id: str
    name: str
    description: str | None
    url: str
    events: str
    secret: bytes | None
    status: str
    created_ms: int
    updated_ms: int


class DeliveryRow(NamedTuple):
    """A row of the table, its columns in order."""

    delivery_id: int
    webhook_id: str
    entity: str
    action: str
    body: str
    status: str
    n_attempts: int
    next_ms: int
    response_status: int | None
    error: str
    created_ms: int


_ONE = Statement(select(*webhook.c).where(webhook.c.webhook_id == bindparam("id")))
_ACTIVE = Statement(select(*webhook.c).where(webhook.c.status == "ACTIVE"))
_PAGE = Statement(
    select(*webhook.c)
    .order_by(webhook.c.created_ms.desc(), webhook.c.webhook_id)
    .limit(bindparam("n"))
    .offset(bindparam("start"))
)
_INSERT = Statement(insert(webhook).values({column.name: bindparam(column.name) for column in webhook.c}))
_CHANGED = ("name", "description", "url", "events", "secret", "status", "updated_ms")
_UPDATE = Statement(
    update(webhook)
    .where(webhook.c.webhook_id == bindparam("id"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)
_DELETE = Statement(delete(webhook).where(webhook.c.webhook_id == bindparam("id")))
_DELETE_DELIVERIES = Statement(
    delete(webhook_delivery).where(webhook_delivery.c.webhook_id == bindparam("id"))
)
_ADD_DELIVERY = Statement(
    insert(webhook_delivery).values({column.name: bindparam(column.name) for column in webhook_delivery.c})
)
_DUE = Statement(
    select(*webhook_delivery.c)
    .where(webhook_delivery.c.status == PENDING, webhook_delivery.c.next_ms <= bindparam("now_ms"))
    .order_by(webhook_delivery.c.next_ms)
    .limit(bindparam("n"))
)
_NOTE = Statement(
    update(webhook_delivery)
    .where(webhook_delivery.c.delivery_id == bindparam("id"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("status", "n_attempts", "next_ms", "response_status", "error")
        }
    )
)
_LOG = Statement(
    select(*webhook_delivery.c)
    .where(webhook_delivery.c.webhook_id == bindparam("id"))
    .order_by(webhook_delivery.c.delivery_id.desc())
    .limit(bindparam("n"))
)
_FORGET = Statement(
    delete(webhook_delivery).where(
        webhook_delivery.c.status != PENDING, webhook_delivery.c.created_ms < bindparam("before_ms")
    )
)


def get(transaction: Transaction, webhook_id: str) -> WebhookRow:
    """One webhook.

    Raises:
        NotFound: There is none with the id.
    """
    row = transaction.row(_ONE, {"id": webhook_id})
    if row is None:
        raise NotFound(f"No webhook has the id {webhook_id[:100]!r}.")
    return WebhookRow(*row)


def active(transaction: Transaction) -> list[WebhookRow]:
    """All webhooks that are told."""
    return [WebhookRow(*row) for row in transaction.rows(_ACTIVE)]


def page(transaction: Transaction, start: int, n: int) -> list[WebhookRow]:
    """Webhooks, newest first."""
    return [WebhookRow(*row) for row in transaction.rows(_PAGE, {"start": start, "n": n})]


def add(transaction: Transaction, row: WebhookRow) -> None:
    """Keep a new webhook."""
    transaction.run(_INSERT, row._asdict())


def save(transaction: Transaction, row: WebhookRow) -> None:
    """Write back what may change of a webhook."""
    transaction.run(
        _UPDATE, {"id": row.webhook_id, **{f"new_{name}": getattr(row, name) for name in _CHANGED}}
    )


def remove(transaction: Transaction, webhook_id: str) -> None:
    """Delete a webhook and the log of what it was sent."""
    transaction.run(_DELETE_DELIVERIES, {"id": webhook_id})
    transaction.run(_DELETE, {"id": webhook_id})


def add_deliveries(transaction: Transaction, rows: Sequence[DeliveryRow]) -> None:
    """Keep what is to be sent."""
    transaction.run_many(_ADD_DELIVERY, [row._asdict() for row in rows])


def due(transaction: Transaction, now_ms: int, n: int) -> list[DeliveryRow]:
    """What is to be sent by now, the longest waiting first."""
    return [DeliveryRow(*row) for row in transaction.rows(_DUE, {"now_ms": now_ms, "n": n})]


def note(transaction: Transaction, row: DeliveryRow) -> None:
    """Write back what became of a delivery."""
    transaction.run(
        _NOTE,
        {
            "id": row.delivery_id,
            "new_status": row.status,
            "new_n_attempts": row.n_attempts,
            "new_next_ms": row.next_ms,
            "new_response_status": row.response_status,
            "new_error": row.error,
        },
    )


def log(transaction: Transaction, webhook_id: str, n: int) -> list[DeliveryRow]:
    """What was, and is to be, sent to a webhook, newest first."""
    return [DeliveryRow(*row) for row in transaction.rows(_LOG, {"id": webhook_id, "n": n})]


def forget(transaction: Transaction, before_ms: int) -> None:
    """Drop the log from before a time."""
    transaction.run(_FORGET, {"before_ms": before_ms})
