"""Files that come in parts: which there are, and which of their parts."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.store.database import Transaction
from fluvial.store.statement import Statement
from fluvial.store.tables import upload, upload_part


class UploadRow(NamedTuple):
    """A row of the table, its columns in order."""

    experiment_id: int
    upload_id: str
    run_id: str
    path: str
    size_bytes: int
    digest: str
    store_id: str
    etag: str
    touched_ms: int


class PartRow(NamedTuple):
    """A part that is there.

    Attributes:
        number: From 1.
        etag: What the store wants to know of it.
        sha256: Of its content, hex.
    """

    number: int
    etag: str
    sha256: str


_COLUMNS = tuple(upload.c)
_THIS = (upload.c.experiment_id == bindparam("e")) & (upload.c.upload_id == bindparam("u"))
_PARTS_OF_THIS = (upload_part.c.experiment_id == bindparam("e")) & (upload_part.c.upload_id == bindparam("u"))
_FIND = Statement(select(*_COLUMNS).where(_THIS))
_INSERT = Statement(
    insert(upload)
    .values({column.name: bindparam(column.name) for column in _COLUMNS})
    .on_conflict_do_nothing()
)
_TOUCH = Statement(update(upload).where(_THIS).values(touched_ms=bindparam("now")))
_FINISH = Statement(update(upload).where(_THIS).values(etag=bindparam("etag"), touched_ms=bindparam("now")))
_DELETE = Statement(delete(upload).where(_THIS))
_COUNT_OPEN = Statement(
    select(func.count()).where(
        upload.c.experiment_id == bindparam("e"),
        upload.c.run_id == bindparam("run_id"),
        upload.c.etag == bindparam("none"),
    )
)
_UNTOUCHED = Statement(
    select(*_COLUMNS)
    .where(upload.c.touched_ms < bindparam("before"))
    .order_by(upload.c.touched_ms)
    .limit(bindparam("n"))
)
_PARTS = Statement(
    select(upload_part.c.number, upload_part.c.etag, upload_part.c.sha256)
    .where(_PARTS_OF_THIS)
    .order_by(upload_part.c.number)
)
_INSERT_PART = Statement(
    insert(upload_part)
    .values({column.name: bindparam(column.name) for column in upload_part.c})
    .on_conflict_do_update(
        index_elements=["experiment_id", "upload_id", "number"],
        set_={
            "etag": insert(upload_part).excluded.etag,
            "sha256": insert(upload_part).excluded.sha256,
        },
    )
)
_DELETE_PART = Statement(
    delete(upload_part).where(_PARTS_OF_THIS & (upload_part.c.number == bindparam("number")))
)
_DELETE_PARTS = Statement(delete(upload_part).where(_PARTS_OF_THIS))


def find(transaction: Transaction, experiment_id: int, upload_id: str) -> UploadRow | None:
    """An upload, if it is known."""
    row = transaction.row(_FIND, {"e": experiment_id, "u": upload_id})
    return None if row is None else UploadRow(*row)


def count_open(transaction: Transaction, experiment_id: int, run_id: str) -> int:
    """How many uploads of a run are not finished."""
    counted = transaction.rows(_COUNT_OPEN, {"e": experiment_id, "run_id": run_id, "none": ""})
    return int(counted[0][0])


def add(transaction: Transaction, row: UploadRow) -> UploadRow:
    """Begin an upload; returns the one that is there if somebody else was faster."""
    transaction.run(_INSERT, row._asdict())
    return find(transaction, row.experiment_id, row.upload_id) or row


def finish(transaction: Transaction, row: UploadRow, etag: str, now_ms: int) -> None:
    """An upload is a file now, of this version."""
    this = {"e": row.experiment_id, "u": row.upload_id}
    transaction.run(_FINISH, {**this, "etag": etag, "now": now_ms})
    transaction.run(_DELETE_PARTS, this)


def forget(transaction: Transaction, row: UploadRow) -> None:
    """Know nothing of an upload any more."""
    this = {"e": row.experiment_id, "u": row.upload_id}
    transaction.run(_DELETE_PARTS, this)
    transaction.run(_DELETE, this)


def find_untouched(transaction: Transaction, before_ms: int, limit: int) -> list[UploadRow]:
    """Uploads, finished or not, of which nothing came since a time."""
    return [UploadRow(*row) for row in transaction.rows(_UNTOUCHED, {"before": before_ms, "n": limit})]


def parts(transaction: Transaction, row: UploadRow) -> list[PartRow]:
    """The parts that are there, in order."""
    return [PartRow(*part) for part in transaction.rows(_PARTS, {"e": row.experiment_id, "u": row.upload_id})]


def keep_part(transaction: Transaction, row: UploadRow, part: PartRow, now_ms: int) -> None:
    """A part is there."""
    part_of_this = {"experiment_id": row.experiment_id, "upload_id": row.upload_id, **part._asdict()}
    transaction.run(_INSERT_PART, part_of_this)
    transaction.run(_TOUCH, {"e": row.experiment_id, "u": row.upload_id, "now": now_ms})


def forget_part(transaction: Transaction, row: UploadRow, number: int) -> None:
    """A part is about to be written, again perhaps: until that is done, it is not there."""
    transaction.run(_DELETE_PART, {"e": row.experiment_id, "u": row.upload_id, "number": number})
