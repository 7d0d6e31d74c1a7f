from __future__ import annotations

import asyncio

import numpy as np
import pytest

import fluvial


def latest() -> fluvial.Run:
    """The run that was active last."""
    run = fluvial.last_active_run()
    assert run is not None
    return run


def test_a_call_of_a_tracked_function_is_a_run(tracking: str) -> None:
    @fluvial.track
    def train(data: object, rate: float, options: dict[str, int], layers: int = 3) -> dict[str, object]:
        fluvial.log_metric("inside", 1)
        return {"loss": rate / layers, "by": {"class": np.float64(2)}, "model": "not a number"}

    result = train(np.zeros((5, 2)), 0.3, options={"depth": 2})

    run = latest()
    assert result["model"] == "not a number"
    assert run.info.run_name == "train"
    assert run.info.status == "FINISHED"
    assert run.data.params == {"data": "ndarray(5, 2)", "rate": "0.3", "options/depth": "2", "layers": "3"}
    assert run.data.metrics == {"inside": 1.0, "loss": pytest.approx(0.1), "by/class": 2.0}


def test_an_exception_fails_the_run_and_goes_on(tracking: str) -> None:
    @fluvial.track(run_name="doomed", tags={"team": "a"})
    def train() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        train()

    assert (latest().info.run_name, latest().info.status) == ("doomed", "FAILED")
    assert latest().data.tags["team"] == "a"


def test_a_coroutine_is_tracked_and_nested_in_the_run_around_it(tracking: str) -> None:
    @fluvial.track
    async def evaluate(size: int) -> dict[str, int]:
        await asyncio.sleep(0)
        return {"size": size}

    with fluvial.start_run() as outer:
        asyncio.run(evaluate(4))

    [child] = fluvial.search_runs(
        filter_string=f"tags.`mlflow.parentRunId` = '{outer.info.run_id}'", output_format="list"
    )
    assert child.data.metrics == {"size": 4.0}
    assert child.data.params == {"size": "4"}
