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


def test_folders_fold_by_keys_and_stay_folded_and_all_in_one_is_compared(page: Page, study: Study) -> None:
    folder = study.name.replace(" ", "-")
    ids = []
    for name, accuracy in [("first", 0.25), ("second", 0.75)]:
        study.experiment_id = study.server.post(
            f"{MLFLOW}/experiments/create", name=f"{folder}/deep/{name}"
        ).json["experiment_id"]
        ids.append(study.experiment_id)
        study.run(f"of {name}", metrics={"accuracy": accuracy})
    page.goto(f"{study.server.url}/#/experiments?q={folder}")
    first = page.get_by_role("link", name="first", exact=True)
    expect(first).to_be_visible()

    page.get_by_role("heading", name="Experiments").click()  # nothing has the focus
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name=folder, exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(first).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="deep", exact=True)).to_be_visible()
    expect(first).to_have_count(0)

    page.get_by_label(f"Select all in {folder}/deep").check()
    page.get_by_role("link", name="Compare their runs").click()
    page.get_by_role("button", name="Group").click()
    page.get_by_role("checkbox", name="experiment_name").check()
    expect(page.get_by_role("gridcell", name="0.75")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label(f"Show the 1 run of experiment: {folder}/deep/second").click()
    expect(page.get_by_role("link", name="of second")).to_be_visible()
    assert page.get_by_role("link", name="of first").count() == 0


def test_keys_select_rename_and_remove_an_experiment(page: Page, study: Study) -> None:
    page.goto(f"{study.server.url}/#/experiments?q={study.name}")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=study.name))

    row.focus()
    page.keyboard.press("Space")
    expect(page.get_by_label(f"Select {study.name}")).to_be_checked()
    page.keyboard.press("F2")
    page.get_by_label("Name", exact=True).fill(f"{study.name} again")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=f"{study.name} again")).to_be_visible()
    row.focus()
    page.keyboard.press("Delete")
    expect(page.get_by_text("No experiments match")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()

    page.get_by_role("heading", name="Experiments").click()
    page.keyboard.press("n")
    expect(page.get_by_role("dialog", name="New experiment")).to_be_visible()


def test_the_fault_of_a_search_is_underlined(page: Page, study: Study) -> None:
    page.goto(f"{study.server.url}/#/experiments")

    page.get_by_label("Search experiments").fill("tags.team = vision")

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The search cannot be read")
    expect(alert.locator("code span")).to_have_text("vision")
    alert.get_by_role("button", name="Show all experiments").click()
    expect(page.get_by_role("row").nth(1)).to_be_visible()


def test_notes_and_tags_are_written_where_the_runs_are(page: Page, study: Study) -> None:
    page.goto(study.url())

    page.get_by_role("button", name="Notes and tags of the experiment").click()
    dialog = page.get_by_role("dialog", name=study.name)
    dialog.get_by_role("button", name="Write").click()
    dialog.get_by_label("Notes, in Markdown").fill("With **all** samples.")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator("strong")).to_have_text("all")
    dialog.get_by_role("button", name="Add").click()
    dialog.get_by_label("Name of the tag").fill("team")
    dialog.get_by_label("Value of the tag").fill("vision")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Remove the tag team")).to_be_visible()

    page.goto(f"{study.server.url}/#/experiments?q={study.name}")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=study.name))
    expect(row).to_contain_text("With all samples.")
    row.get_by_role("button", name="team: vision").click()
    expect(page.get_by_label("Search experiments")).to_have_value("tags.team = 'vision'")
