"""Ctrl-K: everything that has a name, by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.study import Study


def field(page: Page) -> Locator:
    """Where one types."""
    return page.get_by_role("combobox", name="Search everywhere")


def open_search(page: Page) -> None:
    """The dialog, by its key."""
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()


def test_a_run_is_found_by_a_word_of_its_params_and_opened_with_the_keyboard(
    page: Page, study: Study
) -> None:
    study.run("plain", params={"optimizer": "adamw"})
    study.run("wanted", params={"optimizer": f"lion{study.experiment_id}"})
    page.goto(study.server.url)
    expect(page.get_by_role("heading", name="Experiments")).to_be_visible()

    open_search(page)
    page.keyboard.type(f"lion{study.experiment_id}")
    expect(page.get_by_role("option", name="wanted")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="wanted")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="Recent").get_by_role("option", name="wanted")).to_be_visible()


def test_experiments_pages_and_actions_stand_in_groups(page: Page, study: Study) -> None:
    page.goto(study.server.url)
    expect(page.get_by_role("heading", name="Experiments")).to_be_visible()
    open_search(page)

    page.keyboard.type(study.name)
    found = page.get_by_role("group", name="Experiments").get_by_role("option", name=study.name)
    expect(found).to_be_visible()

    field(page).fill("dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")

    open_search(page)
    page.keyboard.type("no such thing anywhere")
    expect(page.get_by_text("Nothing has that in its name")).to_be_visible()
    page.keyboard.press("Escape")
    expect(field(page)).to_have_count(0)


def test_the_help_lists_the_keys_of_the_page_that_is_open(page: Page, study: Study) -> None:
    study.run("any")
    page.goto(study.url())
    expect(page.get_by_role("link", name="any")).to_be_visible()
    keys = page.get_by_role("dialog", name="Keys")

    page.keyboard.press("Shift+?")
    expect(keys.get_by_role("row", name="Filter the runs")).to_contain_text("/")
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)

    page.goto(f"{study.server.url}/#/experiments")
    expect(page.get_by_role("heading", name="Experiments")).to_be_visible()
    page.keyboard.press("Shift+?")
    expect(keys.get_by_role("row", name="Search experiments")).to_contain_text("/")
    expect(keys.get_by_role("row", name="Filter the runs")).to_have_count(0)
