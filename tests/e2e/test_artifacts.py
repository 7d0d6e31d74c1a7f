"""Files of a run: how each kind is shown, and what they may not do."""

from __future__ import annotations

import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect

from fluvial.server.pages import WEB_APP
from tests.e2e.study import Study

N_ROWS = 30_000
NOTEBOOK = {
    "nbformat": 4,
    "cells": [
        {"cell_type": "markdown", "source": "# Analysis"},
        {
            "cell_type": "code",
            "execution_count": 1,
            "source": "print(1)",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "\x1b[31mone\x1b[0m\n"}],
        },
    ],
}
FIGURES = {
    "page.html": b"""<script src="https://cdn.plot.ly/plotly-3.0.0.min.js"></script><div id="x"></div>
        <script>Plotly.newPlot("x", [{y: [1, 3]}], {title: {text: "Drawn"}})</script>""",
    "plot.json": b"""{"data": [{"type": "bar", "y": [3, 5]}], "layout": {"title": {"text": "Drawn"}}}""",
    "chart.json": b"""{
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": "Drawn",
        "mark": "bar",
        "data": {"values": [{"a": 1}]},
        "encoding": {"x": {"field": "a", "type": "quantitative"}},
        "usermeta": {"embedOptions": {"renderer": "svg"}}
    }""",
}
SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40"/></svg>'
)
SPY = b"""<p id=out>plain</p><script>
  const out = document.getElementById("out");
  const tried = [];
  try { parent.document.title; tried.push("parent"); } catch {}
  try { document.cookie; tried.push("cookies"); } catch {}
  try { localStorage.length; tried.push("storage"); } catch {}
  fetch("/api/2.0/mlflow/experiments/search").then(() => tried.push("api"), () => {}).then(() => {
    out.textContent = `origin ${origin}, reached: ${tried.join()}`;
  });
</script>"""


def test_a_page_that_a_run_logged_reaches_nothing(page: Page, study: Study, complaints: list[str]) -> None:
    run_id = study.run("with a page")
    study.put_artifact(run_id, "report.html", SPY)

    page.goto(study.run_url(run_id, "?tab=artifacts&path=report.html"))

    frame = page.frame_locator("iframe[title='report.html']")
    expect(frame.locator("#out")).to_have_text("origin null, reached:")
    assert all("Content Security Policy" in text for text in complaints)
    complaints.clear()


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_drawn_without_other_servers(page: Page, study: Study, name: str) -> None:
    run_id = study.run("with figures")
    study.put_artifact(run_id, name, FIGURES[name])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(study.run_url(run_id, f"?tab=artifacts&path={name}"))

    expect(page.frame_locator(f"iframe[title='{name}']").get_by_text("Drawn")).to_be_visible()
    assert [url for url in asked if not url.startswith((study.server.url, "data:", "blob:"))] == []


def test_a_parquet_file_is_read_where_it_is_looked_at(page: Page, study: Study) -> None:
    run_id = study.run("with data")
    table = pa.table({"id": range(N_ROWS), "name": [f"row {at}" for at in range(N_ROWS)]})
    target = io.BytesIO()
    pq.write_table(table, target, compression="zstd", row_group_size=5000)
    study.put_artifact(run_id, "data.parquet", target.getvalue())

    page.goto(study.run_url(run_id, "?tab=artifacts&path=data.parquet"))
    shown = page.get_by_role("table", name="data.parquet")
    expect(shown.get_by_role("cell", name="row 3", exact=True)).to_be_visible()
    page.get_by_role("region", name="data.parquet").focus()
    page.keyboard.press("End")

    expect(shown.get_by_role("cell", name=f"row {N_ROWS - 1}", exact=True)).to_be_visible()


def test_a_notebook_is_read_as_one(page: Page, study: Study) -> None:
    run_id = study.run("with a notebook")
    study.put_artifact(run_id, "a.ipynb", json.dumps(NOTEBOOK).encode())

    page.goto(study.run_url(run_id, "?tab=artifacts&path=a.ipynb"))

    notebook = page.get_by_role("article", name="a.ipynb")
    expect(notebook.get_by_role("heading", name="Analysis")).to_be_visible()
    expect(notebook.get_by_text("one", exact=True)).to_be_visible()


def test_a_link_to_a_text_far_down_shows_its_place_and_its_images(page: Page, study: Study) -> None:
    run_id = study.run("with many files")
    for number in range(60):
        study.put_artifact(run_id, f"{number:02d}.txt", b"text")
    study.put_artifact(run_id, "texts/figures/one.svg", SQUARE)
    study.put_artifact(run_id, "texts/z.md", b"![one](figures/one.svg)")

    page.goto(study.run_url(run_id, "?tab=artifacts&path=texts/z.md"))

    image = page.get_by_role("img", name="one")
    expect(image).to_be_visible()
    assert image.evaluate("one => one.decode().then(() => one.naturalWidth)") == 40
    page.goto(study.run_url(run_id, "?tab=artifacts&path=59.txt"))
    expect(page.get_by_role("treeitem", name="59.txt")).to_be_in_viewport()


def test_a_file_is_uploaded_deleted_and_brought_back(page: Page, study: Study) -> None:
    run_id = study.run("with uploads")
    study.put_artifact(run_id, "first.txt", b"first")
    page.goto(study.run_url(run_id, "?tab=artifacts"))
    expect(page.get_by_role("treeitem", name="first.txt")).to_be_visible()

    page.locator("input[type=file]").set_input_files(
        {"name": "second.txt", "mimeType": "text/plain", "buffer": b"second words"}
    )
    page.get_by_role("treeitem", name="second.txt").click()
    expect(page.get_by_role("textbox", name="second.txt")).to_have_text("second words")

    page.get_by_label("Delete the file").click()
    expect(page.get_by_role("treeitem", name="second.txt")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("treeitem", name="second.txt")).to_be_visible()


def test_a_large_script_is_sent_to_those_who_take_no_gzip(study: Study) -> None:
    name = next(WEB_APP.glob("assets/plotly*.js.gz")).name.removesuffix(".gz")

    answer = study.server.request("GET", f"/assets/{name}")

    assert answer.status == 200
    assert b"plotly.js v" in answer.body[:100]
