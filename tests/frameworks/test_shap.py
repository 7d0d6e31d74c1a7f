from __future__ import annotations

from collections.abc import Mapping

import pytest

from fluvial.testing.flavors import Case, FlavorSuite

shap = pytest.importorskip("shap")
linear_model = pytest.importorskip("sklearn.linear_model")
numpy = pytest.importorskip("numpy")


class TestShap(FlavorSuite):
    flavor = "shap"
    tolerance = 1e-5

    @staticmethod
    def cases() -> Mapping[str, Case]:
        data = numpy.random.default_rng(0).random((20, 3))
        line = linear_model.LinearRegression().fit(data, data.sum(axis=1))
        explainer = shap.LinearExplainer(line, data)
        expected = explainer(data[:2]).values
        return {"linear": Case(model=explainer, example=data[:2], expected=expected, allow_pickle=True)}
