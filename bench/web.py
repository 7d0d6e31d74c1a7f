"""The web app's pages in Chromium, beside MLflow's own pages on the same runs, in the same browser.

Each page is opened once before it counts. A time ends with the frame in which its rows or curves are there.

python -m bench.web --runs 2000 --points 10000      smaller, without keeping what was measured
"""

from __future__ import annotations

import argparse
import http.client
import json
import shutil
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from bench.chart import N_POINTS, log_run
from bench.databases import on_sqlite
from bench.peer import Server, fluvial_server, mlflow_server
from bench.report import Measure, measured, report
from bench.run_data import EXPERIMENT, fill_fluvial, fill_mlflow
from tests.e2e.conftest import CHROMIUM_OPTIONS

N_RUNS = 100_000
N_KEYS = 20  # params, and as many metrics: 40 columns
N_CURVES = 100
N_LINES = 10_000  # runs in parallel coordinates
N_METRICS, N_PARAMS, N_WIDE_RUNS, N_AT_ONCE = 10_000, 2_000, 10, 1_000
N_TIMES = 5
N_PEER_TIMES = 3
LIMIT_MS = 120_000
BESIDE_MS = 4000
VIEW = {"width": 1280, "height": 800}

GO = "path => { location.hash = path; return performance.now(); }"
HAS_TEXT = "text => document.body?.textContent.includes(text) && performance.now()"
# Whatever the look: a canvas that has more than an empty ground and a few lines of a grid. Some columns of
# pixels are looked at: reading all of them in each frame would take longer than drawing them.
HAS_CURVES = """() => {
  for (const canvas of document.querySelectorAll("[role=dialog] canvas")) {
    const { width, height } = canvas;
    if (width === 0 || height === 0) continue;
    const context = canvas.getContext("2d");
    let n = 0;
    for (let part = 1; part < 16; part += 1) {
      const { data } = context.getImageData(Math.floor((part * width) / 16), 0, 1, height);
      for (let at = 0; at < data.length; at += 4) {
        const low = Math.min(data[at], data[at + 1], data[at + 2]);
        if (data[at + 3] > 100 && Math.max(data[at], data[at + 1], data[at + 2]) - low > 60) n += 1;
      }
    }
    if (n > 8) return performance.now();
  }
  return false;
}"""
# The longest time between two frames while the page is scrolled; the first frames belong to what came before.
RECORD_FRAMES = """() => {
  const frames = (window.recordedFrames = []);
  const note = (at) => { frames.push(at); window.recording = requestAnimationFrame(note); };
  window.recording = requestAnimationFrame(note);
}"""
LONGEST_FRAME = """() => {
  cancelAnimationFrame(window.recording);
  const frames = window.recordedFrames.slice(2);
  return Math.max(...frames.slice(1).map((at, i) => at - frames[i]));
}"""
# From the end of a drag to the frame after the answer has been drawn.
ARM_ZOOM = """() => {
  window.zoomed = null;
  const note = () => { window.zoomBegan = performance.now(); };
  addEventListener("pointerup", note, { once: true, capture: true });
  new PerformanceObserver((list) => {
    if (!list.getEntries().some((entry) => entry.name.includes("/metrics/charts"))) return;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.zoomed ??= performance.now() - window.zoomBegan;
    }));
  }).observe({ entryTypes: ["resource"] });
}"""
# Each picture of the lines raises the canvas' count.
IS_DRAWN = (
    "() => Number(document.querySelector('canvas[data-drawn]')?.dataset.drawn ?? 0) > 0 && performance.now()"
)
ARM_BRUSH = """() => {
  const canvas = document.querySelector("canvas[data-drawn]");
  window.brushed = null;
  const note = () => { window.brushBegan = performance.now(); };
  addEventListener("keydown", note, { once: true, capture: true });
  new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => { window.brushed = performance.now() - window.brushBegan; });
  }).observe(canvas, { attributeFilter: ["data-drawn"] });
}"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=N_RUNS)
    parser.add_argument("--points", type=int, default=N_POINTS)
    sizes = parser.parse_known_args()[0]
    is_whole = sizes.runs == N_RUNS and sizes.points == N_POINTS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_OPTIONS)
        measures = [
            *_runs_page(browser, sizes.runs),
            *_wide_page(browser),
            *_parallel(browser, min(N_LINES, sizes.runs)),
            *_curves(browser, sizes.points),
        ]
        browser.close()
    if is_whole:
        report("web", measures)
        return
    for one in measures:
        print(f"{one.name}: {one.fluvial:.4g} {one.unit}, target {one.target}: {one.is_met}", flush=True)


def _runs_page(browser: Browser, n_runs: int) -> Iterator[Measure]:
    """The page of an experiment with many runs."""
    newest = f"run-{n_runs - 1}"
    with mlflow_server() as server:
        fill_mlflow(server.folder / "mlflow.db", n_runs, N_KEYS)
        url = f"{server.url}/#/experiments/{EXPERIMENT}/runs"
        their_bytes, their_cold = _first_visits(browser, url, newest, N_PEER_TIMES)
        their_warm = _later_visits(browser, url, newest, N_PEER_TIMES)
    with _filled_server(n_runs) as server:
        url = f"{server.url}/#/experiments/{EXPERIMENT}/runs"
        our_bytes, cold = _first_visits(browser, url, newest, N_TIMES)
        warm = _later_visits(browser, url, newest, N_TIMES)
        names = [f"m.m{i}" for i in range(N_KEYS)] + [f"p.p{i}" for i in range(N_KEYS)]
        columns = f"{url}?columns={quote(','.join(names))}"
        wide = _navigations(browser, server, columns, newest)
        longest = _longest_frame(browser, columns, newest)
    about = f"runs page, {n_runs:,} runs"
    yield measured(
        f"{about}: JavaScript over the wire",
        "KB",
        [our_bytes / 1000],
        peer=[their_bytes / 1000],
        below=250,
        times_peer=4,
    )
    yield measured(f"{about}: to the table, cold", "ms", cold, peer=their_cold, below=800, times_peer=4)
    yield measured(f"{about}: to the table, warm", "ms", warm, peer=their_warm, below=300, times_peer=4)
    yield measured(f"{about}, 40 columns: first rows after navigation", "ms", wide, below=400)
    yield measured(f"{about}, 40 columns: longest frame while scrolling", "ms", [longest], below=50)


@contextmanager
def _filled_server(n_runs: int) -> Iterator[Server]:
    """A server that begins with many runs, as after a night."""
    with tempfile.TemporaryDirectory() as folder:
        uri = f"sqlite:///{folder}/fluvial.db"
        fill_fluvial(uri, n_runs, N_KEYS)
        with fluvial_server(uri) as server:
            yield server


def _wide_page(browser: Browser) -> Iterator[Measure]:
    """An experiment with 10,000 names of metrics and 2,000 of params."""
    with fluvial_server() as server:
        _log_wide_runs(server)
        url = f"{server.url}/#/experiments/0/runs"
        taken = _later_visits(browser, url, f"wide-{N_WIDE_RUNS - 1}", N_TIMES)
    yield measured(f"runs page, {N_METRICS:,} metrics and {N_PARAMS:,} params", "ms", taken, below=1500)


def _parallel(browser: Browser, n_runs: int) -> Iterator[Measure]:
    """Parallel coordinates over four fields."""
    fields = ["params.p3", "params.p5", "metrics.m0", "metrics.m1"]
    panels = json.dumps([{"id": "p", "kind": "parallel", "options": {"fields": fields}}])
    with _filled_server(n_runs) as server, _visitor(browser) as context:
        page = context.new_page()
        url = f"{server.url}/#/experiments/{EXPERIMENT}?charts=true&panels={quote(panels)}"
        drawn = [_until(page, url, IS_DRAWN, None) for _ in range(1 + N_TIMES)][1:]
        brushed = [_brush(page) for _ in range(1 + N_TIMES)][1:]
    about = f"parallel coordinates of {n_runs:,} runs"
    yield measured(f"{about}: first draw, the app's start with it", "ms", drawn, below=800)
    yield measured(f"{about}: brush", "ms", brushed, below=100)


def _brush(page: Page) -> float:
    axis = page.get_by_role("button", name="Brush m0")
    axis.focus()
    page.evaluate(ARM_BRUSH)
    page.keyboard.press("Enter")
    taken = page.wait_for_function("() => window.brushed", timeout=LIMIT_MS).json_value()
    page.evaluate(ARM_BRUSH)
    axis.focus()
    page.keyboard.press("Escape")
    page.wait_for_function("() => window.brushed", timeout=LIMIT_MS)
    return float(taken)


def _curves(browser: Browser, n_points: int) -> Iterator[Measure]:
    """One panel with a metric of 100 runs."""
    with on_sqlite() as (server, stored):
        parts = urlsplit(server.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=600)
        run_ids = [log_run(connection, n_points) for _ in range(N_CURVES)]
        stored.await_compaction()
        selected = ",".join(run_ids)
        url = f"{server.url}/#/experiments/0?charts=true&selected={selected}&panel={quote('metric:loss')}"
        with _visitor(browser) as context:
            page = context.new_page()
            drawn = [_until(page, url, HAS_CURVES, None) for _ in range(1 + N_TIMES)][1:]
            zoomed = [_zoom(page, place) for place in range(1 + N_TIMES)][1:]
    about = f"line panel of {N_CURVES} runs x {n_points:,} points"
    yield measured(f"{about}: first draw, the app's start with it", "ms", drawn, below=600)
    yield measured(f"{about}: zoom", "ms", zoomed, below=300)


def _zoom(page: Page, place: int) -> float:
    """Time from the end of a drag over the plot to the finer curves, ms."""
    page.wait_for_load_state("networkidle")
    page.evaluate(ARM_ZOOM)
    box = page.get_by_role("dialog").get_by_role("img", name="curves of").bounding_box()
    if box is None:
        raise RuntimeError("The panel shows no plot.")
    left, y = box["x"] + box["width"] * (0.2 + 0.05 * place), box["y"] + box["height"] / 2
    page.mouse.move(left, y)
    page.mouse.down()
    page.mouse.move(left + box["width"] * 0.4, y, steps=4)
    page.mouse.up()
    taken = page.wait_for_function("() => window.zoomed", timeout=LIMIT_MS).json_value()
    page.reload()
    page.wait_for_function(HAS_CURVES, timeout=LIMIT_MS)
    return float(taken)


def _navigations(browser: Browser, server: Server, url: str, text: str) -> list[float]:
    """How long rows take from a click within the app, ms."""
    taken = []
    with _visitor(browser) as context:
        page = context.new_page()
        for _ in range(1 + N_TIMES):
            page.goto(f"{server.url}/#/settings")
            page.get_by_role("heading", name="Settings").wait_for()
            began = float(page.evaluate(GO, url.partition("#")[2]))
            page.wait_for_function(HAS_TEXT, arg=text, polling="raf", timeout=LIMIT_MS)
            taken.append(float(page.evaluate("performance.now()")) - began)
    return taken[1:]


@contextmanager
def _visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody whose browser has nothing of the pages yet."""
    context = browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
    try:
        yield context
    finally:
        context.close()


def _first_visits(browser: Browser, url: str, text: str, n: int) -> tuple[int, list[float]]:
    """Bytes of scripts, and how long it takes until a text is there, with an empty cache each time."""
    taken: list[float] = []
    n_bytes = 0
    for _ in range(1 + n):
        scripts: list[Response] = []
        with _visitor(browser) as context:
            page = context.new_page()
            page.on("response", _keeps_scripts(scripts))
            taken.append(_until(page, url, HAS_TEXT, text))
            page.wait_for_timeout(BESIDE_MS)  # what is drawn beside the table counts too
            n_bytes = sum(each.request.sizes()["responseBodySize"] for each in scripts)
    return n_bytes, taken[1:]


def _keeps_scripts(scripts: list[Response]) -> Callable[[Response], None]:
    def keep(response: Response) -> None:
        if response.request.resource_type == "script":
            scripts.append(response)

    return keep


def _later_visits(browser: Browser, url: str, text: str, n: int) -> list[float]:
    """How long it takes until a text is there, where the browser has been before."""
    with _visitor(browser) as context:
        page = context.new_page()
        return [_until(page, url, HAS_TEXT, text) for _ in range(1 + n)][1:]


def _until(page: Page, url: str, condition: str, argument: object) -> float:
    """Time from the navigation to the frame in which a condition holds, ms."""
    page.goto("about:blank")
    page.goto(url, wait_until="commit")
    found = page.wait_for_function(condition, arg=argument, polling="raf", timeout=LIMIT_MS)
    return float(found.json_value())


def _longest_frame(browser: Browser, url: str, text: str) -> float:
    """The longest frame while somebody scrolls with the wheel, down and to the right."""
    with _visitor(browser) as context:
        page = context.new_page()
        _until(page, url, HAS_TEXT, text)
        page.wait_for_load_state("networkidle")
        page.get_by_text(text, exact=True).first.hover()
        page.evaluate(RECORD_FRAMES)
        for _ in range(40):
            page.mouse.wheel(0, 400)
        for _ in range(20):
            page.mouse.wheel(200, 0)
        return float(page.evaluate(LONGEST_FRAME))


def _log_wide_runs(server: Server) -> None:
    for number in range(N_WIDE_RUNS):
        made = _post(server, "runs/create", {"experiment_id": "0", "run_name": f"wide-{number}"})
        run_id = made["run"]["info"]["run_id"]
        for first in range(0, N_METRICS, N_AT_ONCE):
            metrics = [
                {"key": f"layer{i // 100}/m{i}", "value": i / 7, "timestamp": 1, "step": 1}
                for i in range(first, first + N_AT_ONCE)
            ]
            _post(server, "runs/log-batch", {"run_id": run_id, "metrics": metrics})
        for first in range(0, N_PARAMS, 100):
            params = [{"key": f"p{i}", "value": str(number)} for i in range(first, first + 100)]
            _post(server, "runs/log-batch", {"run_id": run_id, "params": params})


def _post(server: Server, operation: str, message: dict[str, object]) -> Any:
    request = urllib.request.Request(
        f"{server.url}/api/2.0/mlflow/{operation}",
        json.dumps(message).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
