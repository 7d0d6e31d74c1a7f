"""Which server does a background job at the moment."""

from __future__ import annotations

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert

from fluvial.store.database import Transaction
from fluvial.store.statement import Statement
from fluvial.store.tables import lease

_TAKE = Statement(
    insert(lease)
    .values({column.name: bindparam(column.name) for column in lease.c})
    .on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": insert(lease).excluded.holder, "until_ms": insert(lease).excluded.until_ms},
        where=(lease.c.holder == bindparam("me")) | (lease.c.until_ms < bindparam("now")),
    )
)

_RELEASE = Statement(delete(lease).where(lease.c.holder == bindparam("me")))


def take(transaction: Transaction, name: str, holder: str, now_ms: int, for_ms: int) -> bool:
    """Take a lease, or keep it; returns False while another holds it."""
    given = {"name": name, "holder": holder, "until_ms": now_ms + for_ms, "me": holder, "now": now_ms}
    return transaction.run(_TAKE, given) > 0


def release(transaction: Transaction, holder: str) -> None:
    """Let others take the leases that somebody holds."""
    transaction.run(_RELEASE, {"me": holder})
