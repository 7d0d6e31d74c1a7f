"""How a person wants things to look, on every page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.study import Study

ROW_HEIGHT = "() => document.querySelector('[role=row] [role=gridcell]').closest('[role=row]').offsetHeight"
FIRST_COLOR = "() => getComputedStyle(document.documentElement).getPropertyValue('--run-0').trim()"


def test_settings_show_in_the_preview_and_hold_on_every_page(page: Page, study: Study) -> None:
    study.run("measured", metrics={"loss": 0.000123456789})
    page.goto(study.url())
    expect(page.get_by_role("gridcell", name="1.235e-4")).to_be_visible()
    height, color = page.evaluate(ROW_HEIGHT), page.evaluate(FIRST_COLOR)

    page.get_by_role("link", name="Settings").click()
    page.get_by_text("Compact", exact=True).click()
    page.get_by_label("Significant digits").fill("6")
    page.get_by_text("Never", exact=True).click()
    page.get_by_label("Distinct").check()
    page.get_by_role("combobox", name="Time zone").fill("Tokyo")
    page.get_by_role("option", name="Asia/Tokyo").click()
    preview = page.get_by_role("complementary", name="Preview")
    expect(preview).to_contain_text("0.000314159")
    expect(preview).to_contain_text("2026-11-23 18:41:07")

    page.goto(study.url())
    expect(page.get_by_role("gridcell", name="0.000123457")).to_be_visible()
    assert page.evaluate(ROW_HEIGHT) < height
    assert page.evaluate(FIRST_COLOR) != color

    page.goto(f"{study.server.url}/#/settings")
    page.get_by_role("button", name="Reset all settings").click()
    expect(preview).to_contain_text("3.142e-4")
    page.get_by_role("button", name="Undo").click()
    expect(preview).to_contain_text("0.000314159")


def test_another_tab_follows_the_settings(page: Page, study: Study) -> None:
    study.run("measured", metrics={"loss": 0.5})
    page.goto(study.url())
    expect(page.get_by_role("gridcell", name="0.5", exact=True)).to_be_visible()
    other = page.context.new_page()

    other.goto(f"{study.server.url}/#/settings")
    other.get_by_text("Always", exact=True).click()

    expect(page.get_by_role("gridcell", name="5e-1")).to_be_visible()
