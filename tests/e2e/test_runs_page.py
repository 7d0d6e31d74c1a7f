from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.study import MLFLOW, Study, falling_loss


def names(page: Page) -> Locator:
    """The names in the runs table, from the top."""
    return page.get_by_role("grid", name="Runs").get_by_role("link")


def filter_by(page: Page, text: str) -> None:
    page.get_by_label("Filter runs").fill(text)
    page.keyboard.press("Enter")


def test_a_click_on_a_metric_orders_the_runs_by_it(page: Page, study: Study) -> None:
    for name, accuracy in [("middle", 0.5), ("best", 0.9), ("worst", 0.1)]:
        study.run(name, metrics={"accuracy": accuracy})
    page.goto(study.url())
    expect(names(page)).to_have_text(["worst", "best", "middle"])

    page.get_by_role("button", name="accuracy", exact=True).click()
    expect(names(page)).to_have_text(["best", "middle", "worst"])

    page.get_by_role("button", name="accuracy", exact=True).click()
    expect(names(page)).to_have_text(["worst", "middle", "best"])


def test_a_filter_narrows_the_table_and_is_kept_in_the_address(page: Page, study: Study) -> None:
    study.run("small", params={"model": "tree"}, metrics={"loss": 0.2})
    study.run("large", params={"model": "tree"}, metrics={"loss": 0.8})
    study.run("other", params={"model": "svm"}, metrics={"loss": 0.2})
    page.goto(study.url())

    filter_by(page, "params.model = 'tree' AND metrics.loss < 0.5")

    expect(names(page)).to_have_text(["small"])
    expect(page.get_by_text("1 run", exact=True)).to_be_visible()
    page.reload()
    expect(names(page)).to_have_text(["small"])


def test_plain_words_search_the_names(page: Page, study: Study) -> None:
    study.run("resnet-50")
    study.run("vit-base")
    page.goto(study.url())

    filter_by(page, "resnet")

    expect(names(page)).to_have_text(["resnet-50"])


def test_the_fault_of_a_filter_is_marked_under_its_character(page: Page, study: Study) -> None:
    study.run("any")
    page.goto(study.url())
    text = "metrics.loss << 1"

    filter_by(page, text)

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Expected")
    mark, field = alert.locator("[data-position]").bounding_box(), page.get_by_label("Filter runs")
    box = field.bounding_box()
    assert mark is not None
    assert box is not None
    # The second "<", 14 characters in; the font gives each character the same width.
    assert mark["x"] - box["x"] == pytest.approx(14 * mark["width"], abs=1.5)
    assert box["y"] < mark["y"] < box["y"] + 40

    filter_by(page, "metrics.loss < 1")
    expect(alert).to_have_count(0)


def test_rows_are_loaded_as_they_come_into_view(page: Page, study: Study) -> None:
    for number in range(230):
        study.run(f"run-{number:03}")
    page.goto(study.url())
    expect(page.get_by_text("230 runs")).to_be_visible()
    grid = page.get_by_role("grid", name="Runs")
    expect(names(page).first).to_have_text("run-229")
    assert names(page).count() < 60

    last = grid.get_by_role("link", name="run-000")
    for _ in range(40):
        grid.hover()
        page.mouse.wheel(0, 3000)
        if last.is_visible():
            break

    expect(last).to_be_visible()
    assert names(page).count() < 60


def test_nested_runs_stand_under_a_parent_that_is_opened_or_found(page: Page, study: Study) -> None:
    parent = study.run("parent")
    study.run("first child", parent=parent)
    study.run("second child", parent=parent)
    study.run("loner")
    page.goto(study.url())
    expect(names(page)).to_have_text(["loner", "parent"])

    page.get_by_label("Show the 2 runs within parent").click()
    expect(names(page)).to_have_text(["loner", "parent", "second child", "first child"])
    page.get_by_label("Hide the 2 runs within parent").click()
    expect(names(page)).to_have_text(["loner", "parent"])
    filter_by(page, "run_name LIKE 'first%'")
    expect(names(page)).to_have_text(["parent", "first child"])
    filter_by(page, "")

    page.get_by_role("button", name="Nested").click()
    expect(names(page)).to_have_text(["loner", "second child", "first child", "parent"])


def test_columns_can_be_chosen(page: Page, study: Study) -> None:
    study.run("any", params={"depth": "3"}, metrics={"loss": 1.5}, tags={"team": "vision"})
    page.goto(study.url("?charts=false"))
    grid = page.get_by_role("grid", name="Runs")
    expect(grid.get_by_role("columnheader", name="depth")).to_be_visible()

    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="depth").uncheck()
    page.get_by_role("checkbox", name="team").check()

    expect(grid.get_by_role("columnheader", name="depth")).to_have_count(0)
    expect(grid.get_by_role("gridcell", name="vision")).to_be_visible()
    page.reload()
    expect(grid.get_by_role("gridcell", name="vision")).to_be_visible()


def test_runs_and_their_numbers_appear_without_a_reload(page: Page, study: Study) -> None:
    running = study.run("early", metrics={"loss": 0.75}, status="RUNNING")
    page.goto(study.url())
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.get_by_role("gridcell", name="0.75")).to_be_visible()

    study.run("late")
    expect(names(page)).to_have_text(["late", "early"])

    study.log_curve(running, "loss", [0.25], first_step=1)
    expect(page.get_by_role("gridcell", name="0.25")).to_be_visible()


def test_the_keyboard_filters_moves_selects_and_opens(page: Page, study: Study) -> None:
    study.run("older")
    study.run("newer")
    page.goto(study.url())
    expect(names(page)).to_have_text(["newer", "older"])

    page.keyboard.press("/")
    expect(page.get_by_label("Filter runs")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("row").nth(2).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_label("Select older")).to_be_checked()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="older")).to_be_visible()


def test_selected_runs_are_compared_side_by_side(page: Page, study: Study) -> None:
    for name, rate in [("slow", "0.01"), ("fast", "0.1")]:
        run_id = study.run(name, params={"rate": rate, "seed": "7"})
        study.log_curve(run_id, "loss", falling_loss(50))
    page.goto(study.url())

    page.get_by_label("Select slow").check()
    page.get_by_label("Select fast").check()
    page.get_by_role("toolbar", name="Selected runs").get_by_role("link", name="Compare").click()

    table = page.get_by_role("table")
    expect(table.get_by_role("row", name=re.compile("^rate"))).to_contain_text("0.01")
    expect(table.get_by_role("row", name=re.compile("^seed"))).to_have_count(0)
    page.get_by_label("Only differences").uncheck()
    expect(table.get_by_role("row", name=re.compile("^seed"))).to_be_visible()
    page.get_by_role("tab", name="Charts").click()
    expect(page.get_by_role("img", name="loss: curves of 2 runs")).to_be_visible()


def test_deleted_runs_come_back_by_undo_and_from_the_trash(page: Page, study: Study) -> None:
    study.run("kept")
    study.run("doomed")
    page.goto(study.url())

    page.get_by_label("Select doomed").check()
    page.get_by_role("button", name="Delete").click()
    expect(names(page)).to_have_text(["kept"])
    page.get_by_role("button", name="Undo").click()
    expect(names(page)).to_have_text(["doomed", "kept"])

    page.get_by_label("Select doomed").check()
    page.get_by_role("button", name="Delete").click()
    expect(names(page)).to_have_text(["kept"])
    page.get_by_text("Deleted", exact=True).click()
    expect(names(page)).to_have_text(["doomed"])
    page.get_by_label("Select doomed").check()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("The trash is empty")).to_be_visible()


def test_charts_beside_the_table_show_the_selected_runs(page: Page, study: Study) -> None:
    for name in ["one", "two", "three"]:
        study.log_curve(study.run(name), "loss", falling_loss(30))
    page.goto(study.url())
    expect(page.get_by_role("img", name="loss: curves of 3 runs")).to_be_visible()

    page.get_by_label("Select one").check()
    page.get_by_label("Select two").check()

    expect(page.get_by_role("img", name="loss: curves of 2 runs")).to_be_visible()


def test_an_experiment_that_is_gone_says_so(page: Page, study: Study) -> None:
    study.server.post(f"{MLFLOW}/experiments/delete", experiment_id=study.experiment_id)

    page.goto(study.url())

    expect(page.get_by_role("heading", name=study.name)).to_be_visible()


def test_all_that_match_are_tagged_deleted_and_brought_back(page: Page, study: Study) -> None:
    for number in range(120):
        study.run(f"run-{number:03}", params={"kind": "even" if number % 2 == 0 else "odd"})
    page.goto(study.url("?charts=false"))
    filter_by(page, "params.kind = 'odd'")
    expect(page.get_by_text("60 runs", exact=True)).to_be_visible()

    page.get_by_label("Select all runs that match").check()
    page.get_by_label("Select run-119").uncheck()
    toolbar = page.get_by_role("toolbar", name="Selected runs")
    expect(toolbar).to_contain_text("59 selected")
    toolbar.get_by_role("button", name="Tag").click()
    page.get_by_role("textbox", name="Key").fill("team")
    page.get_by_role("textbox", name="Value").fill("vision")
    page.get_by_role("dialog").get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    toolbar.get_by_role("button", name="Delete").click()

    expect(names(page)).to_have_text(["run-119"])
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("60 runs", exact=True)).to_be_visible()
    filter_by(page, "tags.team = 'vision'")
    expect(page.get_by_text("59 runs", exact=True)).to_be_visible()


def test_runs_move_to_a_new_experiment_and_come_back_by_undo(page: Page, study: Study) -> None:
    study.run("stays")
    study.run("child", parent=study.run("family"))
    page.goto(study.url("?charts=false"))
    page.get_by_label("Select family").check()

    page.get_by_role("toolbar", name="Selected runs").get_by_role("button", name="Move").click()
    page.get_by_role("combobox", name="To the experiment").fill(f"{study.name}-kept")
    page.get_by_role("option", name=f"New experiment “{study.name}-kept”").click()
    page.get_by_role("dialog").get_by_role("button", name="Move", exact=True).click()

    expect(page.get_by_text(f"2 runs moved to {study.name}-kept")).to_be_visible()
    expect(names(page)).to_have_text(["stays"])
    page.get_by_role("button", name="Undo").click()
    expect(names(page)).to_have_text(["family", "stays"])


def test_groups_show_means_and_open_to_their_runs(page: Page, study: Study) -> None:
    for name, model, accuracy in [("a", "tree", 0.5), ("b", "tree", 0.7), ("c", "svm", 0.9)]:
        study.run(name, params={"model": model}, metrics={"accuracy": accuracy})
    page.goto(study.url("?charts=false"))

    page.get_by_role("button", name="Group").click()
    page.get_by_role("checkbox", name="params.model").check()
    expect(page.get_by_role("gridcell", name="0.6 ± 0.1414")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Show the 2 runs of model: tree").click()

    expect(names(page)).to_have_text(["b", "a"])
    page.reload()
    expect(page.get_by_role("gridcell", name="0.6 ± 0.1414")).to_be_visible()


def test_values_beside_the_table_edit_the_filter(page: Page, study: Study) -> None:
    for name, model in [("a", "tree"), ("b", "svm"), ("c", "svm")]:
        study.run(name, params={"model": model})
    page.goto(study.url("?charts=false"))

    page.get_by_role("button", name="Values").click()
    card = page.get_by_role("region", name="params.model")
    card.get_by_label("svm").check()
    expect(names(page)).to_have_text(["c", "b"])
    expect(page.get_by_label("Filter runs")).to_have_value("params.model = 'svm'")

    card.get_by_label("tree").check()
    expect(names(page)).to_have_text(["c", "b", "a"])


def test_the_first_lines_work_as_they_are_shown(page: Page, study: Study, tmp_path: Path) -> None:
    page.goto(study.url())
    code = page.get_by_label("Python").inner_text()

    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | {"FLUVIAL_HOME": str(tmp_path)},
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("first steps 0.0")
    expect(names(page)).to_have_text(["first steps"])


def test_each_key_of_the_table_does_what_is_said(page: Page, study: Study) -> None:
    for number in range(60):
        study.run(f"run-{number:02}", metrics={"loss": number, "accuracy": -number})
    parent = study.run("parent")
    study.run("child", parent=parent)
    page.goto(study.url("?charts=false"))
    expect(names(page).first).to_have_text("parent")
    focused = page.locator("[role=row]:focus")

    page.get_by_role("heading").click()  # nothing has the focus
    page.keyboard.press("ArrowDown")
    expect(focused).to_contain_text("parent")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(focused).to_contain_text("child")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(focused).to_contain_text("run-59")
    page.keyboard.press("PageDown")
    expect(focused).not_to_contain_text("run-59")
    page.keyboard.press("End")
    expect(focused).to_contain_text("run-00")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+Space")
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.keyboard.press("F2")
    page.keyboard.type("better")
    page.keyboard.press("Enter")
    expect(focused).to_contain_text("better")
    page.keyboard.press("Delete")
    expect(page.get_by_text("3 runs moved to the trash")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("62 runs")).to_be_visible()

    page.get_by_role("button", name="loss", exact=True).focus()
    page.keyboard.press("Alt+ArrowLeft")
    titles = page.get_by_role("columnheader", name=re.compile("^(loss|accuracy)"))
    expect(titles).to_have_text(["loss", "accuracy"])
    page.keyboard.press("Enter")
    expect(names(page).first).to_have_text("run-59")
    page.get_by_label("Select run-59").check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("toolbar", name="Selected runs")).to_have_count(0)
    page.get_by_label("Select run-59").check()
    page.get_by_label("Select run-58").check()
    page.get_by_role("heading").click()
    page.keyboard.press("c")
    expect(page.get_by_text("2 runs compared")).to_be_visible()


def test_rows_that_did_not_come_say_so_and_come_again(page: Page, study: Study) -> None:
    for number in range(230):
        study.run(f"run-{number:03}")
    page.goto(study.url("?charts=false"))
    expect(names(page).first).to_have_text("run-229")
    # What is sent has the first row that is wanted: those behind the first page are refused.
    page.route("**/runs/table", lambda route: route.fulfill(status=404, json={"message": "Gone."}))

    page.get_by_role("row").nth(2).focus()
    page.keyboard.press("End")
    expect(page.get_by_text("Not loaded").first).to_be_visible()
    page.unroute("**/runs/table")
    page.get_by_role("button", name="Try again").last.click()

    expect(names(page).last).to_have_text("run-000")
