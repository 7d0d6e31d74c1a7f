"""What was captured of a run: console, code, machine; where it came from, and what can be done with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.study import Study, falling_loss

BEGUN = datetime(2026, 11, 23, 9, 41, tzinfo=UTC)
PATCH = b"""diff --git a/train.py b/train.py
--- a/train.py
+++ b/train.py
@@ -1,2 +1,2 @@
 import torch
-lr = 0.1
+lr = 0.01
"""


def console_part(first: int, last: int) -> bytes:
    """Lines as the client keeps them, in colour; every hundredth is a warning."""
    lines = []
    for number in range(first, last):
        stream, text = ("err", "\x1b[31mWARNING\x1b[0m") if number % 100 == 0 else ("out", "fine")
        time = BEGUN + timedelta(seconds=number)
        lines.append(f"{time:%Y-%m-%dT%H:%M:%S}.250Z {stream} line {number} {text}\n")
    return "".join(lines).encode()


def test_the_console_is_read_where_it_is_looked_at_and_searched(page: Page, study: Study) -> None:
    run_id = study.run("talkative")
    for part in range(4):
        study.put_artifact(
            run_id, f"fluvial/console/{part + 1:04d}.log", console_part(1000 * part, 1000 * part + 1000)
        )

    page.goto(study.run_url(run_id, "?tab=console"))
    console = page.get_by_role("log", name="Console")
    expect(console.get_by_text("line 1 fine")).to_be_visible()
    expect(console).not_to_contain_text("\x1b")
    page.get_by_label("Follow the end").check()
    expect(console.get_by_text("line 3999 fine")).to_be_visible()

    page.get_by_label("Search the console").fill("2700")
    expect(page.get_by_text("1 of 4,000 lines")).to_be_visible()
    page.get_by_role("button", name="Show line 2,701 among its neighbours").click()
    expect(console.get_by_text("line 2701 fine")).to_be_visible()

    page.get_by_text("stderr", exact=True).click()
    expect(page.get_by_text("40 of 4,000 lines")).to_be_visible()


def test_what_the_program_prints_appears_while_it_runs(page: Page, study: Study) -> None:
    run_id = study.run("printing", status="RUNNING")
    study.put_artifact(run_id, "fluvial/console/0001.log", console_part(1, 40))
    page.goto(study.run_url(run_id, "?tab=console"))
    console = page.get_by_role("log", name="Console")
    expect(console.get_by_text("line 39 fine")).to_be_visible()

    study.put_artifact(run_id, "fluvial/console/0001.log", console_part(1, 90))

    expect(console.get_by_text("line 89 fine")).to_be_visible()


def test_the_code_and_the_packages_of_a_run_are_shown(page: Page, study: Study) -> None:
    run_id = study.run(
        "coded",
        tags={
            "mlflow.source.git.commit": "9f3c1a7d5b2e4f60",
            "mlflow.source.git.repoURL": "git@github.com:acme/vision.git",
            "fluvial.command": "/opt/python3.11 train.py --lr 0.01",
        },
    )
    study.put_artifact(run_id, "fluvial/uncommitted.diff", PATCH)
    study.put_artifact(run_id, "fluvial/requirements.lock", b"# CPython 3.11.4\nnumpy==2.5.1\ntorch==2.9\n")

    page.goto(study.run_url(run_id, "?tab=code"))

    expect(page.get_by_role("region", name="train.py").locator(".cm-added")).to_have_text("lr = 0.01")
    expect(page.get_by_role("table", name="Packages")).to_contain_text("numpy2.5.1")
    expect(page.get_by_role("link", name="9f3c1a7d5b2e4f60")).to_have_attribute(
        "href", "https://github.com/acme/vision/commit/9f3c1a7d5b2e4f60"
    )
    page.get_by_role("button", name="Reproduce").click()
    script = page.get_by_label("Commands that reproduce the run")
    expect(script).to_contain_text("git checkout 9f3c1a7d5b2e4f60")
    expect(script).to_contain_text("python train.py --lr 0.01")


def test_a_run_is_forked_and_its_lineage_drawn(page: Page, study: Study) -> None:
    run_id = study.run("origin", params={"depth": "7"})
    study.log_curve(run_id, "loss", falling_loss(50))
    page.goto(study.run_url(run_id))

    page.get_by_label("Actions for the run").click()
    page.get_by_role("menuitem", name="Fork…").click()
    page.get_by_label("Last step of the history").fill("19")
    page.get_by_role("button", name="Fork", exact=True).click()

    expect(page.get_by_role("heading", name="origin from step 19")).to_be_visible()
    page.get_by_role("tab", name="Lineage").click()
    expect(page.get_by_text("forked at 19")).to_be_visible()
    page.get_by_label("run origin", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="origin", exact=True)).to_be_visible()


def test_a_running_program_is_asked_to_stop(page: Page, study: Study) -> None:
    run_id = "ab" * 16
    study.server.post(
        "/api/1.0/fluvial/runs/start", run_id=run_id, experiment_id=study.experiment_id, beats=True
    )
    page.goto(study.run_url(run_id))

    page.get_by_role("button", name="Stop").click()

    expect(page.get_by_text("stop asked for")).to_be_visible()
    heard = study.server.post("/api/1.0/fluvial/runs/heartbeat", run_ids=[run_id])
    assert heard.json == {"stop": [run_id]}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()


def test_the_machines_of_a_run_are_drawn_one_by_one(page: Page, study: Study) -> None:
    run_id = study.run("measured")
    for node in ["node-1", "node-2"]:
        study.log_curve(run_id, f"system/{node}/cpu_utilization_percentage", [10.0, 20.0, 30.0])
    study.log_curve(run_id, "system/node-2/gpu_0_utilization_percentage", [90.0, 95.0])

    page.goto(study.run_url(run_id, "?tab=system&host=node-2"))

    expect(page.get_by_role("region", name="GPU")).to_be_visible()
    expect(page.get_by_label("system/node-1/cpu_utilization_percentage")).to_have_count(0)
    expect(page.get_by_label("system/node-2/cpu_utilization_percentage", exact=True)).to_be_visible()
