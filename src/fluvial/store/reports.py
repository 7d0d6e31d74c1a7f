"""Reports and their history in the database."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.errors import Conflict, NotFound
from fluvial.store.database import Transaction
from fluvial.store.statement import Statement
from fluvial.store.tables import report, report_version
from fluvial.wire.reports import ReportHead, ReportVersion


class ReportRow(NamedTuple):
    """A row of the table, its columns in order."""

    report_id: str
    title: str
    text: str
    version: int
    deleted_ms: int
    created_ms: int
    created_by: str
    updated_ms: int
    updated_by: str


class VersionRow(NamedTuple):
    """A row of the table of versions without the text and what was pinned."""

    version: int
    title: str
    begun_ms: int
    saved_ms: int
    saved_by: str
    pinned_ms: int | None


_COLUMNS = tuple(report.c)
_ONE = Statement(select(*_COLUMNS).where(report.c.report_id == bindparam("id")))
_INSERT = Statement(insert(report).values({column.name: bindparam(column.name) for column in _COLUMNS}))
_CHANGED = ("title", "text", "deleted_ms", "updated_ms", "updated_by")
_UPDATE = Statement(
    update(report)
    .where(report.c.report_id == bindparam("id"), report.c.version == bindparam("read"))
    .values({"version": report.c.version + 1, **{name: bindparam(f"new_{name}") for name in _CHANGED}})
)
_VERSION_COLUMNS = tuple(report_version.c[name] for name in VersionRow._fields)
_VERSIONS = Statement(
    select(*_VERSION_COLUMNS)
    .where(report_version.c.report_id == bindparam("id"))
    .order_by(report_version.c.version.desc())
)
_VERSION = Statement(
    select(*_VERSION_COLUMNS, report_version.c.text, report_version.c.data).where(
        report_version.c.report_id == bindparam("id"), report_version.c.version == bindparam("version")
    )
)
_ADD_VERSION = Statement(
    insert(report_version).values(
        {
            name: bindparam(name)
            for name in ("report_id", "version", "title", "text", "begun_ms", "saved_ms", "saved_by")
        }
    )
)
_DROP_VERSION = Statement(
    delete(report_version).where(
        report_version.c.report_id == bindparam("id"), report_version.c.version == bindparam("version")
    )
)
_PIN = Statement(
    update(report_version)
    .where(report_version.c.report_id == bindparam("id"), report_version.c.version == bindparam("read"))
    .values(pinned_ms=bindparam("new_pinned_ms"), data=bindparam("new_data"))
)


def get(transaction: Transaction, report_id: str) -> ReportRow:
    """One report, deleted or not.

    Raises:
        NotFound: No such report.
    """
    row = transaction.row(_ONE, {"id": report_id})
    if row is None:
        raise NotFound(f"No report has the id {report_id!r}.")
    return ReportRow(*row)


def add(transaction: Transaction, row: ReportRow) -> None:
    """Keep a new report."""
    transaction.run(_INSERT, row._asdict())


def change(transaction: Transaction, row: ReportRow) -> ReportRow:
    """Keep a report as it is now; `version` is the one that was read. Returns it with the next.

    Raises:
        Conflict: Somebody changed it meanwhile.
    """
    given = {f"new_{name}": getattr(row, name) for name in _CHANGED}
    if not transaction.run(_UPDATE, {"id": row.report_id, "read": row.version, **given}):
        raise Conflict(
            f"The report {row.title!r} was changed by somebody else meanwhile: read it again, then decide."
        )
    return row._replace(version=row.version + 1)


def find_page(transaction: Transaction, text: str, offset: int, limit: int) -> list[ReportRow]:
    """Reports whose title holds a text, in any case, those that changed last first."""
    found = transaction.select(
        select(*_COLUMNS)
        .where(report.c.deleted_ms == 0, func.lower(report.c.title).contains(text.lower(), autoescape=True))
        .order_by(report.c.updated_ms.desc(), report.c.report_id)
        .limit(limit)
        .offset(offset)
    )
    return [ReportRow(*row) for row in found]


def versions(transaction: Transaction, report_id: str) -> list[VersionRow]:
    """The history of a report, the newest first."""
    return [VersionRow(*row) for row in transaction.rows(_VERSIONS, {"id": report_id})]


def get_version(transaction: Transaction, report_id: str, version: int) -> tuple[VersionRow, str, str]:
    """One version, its text, and what its panels showed when it was pinned.

    Raises:
        NotFound: It is not kept, or there was none.
    """
    row = transaction.row(_VERSION, {"id": report_id, "version": version})
    if row is None:
        raise NotFound(f"Version {version} of the report is not kept.")
    *columns, text, data = row
    return VersionRow(*columns), text, "" if data is None else zlib.decompress(data).decode()


def add_version(transaction: Transaction, row: ReportRow, begun_ms: int) -> None:
    """Keep a report as it is in its history; it was begun to be written at some time."""
    transaction.run(
        _ADD_VERSION,
        {
            "report_id": row.report_id,
            "version": row.version,
            "title": row.title,
            "text": row.text,
            "begun_ms": begun_ms,
            "saved_ms": row.updated_ms,
            "saved_by": row.updated_by,
        },
    )


def drop_version(transaction: Transaction, report_id: str, version: int) -> None:
    """Take a version out of the history."""
    transaction.run(_DROP_VERSION, {"id": report_id, "version": version})


def pin(transaction: Transaction, report_id: str, version: int, data: str, now_ms: int) -> None:
    """Keep what the panels of a version show."""
    packed = zlib.compress(data.encode(), 6)
    given = {"id": report_id, "read": version, "new_pinned_ms": now_ms, "new_data": packed}
    transaction.run(_PIN, given)


def as_heads(rows: Sequence[ReportRow]) -> tuple[ReportHead, ...]:
    """Rows as lists show them."""
    return tuple(
        ReportHead(
            report_id=row.report_id,
            title=row.title,
            version=row.version,
            creation_time=row.created_ms,
            created_by=row.created_by,
            last_update_time=row.updated_ms,
            last_updated_by=row.updated_by,
        )
        for row in rows
    )


def as_version(row: VersionRow) -> ReportVersion:
    """A row as the history shows it."""
    return ReportVersion(
        version=row.version,
        title=row.title,
        saved_time=row.saved_ms,
        saved_by=row.saved_by,
        pinned_time=row.pinned_ms,
    )
