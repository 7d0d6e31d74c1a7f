"""How far each client journal has been applied."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from fluvial.store.database import Transaction
from fluvial.store.statement import Statement
from fluvial.store.tables import journal

_NEXT = Statement(
    select(journal.c.next_sequence).where(journal.c.journal_id == bindparam("journal_id")).with_for_update()
)
_OPEN = Statement(
    insert(journal)
    .values({column.name: bindparam(column.name) for column in journal.c})
    .on_conflict_do_nothing()
)
_ADVANCE = Statement(
    insert(journal)
    .values({column.name: bindparam(column.name) for column in journal.c})
    .on_conflict_do_update(
        index_elements=["journal_id"],
        set_={
            "next_sequence": insert(journal).excluded.next_sequence,
            "updated_ms": insert(journal).excluded.updated_ms,
        },
    )
)


def lock(transaction: Transaction, journal_id: str, first_sequence: int, now_ms: int) -> int:
    """Number of the first record that is lacking; until the commit nobody else may advance the journal.

    A journal never seen before is taken to begin at `first_sequence`.
    """
    new = {"journal_id": journal_id, "next_sequence": first_sequence, "updated_ms": now_ms}
    transaction.run(_OPEN, new)  # of two first slices at once, the second waits here for the first
    return int(transaction.rows(_NEXT, {"journal_id": journal_id})[0][0])


def advance(transaction: Transaction, journal_id: str, sequence: int, now_ms: int) -> None:
    """Say that all records below a number are applied."""
    transaction.run(_ADVANCE, {"journal_id": journal_id, "next_sequence": sequence, "updated_ms": now_ms})
