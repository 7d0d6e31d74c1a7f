"""XGBoost: boosters and the models of its scikit-learn interface, in its own format."""

from __future__ import annotations

from typing import Any

import xgboost

from fluvial.errors import InvalidModel, InvalidRequest
from fluvial.flavors import Loading, Predict, Saved, Saving, framework_class

ARGUMENT = "xgb_model"
FORMATS = ("ubj", "json", "xgb")
CLASSES = (
    "Booster",
    "XGBModel",
    "XGBClassifier",
    "XGBRegressor",
    "XGBRanker",
    "XGBRFClassifier",
    "XGBRFRegressor",
)


def save(model: Any, saving: Saving, *, model_format: str = "ubj") -> Saved:
    """Write a booster or a model.

    Args:
        model: It.
        saving: Where to.
        model_format: `ubj` or `json`; `xgb` is what old versions wrote.
    """
    if not isinstance(model, xgboost.Booster | xgboost.XGBModel):
        raise InvalidModel(f"{type(model).__name__} is no model of XGBoost.")
    if model_format not in FORMATS:
        raise InvalidRequest(f"model_format is one of {', '.join(FORMATS)}, not {model_format!r}.")
    name = f"model.{model_format}"
    model.save_model(saving.folder / name)
    kind = type(model)
    keys = {
        "xgb_version": xgboost.__version__,
        "data": name,
        "model_class": f"{kind.__module__}.{kind.__qualname__}",
        "model_format": model_format,
        "code": None,
    }
    needs = () if isinstance(model, xgboost.Booster) else ("sklearn",)
    return Saved(keys=keys, pyfunc={"data": name}, modules=("xgboost", *needs))


def load(loading: Loading) -> Any:
    """The booster or model."""
    path = loading.keys.get("model_class") or "xgboost.core.Booster"
    model = framework_class(xgboost, path, CLASSES)()
    model.load_model(loading.folder / loading.keys.get("data", "model.xgb"))
    return model


def predictor(model: Any, loading: Loading) -> Predict:
    """Predictions of frames and arrays; params become keyword arguments."""
    del loading
    if isinstance(model, xgboost.Booster):
        return lambda data, params: model.predict(xgboost.DMatrix(data), **params)
    return lambda data, params: model.predict(data, **params)
