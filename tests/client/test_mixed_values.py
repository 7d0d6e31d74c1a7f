from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import fluvial
from fluvial.client.histogram import Histogram
from fluvial.errors import InvalidRequest


def files(run: fluvial.ActiveRun, folder: str, target: Path) -> dict[str, bytes]:
    """What a folder of a run's artifacts holds, by name."""
    local = Path(fluvial.FluvialClient().download_artifacts(run.info.run_id, folder, str(target)))
    return {str(path.relative_to(local)): path.read_bytes() for path in local.rglob("*") if path.is_file()}


def test_numbers_under_nested_names_become_metrics(tracking: str) -> None:
    with fluvial.start_run() as run:
        run.log({"train": {"loss": 0.5, "by": {"class": np.float32(0.25)}}, "rate": 1}, step=4)
        fluvial.log({"rate": 2})

    found = fluvial.get_run(run.info.run_id).data.metrics
    steps = [point.step for point in fluvial.get_metric_history(run.info.run_id, "rate")]
    assert found == {"train/loss": 0.5, "train/by/class": 0.25, "rate": 2.0}
    assert steps == [4, 5]


def test_what_is_no_number_becomes_a_file_of_its_kind(tracking: str, tmp_path: Path) -> None:
    figure = Figure()
    figure.subplots().plot([1, 2])
    weights = np.arange(6, dtype="float32").reshape(2, 3).T
    with fluvial.start_run() as run:
        run.log(
            {
                "plot": figure,
                "rows": pd.DataFrame({"a": [1, 2]}),
                "layer": {"weights": weights},
                "sizes": [1, 2, 3],
                "sample": np.zeros((4, 4, 3), dtype="uint8"),
            },
            step=7,
        )

    assert files(run, "figures", tmp_path)["plot/step-000000007.png"].startswith(b"\x89PNG")
    table = json.loads(files(run, "tables", tmp_path)["rows/step-000000007.json"])
    assert table == {"columns": ["a"], "data": [[1], [2]]}
    arrays = files(run, "arrays", tmp_path)
    kept = np.load(io.BytesIO(arrays["layer/weights/step-000000007.npy"]))
    assert kept.dtype == weights.dtype
    assert (kept == weights).all()
    assert json.loads(arrays["sizes/step-000000007.json"]) == [1, 2, 3]
    assert [name for name in files(run, "images", tmp_path) if name.startswith("sample+step+7+")]


def test_text_is_refused_and_nothing_is_logged(tracking: str) -> None:
    with fluvial.start_run() as run:
        with pytest.raises(InvalidRequest, match="log_text"):
            run.log({"loss": 1, "note": "text"})
        with pytest.raises(InvalidRequest, match="objects"):
            run.log({"loss": 1, "things": np.array([object()])})

    assert fluvial.get_run(run.info.run_id).data.metrics == {}


def test_a_histogram_is_read_back_as_it_was_and_has_summary_metrics(tracking: str) -> None:
    with fluvial.start_run() as run:
        run.log({"grad": {"a": Histogram([1.0, 2.0, 3.0, float("nan")], bins=2), "b": Histogram([])}}, step=3)
        fluvial.log_histogram("weights", np.ones((2, 2)), step=4, bins=1)
        fluvial.log_histogram("weights", step=5, counts=[5, 0, 2], edges=[0.0, 0.1, 7.0, 7.5])
        with pytest.raises(InvalidRequest, match="values, or counts and edges"):
            fluvial.log_histogram("weights", [1], counts=[1], edges=[0, 1])
    client = fluvial.FluvialClient()

    ((step, grad),) = client.get_histograms(run.info.run_id, "grad/a")
    ((_, empty),) = client.get_histograms(run.info.run_id, "grad/b")
    weights = client.get_histograms(run.info.run_id, "weights")

    assert (step, grad.counts, grad.edges, grad.n_not_finite) == (3, [1, 2], [1.0, 2.0, 3.0], 1)
    assert empty.counts == [0] * 64
    assert [(step, one.counts) for step, one in weights] == [(4, [4]), (5, [5, 0, 2])]
    assert weights[1][1].edges == [0.0, 0.1, 7.0, 7.5]
    metrics = fluvial.get_run(run.info.run_id).data.metrics
    assert (metrics["grad/a/min"], metrics["grad/a/max"], metrics["grad/a/mean"]) == (1.0, 3.0, 2.0)


def test_a_list_and_an_array_have_the_same_histogram() -> None:
    values = np.random.default_rng(1).normal(size=(30, 10))

    of_array, of_list = Histogram(values, bins=7), Histogram(values.tolist(), bins=7)

    assert of_array.counts == of_list.counts == np.histogram(values, bins=7)[0].tolist()
    assert of_array.edges == of_list.edges
    assert of_list.std == pytest.approx(values.std())


def test_a_histogram_may_have_been_counted_elsewhere() -> None:
    counted = Histogram.of_counts([1, 3], [0.0, 1.0, 2.0])

    assert (counted.n_values, counted.mean) == (4, 1.25)
    with pytest.raises(InvalidRequest, match="rising edges"):
        Histogram.of_counts([1], [1.0, 1.0])
    with pytest.raises(InvalidRequest, match="numbers"):
        Histogram(["a"])


def test_a_metric_has_a_meaning_that_charts_go_by(tracking: str) -> None:
    with fluvial.start_run() as run:
        fluvial.define_metric("validation/loss", x_axis="epoch", goal="minimize")
        for loss in (3, 1, 2):
            run.log({"validation": {"loss": loss}, "accuracy": float("nan")})
        with pytest.raises(InvalidRequest, match="minimize"):
            fluvial.define_metric("loss", goal="small")
        shown = run._repr_html_()

    tags = fluvial.get_run(run.info.run_id).data.tags
    assert json.loads(tags["fluvial.metric.validation/loss"]) == {
        "x_axis": "epoch",
        "goal": "minimize",
        "summary": "min",
    }
    assert "<b>validation/loss</b> min 1<" in shown
    assert "<b>accuracy</b> no finite value" in shown
    assert shown.count("<polyline") == 1
    assert "<script" not in shown
    assert "http" not in shown
