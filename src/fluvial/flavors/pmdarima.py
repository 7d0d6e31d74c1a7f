"""pmdarima: ARIMA models. It has no format but pickle, so that saving and loading must allow it."""

from __future__ import annotations

import sys
from typing import Any

import pmdarima
from pmdarima.arima import ARIMA
from pmdarima.pipeline import Pipeline

from fluvial.errors import InvalidInput, InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving
from fluvial.flavors._pickled import load_pickle, save_pickle

ARGUMENT = "pmdarima_model"
# Columns of the one row that says what to forecast.
ASKED = ("n_periods", "X", "return_conf_int", "alpha")


def save(model: Any, saving: Saving) -> Saved:
    """Write a model or a pipeline that was fitted."""
    if not isinstance(model, ARIMA | Pipeline):
        raise InvalidModel(f"{type(model).__name__} is no model of pmdarima.")
    name = "model.pmd"
    save_pickle(
        model,
        saving.folder / name,
        how="pickle",
        is_allowed=saving.allow_pickle,
        instead="pmdarima has no other format.",
    )
    keys = {"pmdarima_version": pmdarima.__version__, "data": name, "code": None}
    return Saved(keys=keys, pyfunc={"data": name}, modules=("pmdarima",))


def load(loading: Loading) -> Any:
    """The model."""
    return load_pickle(loading.folder / loading.keys.get("data", "model.pmd"), loading)


def predictor(model: Any, loading: Loading) -> Predict:
    """The forecast for as many periods as the column `n_periods` of the one row says."""
    del loading

    def predict(data: Any, params: dict[str, Any]) -> Any:
        if "n_periods" not in getattr(data, "columns", ()) or len(data) != 1:
            raise InvalidInput("A forecast is asked for by one row with the column n_periods.")
        asked = {name: data[name].iloc[0] for name in ASKED if name in data.columns}
        found = model.predict(**{**asked, "n_periods": int(asked["n_periods"]), **params})
        frame = sys.modules["pandas"].DataFrame
        if not isinstance(found, tuple):
            return frame({"yhat": list(found)})
        values, bounds = found
        return frame({"yhat": list(values), "yhat_lower": bounds[:, 0], "yhat_upper": bounds[:, 1]})

    return predict
