"""Themes, small screens, and what the accessibility checker says about each page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.axe import assert_no_faults, axe
from tests.e2e.study import Study, falling_loss
from tests.e2e.test_models_pages import register
from tests.server_process import running_server

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


def test_a_page_whose_server_is_away_says_so_and_follows_when_it_is_back(page: Page, tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        page.goto(server.url)
        expect(page.get_by_text("Live", exact=True)).to_be_visible()

    expect(page.get_by_text("Reconnecting")).to_be_visible()
    expect(page.get_by_text("No connection to the server. What you see is from")).to_be_visible()
    page.get_by_role("link", name="Experiments", exact=True).click()
    expect(page.get_by_text("The server cannot be reached.")).to_be_visible()

    with running_server(tmp_path, port=server.port):
        page.get_by_role("button", name="Try now").click()
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="Default")).to_be_visible()
        row = page.get_by_role("row", name="Default")
        assert row.evaluate("row => getComputedStyle(row).display") == "grid", "without its style sheet"


def test_the_accessibility_checker_finds_nothing_on_pages_of_runs(page: Page, study: Study) -> None:
    parent = study.run("parent", params={"depth": "3"}, metrics={"accuracy": 0.9}, tags={"team": "vision"})
    study.run("child", parent=parent, status="FAILED")
    study.log_curve(parent, "loss", falling_loss(20))
    study.put_artifact(parent, "summary.json", b'{"rows": [1, 2]}')
    both = ",".join(study.run_ids())

    assert_no_faults(
        page,
        f"{study.server.url}/#/",
        f"{study.server.url}/#/experiments",
        f"{study.server.url}/#/experiments/404404",
        study.url(),
        *(
            study.run_url(parent, f"?tab={tab}")
            for tab in ("overview", "charts", "system", "console", "media", "code", "lineage")
        ),
        study.run_url(parent, "?tab=artifacts&path=summary.json"),
        study.url(query='?group=["params.depth"]&facets=["params.depth","metrics.loss"]'),
        *(
            study.url("/compare", f"?runs={both}&tab={tab}")
            for tab in ("values", "difference", "charts", "code", "artifacts")
        ),
    )


def test_the_accessibility_checker_finds_nothing_on_the_other_pages(page: Page, study: Study) -> None:
    study.log_curve(study.run("curve"), "loss", falling_loss(20))
    report = report_on(study)
    model = register(study)
    page.add_init_script("localStorage.setItem('fluvial-user', 'ana')")
    places = [
        "settings", "reports", f"reports/{report}", "nowhere", f"reports/{report}?edit=true", "reports/none",
        "models", "models/none", "notifications", "webhooks", f"models/{model}/versions/1",
        *(f"models/{model}?tab={tab}" for tab in ("versions", "requests", "history", "policy", "about")),
        f'models/{model}?tab=compare&versions=["1","2"]',
    ]  # fmt: skip

    assert_no_faults(page, *(f"{study.server.url}/#/{place}" for place in places))

    for key, name in [("Control+k", "Search everywhere"), ("Shift+?", "Keys")]:
        page.keyboard.press(key)
        dialog = page.get_by_role("dialog", name=name)
        expect(dialog).to_be_visible()
        assert axe(page) == [], name
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def report_on(study: Study) -> str:
    """The id of a report with each kind of panel."""
    panels = "".join(
        f"\n```fluvial\nchart: {chart}\nexperiment: {study.experiment_id}\nmetric: loss\n```\n"
        for chart in ("line", "bar", "table", "pie")
    )
    created = study.server.post("/api/1.0/fluvial/reports/create", title="Looks", text=f"# Looks\n{panels}")
    report_id: str = created.json["report"]["report_id"]
    return report_id
