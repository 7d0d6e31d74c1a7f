from __future__ import annotations

from collections.abc import Mapping

import xgboost

from fluvial.testing.flavors import Case, FlavorSuite
from tests.flavors.iris import FEW, FRAME, SPECIES


class TestXGBoost(FlavorSuite):
    flavor = "xgboost"

    @staticmethod
    def cases() -> Mapping[str, Case]:
        data = xgboost.DMatrix(FRAME, SPECIES)
        booster = xgboost.train({"max_depth": 2}, data, num_boost_round=3)
        classifier = xgboost.XGBClassifier(n_estimators=3, max_depth=2).fit(FRAME, SPECIES)
        return {
            "booster": Case(model=booster, example=FEW, expected=booster.predict(xgboost.DMatrix(FEW))),
            "classifier": Case(
                model=classifier,
                example=FEW,
                expected=classifier.predict(FEW),
                options={"model_format": "json"},
            ),
        }
