"""Reports: texts with live panels, their history, and pinned snapshots."""

from __future__ import annotations

import secrets

from fluvial.errors import Conflict, InvalidRequest, NotFound
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.store import reports
from fluvial.store.reports import ReportRow
from fluvial.wire.reports import (
    CREATE_REPORT,
    DELETE_REPORT,
    GET_REPORT,
    GET_REPORT_VERSION,
    LIST_REPORT_VERSIONS,
    MAX_REPORTS,
    PIN_REPORT,
    RESTORE_REPORT,
    SEARCH_REPORTS,
    UPDATE_REPORT,
    CreateReport,
    OneReport,
    OneReportVersion,
    PinReport,
    ReportId,
    ReportsPage,
    ReportVersionId,
    ReportVersions,
    SearchReports,
    UpdateReport,
)

MAX_TITLE_CHARS = 200
MAX_TEXT_CHARS = 500_000
MAX_DATA_CHARS = 32_000_000
# A page saves while somebody types; what one person writes within this time is one version.
ONE_VERSION_MS = 10 * 60_000


@serve(SEARCH_REPORTS, needs=Permission.READ)
def search_reports(context: Context, request: SearchReports) -> ReportsPage:
    """A page of reports whose title holds a text, those that changed last first."""
    size = rules.page_size(request.max_results, maximum=MAX_REPORTS)
    offset = rules.page_offset(request.page_token)
    found = reports.find_page(context.transaction, request.text, offset, size + 1)
    token = rules.page_token(offset + size) if len(found) > size else None
    return ReportsPage(reports=reports.as_heads(found[:size]), next_page_token=token)


@serve(GET_REPORT, needs=Permission.READ)
def get_report(context: Context, request: ReportId) -> OneReport:
    """One report with its text.

    Raises:
        NotFound: No such report, or it is deleted.
    """
    return _as_answer(_get(context, request.report_id, is_deleted=False))


@serve(CREATE_REPORT, needs=Permission.EDIT)
def create_report(context: Context, request: CreateReport) -> OneReport:
    """Begin a report.

    Raises:
        InvalidRequest: It has no title, or is too long.
    """
    row = ReportRow(
        report_id=secrets.token_hex(16),
        title=_checked_title(request.title),
        text=_checked_text(request.text),
        version=1,
        deleted_ms=0,
        created_ms=context.now_ms,
        created_by=context.principal.name,
        updated_ms=context.now_ms,
        updated_by=context.principal.name,
    )
    reports.add(context.transaction, row)
    reports.add_version(context.transaction, row, context.now_ms)
    return _answer(context, row)


@serve(UPDATE_REPORT, needs=Permission.EDIT)
def update_report(context: Context, request: UpdateReport) -> OneReport:
    """Change a report, and keep how it was in its history.

    Raises:
        NotFound: No such report, or it is deleted.
        Conflict: Somebody changed it since it was read.
    """
    row = _get(context, request.report_id, is_deleted=False)._replace(version=request.version)
    if request.title is not None:
        row = row._replace(title=_checked_title(request.title))
    if request.text is not None:
        row = row._replace(text=_checked_text(request.text))
    changed = _change(context, row)
    last = reports.versions(context.transaction, row.report_id)[0]
    begun_ms = context.now_ms
    is_same_sitting = last.saved_by == changed.updated_by and context.now_ms - last.begun_ms < ONE_VERSION_MS
    if is_same_sitting and last.pinned_ms is None:
        reports.drop_version(context.transaction, row.report_id, last.version)
        begun_ms = last.begun_ms
    reports.add_version(context.transaction, changed, begun_ms)
    return _answer(context, changed)


@serve(DELETE_REPORT, needs=Permission.EDIT)
def delete_report(context: Context, request: ReportId) -> OneReport:
    """Put a report into the trash."""
    row = _get(context, request.report_id, is_deleted=False)
    return _answer(context, _change(context, row._replace(deleted_ms=context.now_ms)))


@serve(RESTORE_REPORT, needs=Permission.EDIT)
def restore_report(context: Context, request: ReportId) -> OneReport:
    """Take a report out of the trash."""
    row = _get(context, request.report_id, is_deleted=True)
    return _answer(context, _change(context, row._replace(deleted_ms=0)))


@serve(LIST_REPORT_VERSIONS, needs=Permission.READ)
def list_report_versions(context: Context, request: ReportId) -> ReportVersions:
    """The history of a report, the newest version first."""
    _get(context, request.report_id, is_deleted=False)
    found = reports.versions(context.transaction, request.report_id)
    return ReportVersions(versions=tuple(map(reports.as_version, found)))


@serve(GET_REPORT_VERSION, needs=Permission.READ)
def get_report_version(context: Context, request: ReportVersionId) -> OneReportVersion:
    """A version with its text, and what its panels showed when it was pinned.

    Raises:
        NotFound: No such report, or the version is not kept.
    """
    _get(context, request.report_id, is_deleted=False)
    return _version(context, request.report_id, request.version)


@serve(PIN_REPORT, needs=Permission.EDIT)
def pin_report(context: Context, request: PinReport) -> OneReportVersion:
    """Keep what the panels of a report show at this moment, beside its text.

    Raises:
        Conflict: The report was changed meanwhile.
    """
    row = _get(context, request.report_id, is_deleted=False)
    if request.version != row.version:
        raise Conflict(f"The report {row.title!r} was changed meanwhile: read it again, then pin it.")
    last = reports.versions(context.transaction, request.report_id)[0]
    rules.check_length("What a report's panels show", request.data, MAX_DATA_CHARS)
    reports.pin(context.transaction, request.report_id, last.version, request.data, context.now_ms)
    context.changed(None, None, "report")
    return _version(context, request.report_id, last.version)


def _version(context: Context, report_id: str, version: int) -> OneReportVersion:
    row, text, data = reports.get_version(context.transaction, report_id, version)
    return OneReportVersion(version=reports.as_version(row), text=text, data=data)


def _get(context: Context, report_id: str, *, is_deleted: bool) -> ReportRow:
    row = reports.get(context.transaction, report_id)
    if bool(row.deleted_ms) != is_deleted:
        raise NotFound(f"The report {row.title!r} is {'not ' if is_deleted else ''}deleted.")
    return row


def _change(context: Context, row: ReportRow) -> ReportRow:
    now = row._replace(updated_ms=context.now_ms, updated_by=context.principal.name)
    return reports.change(context.transaction, now)


def _answer(context: Context, row: ReportRow) -> OneReport:
    context.changed(None, None, "report")
    return _as_answer(row)


def _as_answer(row: ReportRow) -> OneReport:
    return OneReport(report=reports.as_heads([row])[0], text=row.text)


def _checked_title(title: str) -> str:
    if not title.strip():
        raise InvalidRequest("A report needs a title; it may not be blank.")
    rules.check_length("The title of a report", title, MAX_TITLE_CHARS)
    return title.strip()


def _checked_text(text: str) -> str:
    rules.check_length("The text of a report", text, MAX_TEXT_CHARS)
    return text
