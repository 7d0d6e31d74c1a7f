"""Reports: what is kept of their history, and what is pinned."""

from __future__ import annotations

import pytest

from fluvial.errors import Conflict, InvalidRequest, NotFound
from fluvial.services.platform import Platform
from fluvial.services.reports import ONE_VERSION_MS
from fluvial.wire.reports import (
    CREATE_REPORT,
    DELETE_REPORT,
    GET_REPORT,
    GET_REPORT_VERSION,
    LIST_REPORT_VERSIONS,
    PIN_REPORT,
    RESTORE_REPORT,
    SEARCH_REPORTS,
    UPDATE_REPORT,
    CreateReport,
    OneReport,
    PinReport,
    ReportId,
    ReportVersionId,
    SearchReports,
    UpdateReport,
)
from tests.platforms import Clock


def write(platform: Platform, report: OneReport, text: str) -> OneReport:
    """The report with another text."""
    head = report.report
    request = UpdateReport(report_id=head.report_id, version=head.version, text=text)
    return platform.call(UPDATE_REPORT, request)


def history(platform: Platform, report: OneReport) -> list[tuple[int, str]]:
    """(version, text) of what is kept, the newest first."""
    report_id = report.report.report_id
    found = platform.call(LIST_REPORT_VERSIONS, ReportId(report_id=report_id)).versions
    return [
        (
            one.version,
            platform.call(GET_REPORT_VERSION, ReportVersionId(report_id=report_id, version=one.version)).text,
        )
        for one in found
    ]


def test_what_is_written_in_one_sitting_is_one_version(platform: Platform, clock: Clock) -> None:
    report = platform.call(CREATE_REPORT, CreateReport(title="Ablation", text="a"))
    clock.now_ms += ONE_VERSION_MS
    for text in ("b", "bc", "bcd"):
        report = write(platform, report, text)
        clock.now_ms += ONE_VERSION_MS // 4
    clock.now_ms += ONE_VERSION_MS
    report = write(platform, report, "later")

    assert history(platform, report) == [(5, "later"), (4, "bcd"), (1, "a")]


def test_a_stale_change_is_refused_and_changes_nothing(platform: Platform) -> None:
    read = platform.call(CREATE_REPORT, CreateReport(title="Ablation", text="a"))
    write(platform, read, "theirs")

    with pytest.raises(Conflict, match="somebody else"):
        write(platform, read, "mine")

    again = platform.call(GET_REPORT, ReportId(report_id=read.report.report_id))
    assert again.text == "theirs"


def test_a_pinned_version_keeps_its_data_when_the_report_goes_on(platform: Platform) -> None:
    report = platform.call(CREATE_REPORT, CreateReport(title="Ablation", text="a"))
    report_id = report.report.report_id
    pinned = platform.call(PIN_REPORT, PinReport(report_id=report_id, version=1, data='{"loss": [1, "NaN"]}'))
    changed = write(platform, report, "b")

    kept = platform.call(GET_REPORT_VERSION, ReportVersionId(report_id=report_id, version=1))
    assert pinned == kept
    assert (kept.text, kept.data) == ("a", '{"loss": [1, "NaN"]}')
    assert kept.version.pinned_time is not None
    assert history(platform, changed) == [(2, "b"), (1, "a")]
    with pytest.raises(Conflict):
        platform.call(PIN_REPORT, PinReport(report_id=report_id, version=1, data="{}"))


def test_reports_are_found_by_title_and_come_back_from_the_trash(platform: Platform) -> None:
    for title in ("Ablation of depth", "100% of the data", "Summary"):
        platform.call(CREATE_REPORT, CreateReport(title=title))

    def titles(text: str) -> set[str]:
        return {one.title for one in platform.call(SEARCH_REPORTS, SearchReports(text=text)).reports}

    assert titles("DEPTH") == {"Ablation of depth"}
    assert titles("%") == {"100% of the data"}
    first = platform.call(SEARCH_REPORTS, SearchReports(max_results=2))
    rest = platform.call(SEARCH_REPORTS, SearchReports(max_results=2, page_token=first.next_page_token))
    assert (len(first.reports), len(rest.reports), rest.next_page_token) == (2, 1, None)

    doomed = ReportId(report_id=first.reports[0].report_id)
    platform.call(DELETE_REPORT, doomed)
    assert first.reports[0].title not in titles("")
    with pytest.raises(NotFound, match="deleted"):
        platform.call(GET_REPORT, doomed)
    platform.call(RESTORE_REPORT, doomed)
    assert len(titles("")) == 3


def test_a_report_needs_a_title(platform: Platform) -> None:
    with pytest.raises(InvalidRequest, match="blank"):
        platform.call(CREATE_REPORT, CreateReport(title=" "))
