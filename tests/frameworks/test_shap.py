from __future__ import annotations

from collections.abc import Mapping

import pytest

from fluvial.testing.flavors import Case, FlavorSuite

shap = pytest.importorskip("shap")
linear_model = pytest.importorskip("sklearn.linear_model")
numpy = pytest.importorskip("numpy")
pandas = pytest.importorskip("pandas")


class TestShap(FlavorSuite):
    flavor = "shap"
    tolerance = 1e-5

    @staticmethod
    def cases() -> Mapping[str, Case]:
        data = numpy.random.default_rng(0).random((20, 3))
        line = linear_model.LinearRegression().fit(data, data.sum(axis=1))
        explainer = shap.LinearExplainer(line, data)
        few = pandas.DataFrame(data[:2], columns=["a", "b", "c"])
        expected = explainer(data[:2]).values
        return {"linear": Case(model=explainer, example=few, expected=expected, allow_pickle=True)}
