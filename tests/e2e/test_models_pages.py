"""Registered models: the list, a model with its versions, a version."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.study import MLFLOW, Study
from tests.e2e.test_looks import axe

MLMODEL = b"""artifact_path: model
flavors:
  sklearn: {}
signature:
  inputs: '[{"name": "age", "type": "double", "required": true}]'
"""


def register(study: Study) -> str:
    """The name of a model with two versions, of which the first is the champion."""
    name = study.name.replace(" ", "-")
    study.server.post(f"{MLFLOW}/registered-models/create", name=name)
    for depth, auc in (("3", 0.8), ("5", 0.9)):
        run_id = study.run(f"depth {depth}", params={"depth": depth}, metrics={"auc": auc})
        study.put_artifact(run_id, "model/MLmodel", MLMODEL)
        study.server.post(
            f"{MLFLOW}/model-versions/create", name=name, source=f"runs:/{run_id}/model", run_id=run_id
        )
    study.server.post(f"{MLFLOW}/registered-models/alias", name=name, alias="champion", version="1")
    return name


def test_a_champion_is_followed_moved_by_keyboard_and_put_back(page: Page, study: Study) -> None:
    name = register(study)
    page.goto(f"{study.server.url}/#/models?q={name}")
    row = page.get_by_role("table", name="Models").get_by_role("row").nth(1)
    expect(row).to_contain_text("Version 1")
    expect(row).to_contain_text("auc 0.8")
    page.get_by_role("link", name=name).click()
    second = page.get_by_role("row", name="Choose version 2")
    expect(second).to_contain_text("auc 0.9")

    page.get_by_role("button", name="champion", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    expect(second.get_by_role("button", name="champion", exact=True)).to_be_visible()
    assert axe(page) == []
    page.get_by_role("tab", name="History").click()
    page.get_by_role("button", name="Go back to before: alias champion: 1 → 2").click()
    page.get_by_role("tab", name="Versions").click()
    first = page.get_by_role("row", name="Choose version 1")
    expect(first.get_by_role("button", name="champion", exact=True)).to_be_visible()


def test_versions_are_compared_and_one_says_what_goes_in(page: Page, study: Study) -> None:
    name = register(study)
    page.goto(f"{study.server.url}/#/models/{name}")
    for version in ("1", "2"):
        page.get_by_label(f"Choose version {version}").check()
    page.get_by_role("button", name="Compare the chosen versions").click()
    table = page.get_by_role("table", name="Comparison of versions")
    expect(table.get_by_role("row").filter(has_text="depth")).to_have_attribute("data-differs", "true")
    expect(table.get_by_role("row").filter(has_text="inputs age")).to_contain_text("double")

    page.goto(f"{study.server.url}/#/models/{name}/versions/2")

    expect(page.get_by_role("table", name="inputs")).to_contain_text("double")
    expect(page.get_by_role("table", name="Lineage")).to_contain_text("runs:/")
    assert axe(page) == []
