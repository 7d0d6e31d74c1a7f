"""Prophet: forecasts, in its JSON."""

from __future__ import annotations

import json
from typing import Any

import prophet
from prophet.serialize import model_from_json, model_to_json

from fluvial.errors import InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving

ARGUMENT = "pr_model"


def save(model: Any, saving: Saving) -> Saved:
    """Write a model that was fitted."""
    if not isinstance(model, prophet.Prophet):
        raise InvalidModel(f"{type(model).__name__} is no model of Prophet.")
    name = "model.pr"
    # MLflow reads JSON whose only value is the text that Prophet makes, JSON as well.
    (saving.folder / name).write_text(json.dumps(model_to_json(model)), encoding="utf-8")
    keys = {"prophet_version": prophet.__version__, "data": name, "model_type": "Prophet", "code": None}
    return Saved(keys=keys, pyfunc={"data": name}, modules=("prophet",))


def load(loading: Loading) -> Any:
    """The model."""
    file = loading.folder / loading.keys.get("data", "model.pr")
    text = file.read_text(encoding="utf-8")
    content = json.loads(text)
    return model_from_json(content if isinstance(content, str) else text)


def predictor(model: Any, loading: Loading) -> Predict:
    """The forecast for the dates in the column `ds`."""
    del loading

    def predict(data: Any, params: dict[str, Any]) -> Any:
        del params
        return model.predict(data)

    return predict
