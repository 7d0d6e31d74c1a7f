"""Links that MLflow's client prints, and that people have in their notes."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.e2e.study import Study, falling_loss
from tests.server_process import running_server


def test_mlflows_link_to_a_run_leads_to_the_run(page: Page, study: Study) -> None:
    run_id = study.run("linked")

    page.goto(f"{study.server.url}/#/experiments/{study.experiment_id}/runs/{run_id}")

    expect(page.get_by_role("heading", name="linked")).to_be_visible()


def test_mlflows_links_to_an_experiment_lead_to_its_runs(page: Page, study: Study) -> None:
    study.run("inside")

    for link in ["", "/runs", "?searchFilter=" + quote("run_name = 'inside'")]:
        page.goto(f"{study.server.url}/#/experiments/{study.experiment_id}{link}")

        expect(page.get_by_role("heading", name=study.name)).to_be_visible()
        expect(page.get_by_role("link", name="inside")).to_be_visible()


def test_mlflows_links_to_the_tabs_of_a_run_lead_to_ours(page: Page, study: Study) -> None:
    run_id = study.run("tabbed")
    study.log_curve(run_id, "loss", falling_loss(20))
    study.put_artifact(run_id, "plots/notes.md", b"Some **bold** words")

    page.goto(study.run_url(run_id) + "/model-metrics")
    expect(page.get_by_role("tab", name="Charts")).to_have_attribute("aria-selected", "true")

    page.goto(study.run_url(run_id) + "/artifacts/plots/notes.md")
    expect(page.locator("strong")).to_have_text("bold")


def test_mlflows_link_to_a_comparison_compares(page: Page, study: Study) -> None:
    run_ids = [study.run(name, params={"p": name}) for name in ("left", "right")]
    runs, experiments = ('["' + '","'.join(run_ids) + '"]'), f'["{study.experiment_id}"]'

    page.goto(f"{study.server.url}/#/compare-runs?runs={quote(runs)}&experiments={quote(experiments)}")

    expect(page.get_by_text("2 runs compared")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^p "))).to_contain_text("right")


def test_a_link_restores_the_view(page: Page, study: Study) -> None:
    run_id = study.run("restored")
    study.log_curve(run_id, "loss", falling_loss(20))
    page.goto(study.run_url(run_id, "?tab=charts"))

    page.get_by_text("Elapsed", exact=True).click()
    page.get_by_label("Search metrics").fill("los")
    expect(page).to_have_url(re.compile("x=elapsed.*metrics=los|metrics=los.*x=elapsed"))
    page.goto(page.url)

    expect(page.get_by_role("radio", name="Elapsed")).to_be_checked()
    expect(page.get_by_label("Search metrics")).to_have_value("los")


def test_an_unknown_address_says_so(page: Page, study: Study) -> None:
    page.goto(f"{study.server.url}/#/nowhere")

    expect(page.get_by_role("heading", name="No such page")).to_be_visible()


def test_the_pages_work_below_a_prefix_of_their_own(page: Page, tmp_path: Path) -> None:
    with running_server(tmp_path, static_prefix="/tools/ml") as server:
        page.goto(f"{server.url}/tools/ml/")

        expect(page.get_by_role("link", name="Default")).to_be_visible()
