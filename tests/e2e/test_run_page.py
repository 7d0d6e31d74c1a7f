from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.study import Study, falling_loss, png

INKED_PIXELS = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let n = 0;
  for (let at = 0; at < data.length; at += 4) {
    const [r, g, b, a] = data.slice(at, at + 4);
    if (a > 200 && Math.min(r, g, b) < 150) n += 1;  // the grid is lighter
  }
  return n;
}"""


def test_the_overview_tells_what_the_run_was(page: Page, study: Study) -> None:
    run_id = study.run(
        "overview",
        params={"depth": "7"},
        metrics={"accuracy": 0.987654, "diverged": "NaN"},
        tags={
            "mlflow.user": "mira",
            "mlflow.source.git.commit": "9f3c1a7d5b2e4f60",
            "team": "vision",
            "mlflow.note.content": "# Heading\n\nSome **bold** words <b onclick='x()'>raw</b>.",
        },
    )
    study.server.post(
        "/api/2.0/mlflow/runs/log-inputs",
        run_id=run_id,
        datasets=[
            {
                "tags": [{"key": "mlflow.data.context", "value": "training"}],
                "dataset": {
                    "name": "iris",
                    "digest": "abc123",
                    "source_type": "code",
                    "source": "{}",
                    "profile": '{"num_rows": 150}',
                },
            }
        ],
    )

    page.goto(study.run_url(run_id))

    metrics = page.get_by_role("table", name="Metrics")
    expect(metrics.get_by_role("row", name="accuracy")).to_contain_text("0.9877")
    expect(metrics.get_by_title("0.987654")).to_be_visible()
    expect(metrics.get_by_role("row", name="diverged")).to_contain_text("NaN")
    expect(page.get_by_role("table", name="Params")).to_contain_text("depth7")
    expect(page.get_by_text("9f3c1a7", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Tags")).to_contain_text("team vision")
    expect(page.get_by_role("article", name="iris")).to_contain_text("digest abc123 · code · 150 rows")
    note = page.get_by_role("region", name="Note")
    expect(note.locator("strong")).to_have_text("bold")
    expect(note.locator("b")).to_have_count(0)


def test_a_note_is_written_in_markdown(page: Page, study: Study) -> None:
    page.goto(study.run_url(study.run("noted")))

    page.get_by_role("button", name="Write").click()
    page.get_by_label("Note, in Markdown").fill("It *works*.")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("region", name="Note").locator("em")).to_have_text("works")


def test_the_run_is_renamed_and_tagged(page: Page, study: Study) -> None:
    page.goto(study.run_url(study.run("before")))

    page.get_by_label("Rename the run").click()
    page.get_by_label("Name of the run").fill("after")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="after")).to_be_visible()

    page.get_by_role("region", name="Tags").get_by_role("button", name="Add").click()
    page.get_by_label("Name of the tag").fill("stage")
    page.get_by_label("Value of the tag").fill("candidate")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Tags")).to_contain_text("stage candidate")


def test_each_metric_is_drawn_as_a_curve(page: Page, study: Study) -> None:
    run_id = study.run("curves")
    study.log_curve(run_id, "train/loss", falling_loss(500))
    study.log_curve(run_id, "val/loss", falling_loss(500))

    page.goto(study.run_url(run_id, "?tab=charts"))

    for metric in ["train/loss", "val/loss"]:
        # Looked up each time: a chart that is laid out anew, or whose data came anew, is another element.
        page.wait_for_function(
            f"""name => {{
              const canvas = document.querySelector(`article[aria-label="${{name}}"] canvas`);
              return canvas !== null && ({INKED_PIXELS})(canvas) > 200;
            }}""",
            arg=metric,
        )


def test_the_values_under_the_cursor_are_shown(page: Page, study: Study) -> None:
    run_id = study.run("hovered")
    study.log_curve(run_id, "loss", [float(step) for step in range(11)])
    page.goto(study.run_url(run_id, "?tab=charts"))
    plot = page.get_by_role("img", name="loss: curves of one run")
    expect(plot).to_be_visible()

    plot.hover()

    expect(page.get_by_role("article", name="loss")).to_contain_text("step 5")
    expect(page.get_by_role("article", name="loss")).to_contain_text("hovered5")


def test_dragging_over_a_chart_asks_for_the_points_in_between(page: Page, study: Study) -> None:
    run_id = study.run("zoomed")
    study.log_curve(run_id, "loss", falling_loss(5000))
    page.goto(study.run_url(run_id, "?tab=charts"))
    plot = page.get_by_role("img", name="loss: curves of one run")
    expect(plot).to_be_visible()
    box = plot.bounding_box()
    assert box is not None

    with page.expect_request("**/metrics/charts") as asked:
        page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 60, steps=4)
        page.mouse.up()

    sent = json.loads(asked.value.post_data or "")
    assert sent["start"] == pytest.approx(1250, abs=60)
    assert sent["end"] == pytest.approx(2500, abs=60)
    page.get_by_role("button", name="Show all steps").click()
    expect(page.get_by_role("button", name="Show all steps")).to_have_count(0)


def test_points_appear_in_a_running_runs_page_without_a_reload(page: Page, study: Study) -> None:
    run_id = study.run("live", metrics={"loss": 0.75}, status="RUNNING")
    page.goto(study.run_url(run_id))
    row = page.get_by_role("table", name="Metrics").get_by_role("row", name="loss")
    expect(row).to_contain_text("0.75")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()

    study.log_curve(run_id, "loss", [0.5, 0.125], first_step=1)

    expect(row).to_contain_text("0.125")
    page.get_by_role("tab", name="Charts").click()
    expect(page.get_by_role("img", name="loss: curves of one run")).to_be_visible()


def test_artifacts_are_shown_by_their_kind(page: Page, study: Study) -> None:
    run_id = study.run("with files")
    study.put_artifact(run_id, "figures/grey.png", png(60, 40))
    study.put_artifact(run_id, "summary.json", b'{"rows": 569, "classes": {"benign": 357}}')
    study.put_artifact(run_id, "table.json", b'{"columns": ["id", "label"], "data": [[1, "yes"], [2, "no"]]}')
    study.put_artifact(run_id, "data.csv", b'name,score\n"a, b",0.5\n')
    study.put_artifact(run_id, "notes.md", b"Some **bold** words")
    study.put_artifact(run_id, "MLmodel", b"flavors:\n  sklearn: {}\n")
    page.goto(study.run_url(run_id, "?tab=artifacts"))

    page.get_by_role("treeitem", name="figures").click()
    page.get_by_role("treeitem", name="grey.png").click()
    image = page.get_by_role("img", name="grey.png")
    expect(image).to_be_visible()
    assert image.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 60

    page.get_by_role("treeitem", name="summary.json").click()
    expect(page.get_by_role("tree", name="summary.json")).to_contain_text("benign: 357")

    page.get_by_role("treeitem", name="table.json").click()
    expect(page.get_by_role("table", name="table.json").get_by_role("cell", name="yes")).to_be_visible()

    page.get_by_role("treeitem", name="data.csv").click()
    expect(page.get_by_role("table", name="data.csv").get_by_role("cell", name="a, b")).to_be_visible()

    page.get_by_role("treeitem", name="notes.md").click()
    expect(page.locator("strong")).to_have_text("bold")

    page.get_by_role("treeitem", name="MLmodel").click()
    expect(page.get_by_role("region", name="Flavors")).to_contain_text("sklearn")


def test_an_artifact_is_downloaded_under_its_name(page: Page, study: Study) -> None:
    run_id = study.run("with a model")
    study.put_artifact(run_id, "model/model.bin", b"\x00\x01")
    page.goto(study.run_url(run_id, "?tab=artifacts&path=model/model.bin"))
    expect(page.get_by_text("No preview for this kind of file")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="Download", exact=True).click()

    assert download.value.suggested_filename == "model.bin"
    assert download.value.path().read_bytes() == b"\x00\x01"


def test_nested_runs_are_listed_and_lead_back_to_their_parent(page: Page, study: Study) -> None:
    parent = study.run("search")
    study.run("trial", parent=parent)
    page.goto(study.run_url(parent))

    page.get_by_role("region", name="Nested runs").get_by_role("link", name="trial").click()

    expect(page.get_by_role("heading", name="trial")).to_be_visible()
    page.get_by_role("navigation", name="Path").get_by_role("link", name="search").click()
    expect(page.get_by_role("heading", name="search")).to_be_visible()


def test_a_run_that_does_not_exist_says_so(page: Page, study: Study) -> None:
    page.goto(study.run_url("0" * 32))

    expect(page.get_by_role("heading", name="No such run")).to_be_visible()


def test_histograms_are_drawn_and_followed_over_steps(page: Page, study: Study) -> None:
    run_id = study.run("distributions")
    study.server.post(
        "/api/1.0/fluvial/runs/log-media",
        run_id=run_id,
        items=[
            {
                "key": "weights",
                "kind": "histogram",
                "step": step,
                "timestamp": step,
                "histogram": {"edges": [0, 1, 2 + step], "counts": [3, 4 + step]},
            }
            for step in range(3)
        ],
    )

    page.goto(study.run_url(run_id, "?tab=media"))
    heatmap = page.get_by_role("img", name="weights over 3 steps")
    expect(page.get_by_text("0 to 4 · 9 values")).to_be_visible()
    page.get_by_role("slider", name="Step of weights").press("ArrowLeft")

    expect(page.get_by_text("0 to 4 · 8 values")).to_be_visible()
    assert heatmap.evaluate(INKED_PIXELS) > 100
