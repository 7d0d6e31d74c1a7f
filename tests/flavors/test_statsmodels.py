from __future__ import annotations

from collections.abc import Mapping

from statsmodels.regression.linear_model import OLS

from fluvial.testing.flavors import Case, FlavorSuite
from tests.flavors.iris import FEW, FRAME, SPECIES


class TestStatsmodels(FlavorSuite):
    flavor = "statsmodels"

    @staticmethod
    def cases() -> Mapping[str, Case]:
        results = OLS(SPECIES, FRAME).fit()
        return {"ols": Case(model=results, example=FEW, expected=results.predict(FEW), allow_pickle=True)}
