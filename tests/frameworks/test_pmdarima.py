from __future__ import annotations

from collections.abc import Mapping

import pytest

from fluvial.testing.flavors import Case, FlavorSuite

pmdarima = pytest.importorskip("pmdarima")
numpy = pytest.importorskip("numpy")
pandas = pytest.importorskip("pandas")


class TestPmdarima(FlavorSuite):
    flavor = "pmdarima"

    @staticmethod
    def cases() -> Mapping[str, Case]:
        model = pmdarima.ARIMA(order=(1, 0, 0)).fit(numpy.sin(numpy.arange(60.0)))
        expected = {"yhat": list(model.predict(3))}
        example = pandas.DataFrame({"n_periods": [3]})
        return {"arima": Case(model=model, example=example, expected=expected, allow_pickle=True)}
