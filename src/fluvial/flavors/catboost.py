"""CatBoost: its models, in its own formats."""

from __future__ import annotations

from typing import Any

import catboost

from fluvial.errors import InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving, framework_class

ARGUMENT = "cb_model"
CLASSES = ("CatBoost", "CatBoostClassifier", "CatBoostRanker", "CatBoostRegressor")


def save(model: Any, saving: Saving, *, format: str = "cbm", **save_kwargs: Any) -> Saved:  # noqa: A002  MLflow's word
    """Write a model.

    Args:
        model: It, fitted.
        saving: Where to.
        format: `cbm`, or what else `save_model` of CatBoost writes and `load_model` reads.
        save_kwargs: For `save_model`.
    """
    if not isinstance(model, catboost.CatBoost):
        raise InvalidModel(f"{type(model).__name__} is no model of CatBoost.")
    name = "model.cb"
    model.save_model(str(saving.folder / name), format=format, **save_kwargs)
    keys = {
        "catboost_version": catboost.__version__,
        "data": name,
        "model_type": type(model).__name__,
        "save_format": format,
        "code": None,
    }
    return Saved(keys=keys, pyfunc={"data": name}, modules=("catboost",))


def load(loading: Loading) -> Any:
    """The model."""
    keys = loading.keys
    model = framework_class(catboost, keys.get("model_type", "CatBoost"), CLASSES)()
    model.load_model(str(loading.folder / keys.get("data", "model.cb")), keys.get("save_format", "cbm"))
    return model


def predictor(model: Any, loading: Loading) -> Predict:
    """Predictions of frames and arrays; params become keyword arguments."""
    del loading
    return lambda data, params: model.predict(data, **params)
