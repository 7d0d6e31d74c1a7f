from __future__ import annotations

from collections.abc import Mapping

import pytest

from fluvial.testing.flavors import Case, FlavorSuite

prophet = pytest.importorskip("prophet")
pandas = pytest.importorskip("pandas")


class TestProphet(FlavorSuite):
    flavor = "prophet"

    @staticmethod
    def cases() -> Mapping[str, Case]:
        days = pandas.date_range("2024-01-01", periods=60)
        history = pandas.DataFrame({"ds": days, "y": [float(n % 7) for n in range(60)]})
        # Samples of the trend differ from call to call, and with them the intervals.
        model = prophet.Prophet(uncertainty_samples=0).fit(history)
        example = history[["ds"]].head(3)
        return {"a forecast": Case(model=model, example=example, expected=model.predict(example))}
