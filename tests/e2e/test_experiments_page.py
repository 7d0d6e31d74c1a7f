from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.study import MLFLOW, Study


def test_experiments_are_found_by_a_part_of_their_name(page: Page, study: Study) -> None:
    study.server.post(f"{MLFLOW}/experiments/create", name="zebra stripes 42")
    page.goto(f"{study.server.url}/#/experiments")

    page.get_by_label("Search experiments").fill("RA STRIPES")

    expect(page.get_by_role("row")).to_have_count(2)  # the titles, and the one that matches
    expect(page.get_by_role("link", name="zebra stripes 42")).to_be_visible()
    expect(page).to_have_url(re.compile("q=RA"))


def test_a_name_with_quotes_and_percent_signs_can_be_searched(page: Page, study: Study) -> None:
    study.server.post(f"{MLFLOW}/experiments/create", name="it's 100% done")
    page.goto(f"{study.server.url}/#/experiments")

    page.get_by_label("Search experiments").fill("it's 100")

    expect(page.get_by_role("link", name="it's 100% done")).to_be_visible()


def test_an_experiment_shows_how_many_runs_it_has(page: Page, study: Study) -> None:
    study.run("one")
    study.run("two", status="RUNNING")

    page.goto(f"{study.server.url}/#/experiments?q={study.name}")

    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=study.name))
    expect(row).to_contain_text("2")
    expect(row).to_contain_text("1 running")


def test_an_experiment_is_made_renamed_and_deleted_and_the_deletion_undone(page: Page, study: Study) -> None:
    page.goto(f"{study.server.url}/#/experiments")

    page.get_by_role("button", name="New experiment").click()
    page.get_by_label("Name", exact=True).fill("born in the browser")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("link", name="born in the browser")).to_be_visible()

    page.get_by_label("Actions for born in the browser").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_label("Name", exact=True).fill("renamed in the browser")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_role("link", name="renamed in the browser")).to_be_visible()

    page.get_by_label("Actions for renamed in the browser").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("link", name="renamed in the browser")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="renamed in the browser")).to_be_visible()


def test_a_name_that_is_taken_is_refused_in_the_dialog(page: Page, study: Study) -> None:
    page.goto(f"{study.server.url}/#/experiments")

    page.get_by_role("button", name="New experiment").click()
    page.get_by_label("Name", exact=True).fill(study.name)
    page.get_by_role("button", name="Create", exact=True).click()

    expect(page.get_by_role("dialog")).to_contain_text("exists already")


def test_a_new_experiment_appears_without_a_reload(page: Page, study: Study) -> None:
    page.goto(f"{study.server.url}/#/experiments?q=made elsewhere")
    expect(page.get_by_text("No experiments match")).to_be_visible()

    study.server.post(f"{MLFLOW}/experiments/create", name="made elsewhere")

    expect(page.get_by_role("link", name="made elsewhere")).to_be_visible()
