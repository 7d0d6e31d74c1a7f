from __future__ import annotations

import time

from playwright.sync_api import Page, expect

from tests.e2e.study import MLFLOW, Study, falling_loss


def test_home_shows_what_runs_with_its_curve_and_who_began_it(page: Page, study: Study) -> None:
    running = study.run("on its way", status="RUNNING", tags={"mlflow.user": "ada"})
    study.log_curve(running, "loss", falling_loss(20))
    page.goto(study.server.url)

    row = page.get_by_role("region", name="Running").get_by_role("listitem").filter(has_text=study.name)
    expect(row.get_by_role("link", name="on its way")).to_be_visible()
    expect(row.get_by_role("img", name="loss of on its way")).to_be_visible()
    expect(row).to_contain_text("ada")

    study.server.post(f"{MLFLOW}/runs/update", run_id=running, status="FAILED")
    expect(row).to_have_count(0)


def test_what_is_pinned_stays_at_hand(page: Page, study: Study) -> None:
    study.run("any")
    page.goto(study.server.url)

    page.get_by_role("region", name="Experiments").get_by_label(f"Pin {study.name} to the home page").click()
    pinned = page.get_by_role("region", name="Pinned")
    expect(pinned.get_by_role("link", name=study.name)).to_be_visible()
    page.reload()
    pinned.get_by_label(f"Unpin {study.name}").click()

    expect(pinned.get_by_role("link", name=study.name)).to_have_count(0)


def test_home_says_what_everybody_did_and_leads_to_their_runs(page: Page, study: Study) -> None:
    now_ms = time.time_ns() // 1_000_000
    for user, n in [("grace", 3), ("edsger", 1)]:
        for _ in range(n):
            study.server.post(
                f"{MLFLOW}/runs/create",
                experiment_id=study.experiment_id,
                start_time=now_ms,
                tags=[{"key": "mlflow.user", "value": user}],
            )
    page.goto(study.server.url)

    activity = page.get_by_role("region", name="Activity").get_by_role("listitem")
    of_grace = activity.filter(has_text="grace started 3 runs").filter(has_text=study.name)
    expect(of_grace).to_be_visible()
    of_grace.get_by_role("link", name=study.name).click()

    expect(page.get_by_text("3 runs", exact=True)).to_be_visible()
