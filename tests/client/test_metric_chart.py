from __future__ import annotations

import math

import pytest

import fluvial
from fluvial.errors import InvalidRequest


def test_a_chart_comes_as_arrays_and_as_a_frame(tracking: str) -> None:
    with fluvial.start_run() as run:
        for step in range(300):
            fluvial.log_metric("loss", math.nan if step == 7 else float(step), step=step)
            fluvial.log_metric("epoch", step // 100, step=step)
    fluvial.flush()
    client, run_id = fluvial.FluvialClient(), run.info.run_id

    chart = client.get_metric_chart([run_id], ["loss", "epoch"], end=199, n_buckets=10)
    frame = chart.to_pandas()
    columns = client.get_metric_chart(run_id, "loss", x="epoch", start=1, end=1).to_numpy()

    assert chart.series == ((run_id, "loss"), (run_id, "epoch"))
    loss = frame[(frame["run_id"] == run_id) & (frame["key"] == "loss")]
    assert (len(loss), loss["count"].sum(), loss["n_nan"].sum(), loss["max"].max()) == (10, 200, 1, 199)
    assert columns["first"].tolist() == [float(step) for step in range(100, 200)]


def test_a_chart_that_cannot_be_says_why(tracking: str) -> None:
    with fluvial.start_run() as run:
        fluvial.log_metric("loss", 1.0)
    fluvial.flush()

    with pytest.raises(InvalidRequest, match="start 2 is after end 1"):
        fluvial.FluvialClient().get_metric_chart(run.info.run_id, "loss", start=2, end=1)
