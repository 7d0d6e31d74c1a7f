"""SHAP: explainers. They hold functions, so that there is no format but pickle: both sides must allow it."""

from __future__ import annotations

from typing import Any

import numpy as np
import shap

from fluvial.errors import InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving
from fluvial.flavors._pickled import load_pickle, save_pickle

ARGUMENT = "explainer"


def save(model: Any, saving: Saving) -> Saved:
    """Write an explainer, with the model that it explains."""
    if not isinstance(model, shap.Explainer):
        raise InvalidModel(f"{type(model).__name__} is no explainer of SHAP.")
    name = "explainer.pkl"
    save_pickle(
        model,
        saving.folder / name,
        how="cloudpickle",
        is_allowed=saving.allow_pickle,
        instead="An explainer holds functions, which have no other format.",
    )
    keys = {"shap_version": shap.__version__, "serialized_explainer": name, "code": None}
    return Saved(keys=keys, pyfunc={"data": name}, modules=("shap", "sklearn", "cloudpickle"))


def load(loading: Loading) -> Any:
    """The explainer."""
    return load_pickle(loading.folder / loading.keys.get("serialized_explainer", "explainer.pkl"), loading)


def predictor(model: Any, loading: Loading) -> Predict:
    """The SHAP values of each row, shape (rows, features)."""
    del loading

    def predict(data: Any, params: dict[str, Any]) -> Any:
        return np.asarray(model(data.to_numpy() if hasattr(data, "iloc") else data, **params).values)

    return predict
