"""Reports: texts in markdown with live panels, their history, and pinned snapshots of them."""

from __future__ import annotations

from fluvial.wire.endpoint import Endpoint, Message

MAX_REPORTS = 200


class ReportHead(Message, frozen=True, kw_only=True):
    """What a list says of a report.

    Attributes:
        report_id: 32 hex characters.
        title: For people.
        version: Grows by one with every change.
        creation_time: ms since the epoch.
        created_by: Who made it.
        last_update_time: ms since the epoch.
        last_updated_by: Who changed it last.
    """

    report_id: str
    title: str
    version: int
    creation_time: int
    created_by: str
    last_update_time: int
    last_updated_by: str


class ReportVersion(Message, frozen=True, kw_only=True):
    """A report as it was.

    Attributes:
        version: Which.
        title: Its title then.
        saved_time: When it was saved last, ms since the epoch.
        saved_by: By whom.
        pinned_time: When its panels were frozen, ms since the epoch; absent where they are not.
    """

    version: int
    title: str
    saved_time: int
    saved_by: str
    pinned_time: int | None = None


class CreateReport(Message, frozen=True, kw_only=True):
    """Begin a report."""

    title: str
    text: str = ""


class ReportId(Message, frozen=True, kw_only=True):
    """One report."""

    report_id: str


class UpdateReport(Message, frozen=True, kw_only=True):
    """Change a report that nobody has changed since it was read.

    Attributes:
        report_id: Which.
        version: The version that was read.
        title: The new title; absent to leave it.
        text: The new text; absent to leave it.
    """

    report_id: str
    version: int
    title: str | None = None
    text: str | None = None


class OneReport(Message, frozen=True, kw_only=True):
    """A report with its text, markdown."""

    report: ReportHead
    text: str


class SearchReports(Message, frozen=True, kw_only=True):
    """Reports, those that changed last first.

    Attributes:
        text: Part of the title; "" for all.
        max_results: Page size, 1 to 200.
        page_token: Where the page before ended.
    """

    text: str = ""
    max_results: int = MAX_REPORTS
    page_token: str | None = None


class ReportsPage(Message, frozen=True, kw_only=True):
    """A page of reports; `next_page_token` is absent on the last."""

    reports: tuple[ReportHead, ...] = ()
    next_page_token: str | None = None


class ReportVersions(Message, frozen=True, kw_only=True):
    """The history of a report, the newest version first."""

    versions: tuple[ReportVersion, ...] = ()


class ReportVersionId(Message, frozen=True, kw_only=True):
    """One version of a report."""

    report_id: str
    version: int


class OneReportVersion(Message, frozen=True, kw_only=True):
    """A version with its text.

    Attributes:
        version: The version.
        text: Markdown.
        data: What its panels showed when it was pinned, as the JSON that was given; "" if it is not.
    """

    version: ReportVersion
    text: str
    data: str = ""


class PinReport(Message, frozen=True, kw_only=True):
    """Keep what the panels of a version show at this moment, beside its text.

    Attributes:
        report_id: Which report.
        version: Its version now.
        data: JSON, as the web app makes it.
    """

    report_id: str
    version: int
    data: str


_AT = "/api/1.0/fluvial/reports"

CREATE_REPORT = Endpoint("POST", f"{_AT}/create", CreateReport, OneReport)
GET_REPORT = Endpoint("GET", f"{_AT}/get", ReportId, OneReport)
SEARCH_REPORTS = Endpoint("POST", f"{_AT}/search", SearchReports, ReportsPage, is_repeatable=True)
UPDATE_REPORT = Endpoint("POST", f"{_AT}/update", UpdateReport, OneReport)
DELETE_REPORT = Endpoint("POST", f"{_AT}/delete", ReportId, OneReport)
RESTORE_REPORT = Endpoint("POST", f"{_AT}/restore", ReportId, OneReport)
PIN_REPORT = Endpoint("POST", f"{_AT}/pin", PinReport, OneReportVersion)
LIST_REPORT_VERSIONS = Endpoint("GET", f"{_AT}/versions", ReportId, ReportVersions)
GET_REPORT_VERSION = Endpoint("GET", f"{_AT}/version", ReportVersionId, OneReportVersion)
