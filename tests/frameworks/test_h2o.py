from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from fluvial.testing.flavors import Case, FlavorSuite

h2o = pytest.importorskip("h2o")
estimators = pytest.importorskip("h2o.estimators")
pandas = pytest.importorskip("pandas")


class TestH2O(FlavorSuite):
    flavor = "h2o"

    @staticmethod
    def cases() -> Mapping[str, Case]:
        h2o.init(nthreads=1, max_mem_size="1g")
        data = pandas.DataFrame({"a": [0.0, 1.0] * 20, "b": [1.0, 2.0] * 20, "y": [0.0, 1.0] * 20})
        model = estimators.H2OGradientBoostingEstimator(ntrees=2, min_rows=1)
        model.train(x=["a", "b"], y="y", training_frame=h2o.H2OFrame(data))
        example = data[["a", "b"]].head(2)
        return {
            "trees": Case(
                model=model, example=example, expected=model.predict(h2o.H2OFrame(example)).as_data_frame()
            )
        }

    def is_same_kind(self, loaded: Any, model: Any) -> bool:
        return bool(loaded.algo == model.algo)
