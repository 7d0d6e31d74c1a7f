"""Runs side by side: values, differences with their uncertainty, code, files."""

from __future__ import annotations

import secrets

from playwright.sync_api import Page, expect

from tests.e2e.study import Study, png

FIRST = [0.81, 0.79, 0.84, 0.8, 0.83]
SECOND = [0.76, 0.78, 0.75, 0.8, 0.77]


def test_a_difference_over_seeds_is_said_with_its_uncertainty(page: Page, study: Study) -> None:
    runs = [
        study.run(f"{lr} {seed}", params={"lr": lr, "seed": str(seed)}, metrics={"accuracy": value})
        for lr, values in [("0.1", FIRST), ("0.05", SECOND)]
        for seed, value in enumerate(values)
    ]

    page.goto(study.url("/compare", f"?runs={','.join(runs)}&tab=difference"))

    panel = page.get_by_role("region", name="lr 0.05 against lr 0.1", exact=True)
    expect(panel).to_contain_text("accuracy is 0.042 lower on average")
    expect(panel).to_contain_text("\N{MINUS SIGN}0.0712 to \N{MINUS SIGN}0.0128")
    expect(panel).to_contain_text("p = 0.011")
    page.get_by_label("Compared with").first.click()
    page.get_by_role("option", name="lr 0.05").click()
    expect(page.get_by_text("accuracy is 0.042 higher on average")).to_be_visible()


def test_runs_of_other_experiments_are_compared_too(page: Page, study: Study) -> None:
    other = Study(study.server, f"other {secrets.token_hex(4)}")
    here = study.run("here", params={"depth": "7"}, metrics={"accuracy": 0.5})
    there = other.run("there", params={"depth": "8"}, metrics={"accuracy": 0.75})

    page.goto(study.url("/compare", f"?runs={here}"))
    page.get_by_role("button", name="Add a run").click()
    page.get_by_label("Id of a run, or the address of its page").fill(other.run_url(there))
    page.keyboard.press("Enter")

    expect(page.get_by_text("2 runs compared")).to_be_visible()
    row = page.get_by_role("row", name="accuracy")
    expect(row).to_contain_text("0.75+0.25")
    page.get_by_label("Leave out here").click()
    expect(page.get_by_text("1 run compared")).to_be_visible()


def test_code_packages_and_files_of_two_runs_stand_side_by_side(page: Page, study: Study) -> None:
    for name, version, color in [("left", "1.0", 40), ("right", "2.0", 60)]:
        run_id = study.run(name, tags={"fluvial.command": f"python {name}.py"})
        lock = f"numpy=={version}\nsame==1\n"
        study.put_artifact(run_id, "fluvial/requirements.lock", lock.encode())
        study.put_artifact(run_id, "figure.png", png(color, 30))
        study.put_artifact(run_id, "config.yaml", f"a: 1\nname: {name}\n".encode())
    runs = ",".join(study.run_ids())

    page.goto(study.url("/compare", f"?runs={runs}&tab=code"))
    packages = page.get_by_role("region", name="Packages").first
    expect(packages).to_contain_text("numpy1.02.0")
    expect(packages).not_to_contain_text("same")
    expect(page.get_by_role("row", name="Command")).to_contain_text("python left.py")

    page.get_by_role("tab", name="Artifacts").click()
    page.get_by_role("treeitem", name="config.yaml").click()
    expect(page.get_by_role("textbox", name="config.yaml, after")).to_contain_text("name: right")
    page.get_by_role("treeitem", name="figure.png").click()
    page.get_by_role("slider", name="Border between the images").fill("20")
    expect(page.get_by_alt_text("figure.png of right")).to_be_visible()
