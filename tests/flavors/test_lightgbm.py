from __future__ import annotations

from collections.abc import Mapping

import lightgbm

from fluvial.testing.flavors import Case, FlavorSuite
from tests.flavors.iris import FEW, FRAME, SPECIES


class TestLightGBM(FlavorSuite):
    flavor = "lightgbm"

    @staticmethod
    def cases() -> Mapping[str, Case]:
        booster = lightgbm.train({"verbose": -1, "num_leaves": 4}, lightgbm.Dataset(FRAME, SPECIES), 3)
        classifier = lightgbm.LGBMClassifier(n_estimators=3, num_leaves=4, verbose=-1).fit(FRAME, SPECIES)
        return {
            "booster": Case(model=booster, example=FEW, expected=booster.predict(FEW)),
            "classifier": Case(model=classifier, example=FEW, expected=classifier.predict(FEW)),
        }
