from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.feature_selection import SelectKBest
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fluvial.errors import UntrustedModel
from fluvial.models import loading, saving
from fluvial.models.loading import Trust
from fluvial.models.saving import Options
from fluvial.testing.flavors import Case, FlavorSuite
from tests.flavors.iris import FEW, FRAME, SPECIES


class Mine(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    def fit(self, data: Any, labels: Any) -> Mine:  # noqa: ARG002
        self.most_ = int(np.bincount(labels).argmax())
        return self

    def predict(self, data: Any) -> Any:
        return np.full(len(data), self.most_)


class TestSklearn(FlavorSuite):
    flavor = "sklearn"

    @staticmethod
    def cases() -> Mapping[str, Case]:
        pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(FRAME, SPECIES)
        line = LinearRegression().fit(FRAME.values, SPECIES)
        array = FEW.values
        return {
            "pipeline": Case(model=pipeline, example=FEW, expected=pipeline.predict(FEW)),
            "of arrays": Case(model=line, example=array, expected=line.predict(array)),
            "probabilities": Case(
                model=pipeline,
                example=FEW,
                expected=pipeline.predict_proba(FEW),
                options={"pyfunc_predict_fn": "predict_proba"},
                in_mlflow={"pyfunc_predict_fn": "predict_proba"},
            ),
            "pickle": Case(
                model=line,
                example=array,
                expected=line.predict(array),
                options={"serialization_format": "cloudpickle"},
                allow_pickle=True,
            ),
        }


@pytest.mark.parametrize(
    "model",
    [
        CalibratedClassifierCV(LogisticRegression(max_iter=500), cv=2),
        GaussianProcessClassifier(),
        GradientBoostingClassifier(n_estimators=3),
        HistGradientBoostingClassifier(max_iter=3),
        KNeighborsClassifier(),
        MLPClassifier(hidden_layer_sizes=(4,), max_iter=3),
        RandomForestClassifier(n_estimators=3),
        make_pipeline(SelectKBest(k=2), LogisticRegression()),
    ],
    ids=lambda model: type(model).__name__,
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_what_scikit_learn_has_is_saved_and_loaded_without_a_word_of_trust(
    model: Any, tmp_path: Path
) -> None:
    model.fit(FRAME, SPECIES)

    saving.save(tmp_path / "a", saving.of_flavor("sklearn", model, {}), Options())

    loaded = loading.load_pyfunc(tmp_path / "a", Trust())
    assert loaded.predict(FEW).tolist() == model.predict(FEW).tolist()


def test_a_type_of_ones_own_is_listed_and_loaded_only_when_trusted(tmp_path: Path) -> None:
    model = Mine().fit(FRAME, SPECIES)
    named = f"{Mine.__module__}.Mine"

    with pytest.raises(UntrustedModel, match=named):
        saving.save(tmp_path / "a", saving.of_flavor("sklearn", model, {}), Options())
    saving.save(
        tmp_path / "b",
        saving.of_flavor("sklearn", model, {"skops_trusted_types": [named]}),
        Options(input_example=FEW),
    )

    with pytest.raises(UntrustedModel, match=named):
        loading.load_pyfunc(tmp_path / "b", Trust())
    assert loading.load_pyfunc(tmp_path / "b", Trust(trusted=(named,))).predict(FEW).tolist() == [0] * 5


def test_no_file_says_that_it_is_to_be_trusted(tmp_path: Path) -> None:
    saving.save(
        tmp_path / "a", saving.of_flavor("sklearn", LinearRegression().fit([[0.0]], [0.0]), {}), Options()
    )
    (tmp_path / "a" / "manifest.json").unlink()
    (tmp_path / "a" / "model.skops").write_bytes(pickle.dumps("a bomb"))
    mlmodel = tmp_path / "a" / "MLmodel"
    mlmodel.write_text(
        mlmodel.read_text().replace("serialization_format: skops", "serialization_format: pickle")
    )

    with pytest.raises(UntrustedModel):
        loading.load_pyfunc(tmp_path / "a", Trust())
