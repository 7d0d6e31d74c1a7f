"""Panels of charts: added, arranged, zoomed, brushed, saved."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.e2e.study import Study, falling_loss

DRAWN = "() => Number(document.querySelector('canvas[data-drawn]')?.dataset.drawn ?? 0) > 0"


def sweep(study: Study) -> None:
    """Twelve runs that differ in two params."""
    for number in range(12):
        study.run(
            f"trial {number}",
            params={"lr": str(0.1 * (number + 1)), "model": "cnn" if number % 2 else "mlp"},
            metrics={"accuracy": 0.5 + 0.03 * number},
        )


def panel_url(study: Study, panels: str) -> str:
    """The experiment's page with some added panels."""
    return study.url("", f"?panels={quote(panels)}")


def test_a_panel_is_added_moved_to_full_screen_and_downloaded(
    page: Page, study: Study, tmp_path: Path
) -> None:
    sweep(study)
    page.goto(study.url())

    page.get_by_role("button", name="Panel", exact=True).click()
    page.get_by_role("button", name="Scatter").click()
    page.get_by_role("combobox", name="Horizontal").click()
    page.get_by_role("option", name="lr", exact=True).click()
    page.get_by_role("combobox", name="Vertical").click()
    page.get_by_role("option", name="accuracy", exact=True).click()
    page.get_by_role("button", name="Add", exact=True).click()

    panel = page.get_by_role("article", name="accuracy by lr")
    expect(panel.get_by_role("img", name="12 runs")).to_be_visible()
    panel.hover()
    panel.get_by_role("button", name="More for accuracy by lr").click()
    with page.expect_download() as downloading:
        page.get_by_role("menuitem", name="Download SVG").click()
    saved = tmp_path / "chart.svg"
    downloading.value.save_as(saved)
    drawing = saved.read_text()
    assert drawing.count("<path d=") > 12
    assert "var(--" not in drawing
    panel.hover()
    panel.get_by_role("button", name="Show accuracy by lr in full screen").click()
    expect(page.get_by_role("dialog").get_by_role("img", name="12 runs")).to_be_visible()


def test_runs_that_are_brushed_on_an_axis_are_selected_in_the_table(page: Page, study: Study) -> None:
    sweep(study)
    fields = '["params.lr","params.model","metrics.accuracy"]'
    page.goto(panel_url(study, f'[{{"id":"p","kind":"parallel","options":{{"fields":{fields}}}}}]'))
    page.wait_for_function(DRAWN)

    page.get_by_role("button", name="Brush lr").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("img", name="12 runs, 6 chosen")).to_be_visible()
    expect(page.get_by_text("6 of 12 runs")).to_be_visible()
    expect(page.get_by_text("6 selected")).to_be_visible()


def test_params_are_ranked_by_what_they_tell_of_a_metric(page: Page, study: Study) -> None:
    sweep(study)
    page.goto(panel_url(study, '[{"id":"p","kind":"importance","options":{"target":"metrics.accuracy"}}]'))

    table = page.get_by_role("region", name="Importance for accuracy")
    expect(table.get_by_role("row").nth(1)).to_contain_text("lr")
    expect(table).to_contain_text("Over 12 runs")


def test_a_run_that_is_left_out_in_the_legend_is_in_no_chart(page: Page, study: Study) -> None:
    for name in ["one", "two"]:
        study.log_curve(study.run(name), "loss", falling_loss(30))
    page.goto(study.url("", "?legend=true"))
    expect(page.get_by_role("img", name="loss: curves of 2 runs")).to_be_visible()

    page.get_by_role("region", name="Legend").get_by_role("button", name="two").click()

    expect(page.get_by_role("img", name="loss: curves of one run")).to_be_visible()
    page.reload()
    expect(page.get_by_role("img", name="loss: curves of one run")).to_be_visible()


def test_means_of_groups_are_named_in_the_legend_and_in_what_is_downloaded(
    page: Page, study: Study, tmp_path: Path
) -> None:
    for number, model in enumerate(["cnn", "mlp", "cnn"]):
        study.log_curve(study.run(f"trial {number}", params={"model": model}), "loss", falling_loss(30))
    average = quote('["params.model"]')
    page.goto(study.url("", f"?legend=true&average={average}"))
    panel = page.get_by_role("article", name="loss")
    expect(panel.get_by_role("img", name="loss: curves of 2 runs")).to_be_visible()

    panel.hover()
    panel.get_by_role("button", name="More for loss").click()
    with page.expect_download() as downloading:
        page.get_by_role("menuitem", name="Download SVG").click()
    saved = tmp_path / "chart.svg"
    downloading.value.save_as(saved)
    page.get_by_role("region", name="Legend").get_by_role("button", name="cnn (2 runs)").click()

    assert all(label in saved.read_text() for label in ("cnn (2)", "mlp (1)"))
    expect(panel.get_by_role("img", name="loss: curves of one run")).to_be_visible()


def test_the_tables_of_any_two_runs_are_compared_in_a_panel(page: Page, study: Study) -> None:
    for number, label in enumerate(["cat", "dog", "owl"]):
        run_id = study.run(f"trial {number}")
        study.put_artifact(run_id, "predictions.csv", f"id,label,score\n1,{label},0.12345678\n".encode())
    page.goto(
        panel_url(study, '[{"id":"t","kind":"table","options":{"path":"predictions.csv","rowKey":"id"}}]')
    )
    panel = page.get_by_role("article", name="Difference of predictions.csv")
    expect(panel.get_by_role("row").nth(1)).to_have_text("1owl dog0.1235")

    panel.get_by_label("After").select_option("trial 0")

    expect(panel.get_by_role("row").nth(1)).to_have_text("1owl cat0.1235")
    page.reload()
    expect(panel.get_by_role("row").nth(1)).to_have_text("1owl cat0.1235")
