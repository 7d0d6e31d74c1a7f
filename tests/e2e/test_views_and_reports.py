"""Views that have a name, reports with live panels, and files that open without a server."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect

from tests.e2e.study import Study, falling_loss


def names(page: Page) -> Locator:
    """The names of the runs in the table."""
    return page.get_by_role("grid", name="Runs").get_by_role("link")


def views(page: Page, item: str) -> None:
    """Open the menu of views and choose something."""
    page.locator("button:has(.tabler-icon-bookmark)").click()
    page.get_by_role("menuitem", name=item).click()


def filter_by(page: Page, text: str) -> None:
    """Type a filter."""
    page.get_by_label("Filter runs").fill(text)
    page.keyboard.press("Enter")


def test_a_saved_view_is_there_for_the_next_visitor_and_says_when_it_was_changed(
    page: Page, study: Study
) -> None:
    study.run("good", metrics={"loss": 0.1})
    study.run("bad", metrics={"loss": 0.9})
    page.goto(study.url())
    filter_by(page, "metrics.loss < 0.5")
    expect(names(page)).to_have_text(["good"])
    views(page, "Save as a new view")
    page.get_by_role("textbox", name="Name").fill("The good ones")
    page.get_by_role("button", name="Save", exact=True).click()
    shown = page.get_by_role("button", name="The good ones")
    expect(shown).to_be_visible()

    views(page, "Open the experiment with it")
    views(page, "All runs")
    expect(names(page)).to_have_text(["bad", "good"])
    page.goto(study.server.url)
    page.goto(study.url())
    expect(names(page)).to_have_text(["good"])
    expect(page.get_by_label("Filter runs")).to_have_value("metrics.loss < 0.5")

    filter_by(page, "metrics.loss > 0.5")
    expect(names(page)).to_have_text(["bad"])
    expect(page.get_by_label("changed")).to_be_visible()
    views(page, "Drop the changes")
    expect(names(page)).to_have_text(["good"])

    views(page, "Delete")
    expect(shown).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    page.goto(study.server.url)
    page.goto(study.url("?saved=none"))
    views(page, "The good ones")
    expect(names(page)).to_have_text(["good"])


def test_a_report_is_saved_as_it_is_written_shows_live_panels_and_can_be_pinned(
    page: Page, study: Study
) -> None:
    run_id = study.run("first", metrics={"auc": 0.25}, status="RUNNING")
    study.log_curve(run_id, "loss", falling_loss(30))
    page.goto(f"{study.server.url}/#/reports")
    page.get_by_role("button", name="New report").first.click()
    page.get_by_role("textbox", name="Title", exact=True).fill(f"Report {study.experiment_id}")
    page.get_by_label("Text in markdown").fill(
        f"# Findings\n\n```fluvial\nchart: line\nexperiment: {study.experiment_id}\nmetric: loss\n```\n\n"
        f"```fluvial\nchart: table\nexperiment: {study.name}\ncolumns: [metrics.auc]\n```\n\n"
        "```fluvial\nchart: pie\n```\n"
    )
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("img", name="loss: curves of 1 runs")).to_be_visible()
    expect(preview.get_by_role("alert")).to_contain_text("chart is one of line, bar, table")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    page.get_by_role("button", name="Done").click()
    page.reload()
    expect(page.get_by_role("heading", name="Findings")).to_be_visible()
    expect(page.get_by_role("cell", name="0.25")).to_be_visible()
    study.log_curve(run_id, "auc", [0.75], first_step=1)
    expect(page.get_by_role("cell", name="0.75")).to_be_visible()

    page.get_by_role("button", name="Pin a snapshot").click()
    expect(page.get_by_text("Its panels show what was on")).to_be_visible()
    study.log_curve(run_id, "auc", [0.5], first_step=2)
    page.get_by_role("button", name="Show it as it is now").click()
    expect(page.get_by_role("cell", name="0.5", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("cell", name="0.75")).to_be_visible()


def test_a_view_is_exported_as_a_file_that_needs_no_server_and_no_script(
    page: Page, study: Study, tmp_path: Path
) -> None:
    for name, rate in [("slow", "0.01"), ("<b>fast</b>", "0.1")]:
        study.log_curve(study.run(name, params={"rate": rate}), "loss", falling_loss(30))
    scatter = {"id": "1", "kind": "scatter", "options": {"x": "params.rate", "y": "metrics.loss"}}
    page.goto(study.url(query=f"?panels={quote(json.dumps([scatter]))}&log=true"))
    expect(names(page)).to_have_count(2)

    page.locator("button:has(.tabler-icon-bookmark)").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export as one HTML file").click()
    file = tmp_path / "view.html"
    download.value.save_as(file)

    text = file.read_text()
    assert "<script" not in text
    assert "default-src 'none'" in text
    asked: list[str] = []
    page.context.set_offline(offline=True)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", name=study.name)).to_be_visible()
    expect(page.get_by_role("cell", name="<b>fast</b>")).to_be_visible()
    expect(page.get_by_role("img", name="loss: curves of 2 runs")).to_be_visible()
    expect(page.get_by_role("img", name="loss by rate")).to_be_visible()
    live = page.get_by_role("link", name="live")
    expect(live).to_have_attribute("href", re.compile(re.escape(study.url())))
    stroke = "() => getComputedStyle(document.querySelector('svg path').parentElement).stroke"
    assert page.evaluate(stroke).startswith("rgb")
    assert asked == [file.as_uri()]


def test_the_charts_of_a_report_are_pinned_and_exported_as_they_are(
    page: Page, study: Study, tmp_path: Path
) -> None:
    for number in range(6):
        run_id = study.run(f"r{number}", params={"lr": str(number), "kind": "ab"[number % 2]})
        study.log_curve(run_id, "loss", [1.0, 1 / (1 + number)])
        rows = [[label, "cat"] for label in ("cat", "dog")[: 1 + number % 2]]
        table = json.dumps({"columns": ["label", "prediction"], "data": rows})
        study.put_artifact(run_id, "predictions.json", table.encode())
    panels = [
        "chart: scatter\noptions: {x: params.lr, y: metrics.loss, color: params.kind}",
        "chart: line\nmetric: loss\noptions: {average: [params.kind]}",
        "chart: confusion\nlimit: 2",
        "chart: difference\nlimit: 2",
        "chart: parallel\noptions: {fields: [params.lr, metrics.loss]}",
        "chart: note\noptions: {text: '**More** data helped'}",
    ]
    blocks = [f"```fluvial\nexperiment: {study.experiment_id}\n{panel}\n```" for panel in panels]
    created = study.server.post("/api/1.0/fluvial/reports/create", title="Charts", text="\n\n".join(blocks))
    page.goto(f"{study.server.url}/#/reports/{created.json['report']['report_id']}")
    shown = page.get_by_role("region", name="Charts")
    expect(shown.get_by_role("img", name=re.compile("curves of 2 runs"))).to_be_visible()

    page.get_by_role("button", name="Pin a snapshot").click()

    expect(page.get_by_text("Its panels show what was on")).to_be_visible()
    expect(shown.get_by_role("img", name="Confusion of r5: 1 of 2 right")).to_be_visible()
    expect(shown.get_by_role("table").get_by_text("dog").first).to_be_visible()
    expect(shown.locator("img")).to_have_count(5)
    page.get_by_role("button", name="Show it as it is now").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    file = tmp_path / "report.html"
    download.value.save_as(file)
    page.context.set_offline(offline=True)
    page.goto(file.as_uri())
    expect(page.get_by_text("More data helped")).to_be_visible()
    images = page.locator("img")
    expect(images).to_have_count(5)
    assert all(images.nth(at).evaluate("image => image.naturalWidth") > 0 for at in range(5))


def test_what_two_people_write_at_once_is_not_lost(page: Page, study: Study) -> None:
    created = study.server.post("/api/1.0/fluvial/reports/create", title="Shared", text="begun")
    report = created.json["report"]
    page.goto(f"{study.server.url}/#/reports/{report['report_id']}?edit=true")
    field = page.get_by_label("Text in markdown")
    expect(field).to_have_value("begun")

    study.server.post(
        "/api/1.0/fluvial/reports/update", report_id=report["report_id"], version=1, text="theirs"
    )
    field.fill("mine")
    expect(page.get_by_role("alert")).to_contain_text("changed by somebody else")
    page.get_by_role("button", name="Save mine as the next version").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    kept = study.server.get("/api/1.0/fluvial/reports/get", report_id=report["report_id"])
    assert kept.json["text"] == "mine"
