from __future__ import annotations

from collections.abc import Mapping

import catboost

from fluvial.testing.flavors import Case, FlavorSuite
from tests.flavors.iris import FEW, FRAME, SPECIES


class TestCatBoost(FlavorSuite):
    flavor = "catboost"

    @staticmethod
    def cases() -> Mapping[str, Case]:
        quiet = {"iterations": 3, "depth": 2, "verbose": False, "allow_writing_files": False}
        classifier = catboost.CatBoostClassifier(**quiet).fit(FRAME, SPECIES)
        regressor = catboost.CatBoostRegressor(**quiet).fit(FRAME.values, SPECIES)
        return {
            "classifier": Case(model=classifier, example=FEW, expected=classifier.predict(FEW)),
            "regressor": Case(model=regressor, example=FEW.values, expected=regressor.predict(FEW.values)),
        }
