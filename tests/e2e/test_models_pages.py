"""Registered models: the list, a model with its versions, a version."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.e2e.axe import axe
from tests.e2e.study import MLFLOW, Study

MLMODEL = b"""artifact_path: model
flavors:
  sklearn: {}
signature:
  inputs: '[{"name": "age", "type": "double", "required": true}]'
"""


POLICY = """
guards:
  - {alias: champion, approvals: 1, reviewers: [ben], gates: [floor]}
gates:
  floor: {metric: auc, min: 0.7}
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
    page.get_by_label("Why").fill("Worse on new customers")
    page.get_by_role("button", name="Go back", exact=True).click()
    expect(page.get_by_role("row", name="alias champion: 2 → 1")).to_contain_text("Worse on new customers")
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
    expect(page.get_by_role("table", name="Origin")).to_contain_text("runs:/")
    assert axe(page) == []


def test_a_version_shows_its_files_environment_signer_pickles_and_lineage(page: Page, study: Study) -> None:
    name = register(study)
    run_id = study.run_ids()[0]
    files = [{"path": "model.pkl", "size_bytes": 2048, "sha256": "ab" * 32}]
    signed = {"verificationMaterial": {"publicKey": {"hint": "k1"}}}
    for path, content in (
        ("manifest.json", json.dumps({"version": 1, "files": files})),
        ("manifest.sigstore.json", json.dumps(signed)),
        ("python_env.yaml", "python: 3.11.7"),
        ("requirements.lock", "numpy==2.4.0\nscipy==1.17.0\n"),
    ):
        study.put_artifact(run_id, f"model/{path}", content.encode())
    details = {
        "summary": "answers as when it was saved",
        "cold_start_s": 1.25,
        "environment_bytes": 5_000_000,
    }
    study.server.post(
        "/api/1.0/fluvial/models/evidence",
        name=name,
        version="1",
        kind="environment",
        verdict="pass",
        details=details,
    )

    page.goto(f"{study.server.url}/#/models/{name}/versions/1")

    files_panel = page.get_by_role("region", name="Files")
    expect(files_panel).to_contain_text("signed by key k1")
    expect(files_panel).to_contain_text("A pickle runs code when it is loaded")
    expect(files_panel.get_by_role("row", name="model.pkl")).to_contain_text("abababababab…")
    environment = page.get_by_role("table", name="Environment")
    for said in ("3.11.7", "2 packages, each in its version", "answers as when it was saved", "1.25 s"):
        expect(environment).to_contain_text(said)
    expect(page.get_by_label("Command")).to_contain_text(f"fluvial models predict models:/{name}/1")
    expect(page.get_by_role("group", name=f"version {name} 1")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("group", name="run depth 3").click()
    expect(page).to_have_url(study.run_url(run_id))


def test_a_policy_is_refused_at_its_line_and_then_holds(page: Page, study: Study) -> None:
    name = register(study)
    page.goto(f"{study.server.url}/#/models/{name}?tab=policy")
    policy = page.get_by_label("Policy, in YAML")

    policy.fill("gates:\n  floor: {metric: auc, least: 0.7}\n")
    page.get_by_role("button", name="Save the policy").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2: ")
    assert axe(page) == []
    policy.fill(POLICY)
    page.get_by_role("button", name="Save the policy").click()

    expect(page.get_by_text("Number 1, by")).to_be_visible()
    page.get_by_role("button", name="Promote a version").click()
    expect(page.get_by_text("It needs 1 approval (ben) and has to pass floor.")).to_be_visible()


def test_the_registrys_pages_are_readable_on_a_dark_phone(page: Page, study: Study) -> None:
    name = register(study)
    study.server.post("/api/1.0/fluvial/registry/policy", name=name, text=POLICY)
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme="dark")
    for path, heading in (
        ("models", "Models"),
        (f"models/{name}", name),
        (f"models/{name}?tab=history", name),
        (f"models/{name}?tab=policy", name),
        (f"models/{name}/versions/1", "Version 1"),
        ("notifications", "Notifications"),
    ):
        page.goto(f"{study.server.url}/#/{path}")
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        expect(page.get_by_label("Loading")).to_have_count(0)

        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path


def sign(page: Page, name: str) -> None:
    """Say in this browser who uses it."""
    page.evaluate("name => localStorage.setItem('fluvial-user', name)", name)
    page.reload()


def test_a_version_is_asked_for_refused_asked_for_again_and_approved(page: Page, study: Study) -> None:
    name = register(study)
    study.server.post("/api/1.0/fluvial/registry/policy", name=name, text=POLICY)
    page.goto(f"{study.server.url}/#/models/{name}")

    def ask(why: str) -> None:
        page.get_by_role("button", name="Promote a version").click()
        expect(page.get_by_text("It needs 1 approval (ben) and has to pass floor.")).to_be_visible()
        page.get_by_label("Why").fill(why)
        page.get_by_role("button", name="Ask for it").click()

    page.get_by_role("button", name="Promote a version").click()
    page.get_by_label("Your name").fill("ana")
    page.get_by_role("button", name="That is me").click()
    page.get_by_role("button", name="Cancel").click()
    ask("It is better")
    request = page.get_by_role("region", name="Version 2 as alias champion").first
    expect(request.get_by_role("list", name="Gates")).to_contain_text("pass")
    expect(request).to_contain_text("somebody else decides")
    expect(request.get_by_role("button", name="Approve")).to_have_count(0)

    sign(page, "ben")
    bell = page.get_by_role("link", name="Notifications, 1 unread")
    bell.click()
    page.get_by_role("link", name=f"{name}: Version 2 as alias champion").click()
    request.get_by_label("Comment").fill("On which data?")
    request.get_by_role("button", name="Refuse").click()
    expect(request).to_contain_text("rejected")
    expect(bell).to_have_count(0)

    sign(page, "ana")
    bell.click()
    expect(page.get_by_text("ben refused: On which data?")).to_be_visible()
    expect(bell).to_have_count(0)
    assert axe(page) == []
    page.goto(f"{study.server.url}/#/models/{name}")
    ask("On the data of June")
    expect(request).to_contain_text("On the data of June")
    sign(page, "ben")
    request.get_by_role("button", name="Approve").click()
    expect(request).to_contain_text("applied")
    assert axe(page) == []
    page.get_by_role("tab", name="Versions").click()
    second = page.get_by_role("row", name="Choose version 2")
    expect(second.get_by_role("button", name="champion", exact=True)).to_be_visible()


def test_a_model_and_a_version_are_described_and_tagged(page: Page, study: Study) -> None:
    name = register(study)
    for place in (f"models/{name}?tab=about", f"models/{name}/versions/2"):
        page.goto(f"{study.server.url}/#/{place}")
        page.get_by_role("button", name="Write").click()
        page.get_by_role("textbox", name="in Markdown").fill("Says who **leaves**")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("strong", has_text="leaves")).to_be_visible()
        page.get_by_role("button", name="Add").click()
        page.get_by_label("Name of the tag").fill("team")
        page.get_by_label("Value of the tag").fill("growth")
        page.get_by_label("Value of the tag").press("Enter")
        expect(page.get_by_title("team: growth")).to_be_visible()
        page.get_by_role("button", name="Remove the tag team").click()
        expect(page.get_by_title("team: growth")).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_title("team: growth")).to_be_visible()
