"""Write the screenshots of the documentation from a running server.

    python -m scripts.make_screenshots http://127.0.0.1:5000

The server should have the quickstart's runs, and the model of scripts/make_model_versions.py.
"""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from playwright.sync_api import Browser, expect, sync_playwright

from scripts.make_model_versions import NAME

IMAGES = Path(__file__).parents[1] / "docs" / "images"
CHROMIUM_OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESKTOP = (1360, 800)
PHONE = (390, 800)
N_CURVES = 3


@dataclass(frozen=True)
class Shot:
    """One image: page, size, theme, who looks; a key that opens something, and what is typed then."""

    name: str
    path: str
    size: tuple[int, int] = DESKTOP
    scheme: str = "light"
    key: str = ""
    text: str = ""
    user: str = ""


def main() -> None:
    """Write all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="where the server is")
    url: str = parser.parse_args().url.rstrip("/")
    IMAGES.mkdir(exist_ok=True)
    shots = choose(url)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_OPTIONS)
        for shot in shots:
            take(browser, url, shot)
            print(IMAGES / f"{shot.name}.png")
        browser.close()


def choose(url: str) -> list[Shot]:
    """What to show of this server: the experiment with the most runs, and the longest curves."""
    overviews = post(url, "/api/1.0/fluvial/experiments/overview")["experiments"]
    largest = max(overviews, key=lambda overview: overview["n_runs"])["experiment"]["experiment_id"]
    found = post(
        url,
        "/api/2.0/mlflow/runs/search",
        experiment_ids=[overview["experiment"]["experiment_id"] for overview in overviews],
        max_results=1000,
    )
    curves = sorted(found["runs"], key=longest_curve, reverse=True)[:N_CURVES]
    trained, run_ids = curves[0]["info"]["experiment_id"], [run["info"]["run_id"] for run in curves]
    report = report_on(url, trained, metric_of(curves[0]))
    return [
        Shot("search", f"/experiments/{trained}", key="Control+k", text=curves[0]["info"]["run_name"][:5]),
        Shot("keys", f"/experiments/{largest}", key="Shift+?"),
        Shot("settings", "/settings"),
        Shot("settings-dark", "/settings", scheme="dark"),
        Shot("reports", "/reports"),
        Shot("report", f"/reports/{report}"),
        Shot("report-editor", f"/reports/{report}?edit=true", scheme="dark"),
        Shot("report-phone", f"/reports/{report}", size=PHONE),
        Shot("experiments", "/experiments"),
        Shot("runs", f"/experiments/{largest}"),
        Shot("runs-phone", f"/experiments/{largest}", size=PHONE),
        Shot("run", f"/experiments/{trained}/runs/{run_ids[0]}"),
        Shot("run-charts", f"/experiments/{trained}/runs/{run_ids[0]}?tab=charts", scheme="dark"),
        Shot("model", f"/models/{NAME}"),
        Shot("model-requests", f"/models/{NAME}?tab=requests", scheme="dark", user="ana"),
        Shot("model-version", f"/models/{NAME}/versions/3"),
        Shot("notifications", "/notifications", user="ana"),
        Shot("compare", f"/experiments/{trained}/compare?runs={','.join(run_ids)}", scheme="dark"),
    ]


def longest_curve(run: dict[str, Any]) -> int:
    """The last step of any of the run's metrics."""
    return max((metric.get("step", 0) for metric in run["data"].get("metrics", [])), default=0)


def metric_of(run: dict[str, Any]) -> str:
    """The metric of a run that goes on for longest."""
    longest: dict[str, Any] = max(run["data"]["metrics"], key=lambda metric: metric.get("step", 0))
    return str(longest["key"])


def report_on(url: str, experiment_id: str, metric: str) -> str:
    """The id of a report with each kind of panel; made where there is none yet."""
    title = "What the longest runs say"
    found = post(url, "/api/1.0/fluvial/reports/search", text=title).get("reports")
    if found:
        return str(found[0]["report_id"])
    panels = [
        f"```fluvial\nchart: {chart}\nexperiment: {experiment_id}\nmetric: {metric}\nlimit: 6\n```"
        for chart in ("line", "bar", "table")
    ]
    text = "\n\n".join([f"The curves of `{metric}`, and where they end.", *panels])
    created = post(url, "/api/1.0/fluvial/reports/create", title=title, text=text)
    return str(created["report"]["report_id"])


def take(browser: Browser, url: str, shot: Shot) -> None:
    """Write one image, once everything on the page has been drawn."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=1.5,
        color_scheme="dark" if shot.scheme == "dark" else "light",
    )
    page = context.new_page()
    if shot.user:
        page.add_init_script(f"localStorage.setItem('fluvial-user', {json.dumps(shot.user)})")
    page.goto(f"{url}/#{shot.path}")
    expect(page.get_by_role("heading").first).to_be_visible(timeout=30_000)
    expect(page.get_by_label("Loading")).to_have_count(0, timeout=30_000)
    if shot.key:
        page.keyboard.press(shot.key)
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.type(shot.text)
    if shot.text:
        expect(page.get_by_role("group", name="Runs")).to_be_visible()
    page.evaluate("() => document.fonts.ready")
    page.screenshot(path=IMAGES / f"{shot.name}.png", animations="disabled")
    context.close()


def post(url: str, path: str, **message: Any) -> Any:
    """One call of the REST API."""
    answer = urllib3.request("POST", url + path, json=message)
    return answer.json()


if __name__ == "__main__":
    main()
