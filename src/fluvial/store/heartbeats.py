"""When something was last heard of each run that gives signs of life."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.store.database import Transaction
from fluvial.store.statement import Statement
from fluvial.store.tables import heartbeat

_BEAT = Statement(
    insert(heartbeat)
    .values({column.name: bindparam(column.name) for column in heartbeat.c})
    .on_conflict_do_update(
        index_elements=["run_id"],
        set_={
            "beat_ms": insert(heartbeat).excluded.beat_ms,
            "is_silent": insert(heartbeat).excluded.is_silent,
        },
    )
)
_TOUCH = Statement(
    update(heartbeat)
    .where(heartbeat.c.run_id == bindparam("id"), heartbeat.c.beat_ms < bindparam("before"))
    .values(beat_ms=bindparam("now"))
)
_SILENT_SINCE = Statement(
    select(heartbeat.c.run_id, heartbeat.c.beat_ms)
    .where(heartbeat.c.is_silent == bindparam("no"), heartbeat.c.beat_ms < bindparam("before"))
    .order_by(heartbeat.c.beat_ms)
    .limit(bindparam("n"))
    .offset(bindparam("no"))
)
_IS_SILENT = Statement(select(heartbeat.c.is_silent).where(heartbeat.c.run_id == bindparam("id")))
_MARK = Statement(
    update(heartbeat).where(heartbeat.c.run_id == bindparam("id")).values(is_silent=bindparam("yes"))
)
_DELETE = Statement(delete(heartbeat).where(heartbeat.c.run_id == bindparam("id")))


def beat(transaction: Transaction, run_ids: Sequence[str], now_ms: int) -> None:
    """Something was heard of some runs; from now on they are watched."""
    rows = [{"run_id": run_id, "beat_ms": now_ms, "is_silent": 0} for run_id in sorted(run_ids)]
    transaction.run_many(_BEAT, rows)


def touch(transaction: Transaction, run_id: str, now_ms: int, *, not_since_ms: int) -> None:
    """Something was heard of a run, if it is watched and was not heard of since a time."""
    transaction.run(_TOUCH, {"id": run_id, "now": now_ms, "before": not_since_ms})


def find_silent(transaction: Transaction, before_ms: int, limit: int) -> list[tuple[str, int]]:
    """Watched runs of which nothing was heard since a time, with when it last was; not those marked so."""
    return [
        (str(row[0]), int(row[1]))
        for row in transaction.rows(_SILENT_SINCE, {"no": 0, "before": before_ms, "n": limit})
    ]


def is_watched(transaction: Transaction, run_id: str) -> bool:
    """Whether something was ever heard of a run that has not ended since."""
    return transaction.row(_IS_SILENT, {"id": run_id}) is not None


def is_silent(transaction: Transaction, run_id: str) -> bool:
    """Whether a run was marked silent."""
    row = transaction.row(_IS_SILENT, {"id": run_id})
    return row is not None and bool(row[0])


def mark_silent(transaction: Transaction, run_id: str) -> None:
    """Remember that a run was marked."""
    transaction.run(_MARK, {"id": run_id, "yes": 1})


def forget(transaction: Transaction, run_id: str) -> None:
    """Watch a run no more."""
    transaction.run(_DELETE, {"id": run_id})
