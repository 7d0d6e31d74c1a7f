"""Themes, small screens, and what the accessibility checker says about each page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.study import Study, falling_loss
from tests.server_process import REPOSITORY, running_server

AXE = REPOSITORY / "web/node_modules/axe-core/axe.min.js"
BACKGROUND = "() => getComputedStyle(document.body).backgroundColor"


def lightness(page: Page) -> int:
    """Sum of the three channels of the page's background."""
    color: str = page.evaluate(BACKGROUND)
    return sum(int(part) for part in color.removeprefix("rgb(").removesuffix(")").split(","))


def test_the_page_follows_the_system_until_a_theme_is_chosen(page: Page, study: Study) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(study.server.url)
    expect(page.get_by_role("heading", name="Experiments")).to_be_visible()
    assert lightness(page) < 150

    page.get_by_role("button", name="Theme", exact=True).click()
    page.get_by_role("menuitem", name="Light").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "light")
    assert lightness(page) > 700
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "light")


def test_nothing_is_wider_than_a_phone(page: Page, study: Study) -> None:
    run_id = study.run("on the phone", params={"a_rather_long_name_of_a_param": "x" * 200})
    report = report_on(study)
    page.set_viewport_size({"width": 390, "height": 800})

    for url, heading in [
        (study.server.url, "Home"),
        (f"{study.server.url}/#/experiments", "Experiments"),
        (study.url(), study.name),
        (study.run_url(run_id), "on the phone"),
        (f"{study.server.url}/#/settings", "Settings"),
        (f"{study.server.url}/#/reports/{report}", "Looks"),
    ]:
        page.goto(url)
        expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth") == 390


def test_no_page_asks_anybody_but_its_server(page: Page, study: Study) -> None:
    run_id = study.run("private")
    study.log_curve(run_id, "loss", falling_loss(20))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    pages = [
        study.server.url,
        study.url(),
        study.run_url(run_id, "?tab=charts"),
        f"{study.server.url}/#/settings",
        f"{study.server.url}/#/reports/{report_on(study)}",
    ]
    for url in pages:
        page.goto(url)
        expect(page.get_by_role("heading").first).to_be_visible()

    assert [url for url in asked if not url.startswith((study.server.url, "data:", "blob:"))] == []


def test_a_page_whose_server_is_away_says_how_old_it_is(page: Page, tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        page.goto(server.url)
        expect(page.get_by_text("Live", exact=True)).to_be_visible()

    expect(page.get_by_text("Reconnecting")).to_be_visible()
    expect(page.get_by_text("No connection to the server. What you see is from")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_accessibility_checker_finds_nothing_on_pages_of_runs(
    page: Page, study: Study, scheme: Literal["light", "dark"]
) -> None:
    parent = study.run("parent", params={"depth": "3"}, metrics={"accuracy": 0.9}, tags={"team": "vision"})
    study.run("child", parent=parent, status="FAILED")
    study.log_curve(parent, "loss", falling_loss(20))
    study.put_artifact(parent, "summary.json", b'{"rows": [1, 2]}')
    page.emulate_media(color_scheme=scheme)

    found = {
        url: faults(page, url)
        for url in [
            f"{study.server.url}/#/experiments",
            study.url(),
            study.run_url(parent),
            study.run_url(parent, "?tab=charts"),
            study.run_url(parent, "?tab=artifacts&path=summary.json"),
            study.url("/compare", f"?runs={parent}"),
        ]
    }

    assert [f"{url} {fault}" for url, some in found.items() for fault in some] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_accessibility_checker_finds_nothing_on_the_other_pages(
    page: Page, study: Study, scheme: Literal["light", "dark"]
) -> None:
    study.log_curve(study.run("curve"), "loss", falling_loss(20))
    report = report_on(study)
    page.emulate_media(color_scheme=scheme)

    found = {
        path: faults(page, f"{study.server.url}/#/{path}")
        for path in ["settings", "reports", f"reports/{report}", f"reports/{report}?edit=true"]
    }
    page.goto(f"{study.server.url}/#/settings")
    for key, name in [("Control+k", "Search everywhere"), ("Shift+?", "Keys")]:
        page.keyboard.press(key)
        dialog = page.get_by_role("dialog", name=name)
        expect(dialog).to_be_visible()
        found[name] = axe(page)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)

    assert [f"{place} {fault}" for place, some in found.items() for fault in some] == []


def report_on(study: Study) -> str:
    """The id of a report with each kind of panel."""
    panels = "".join(
        f"\n```fluvial\nchart: {chart}\nexperiment: {study.experiment_id}\nmetric: loss\n```\n"
        for chart in ("line", "bar", "table", "pie")
    )
    created = study.server.post("/api/1.0/fluvial/reports/create", title="Looks", text=f"# Looks\n{panels}")
    report_id: str = created.json["report"]["report_id"]
    return report_id


def faults(page: Page, url: str) -> list[str]:
    """What axe says is wrong with the page at an address, and where."""
    page.goto(url)
    expect(page.get_by_role("heading").first).to_be_visible()
    expect(page.get_by_label("Loading")).to_have_count(0)
    return axe(page)


def axe(page: Page) -> list[str]:
    """What axe says is wrong with the page as it is."""
    page.evaluate(Path(AXE).read_text())
    result: dict[str, Any] = page.evaluate(
        "() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })"
    )
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in result["violations"]
        for node in violation["nodes"][:3]
    ]
