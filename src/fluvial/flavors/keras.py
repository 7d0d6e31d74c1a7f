"""Keras 3: models, as `.keras` files, loaded in the safe mode: layers with code of their own are refused."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from fluvial.errors import InvalidModel, UntrustedModel
from fluvial.flavors import Loading, Predict, Saved, Saving

ARGUMENT = "model"
DATA = "data"
NAME = "model.keras"


def save(model: Any, saving: Saving) -> Saved:
    """Write a model."""
    if not isinstance(model, keras.Model):
        raise InvalidModel(f"{type(model).__name__} is no model of Keras.")
    folder = saving.folder / DATA
    folder.mkdir()
    model.save(folder / NAME)
    keys = {
        "keras_version": keras.__version__,
        "keras_backend": keras.config.backend(),
        "save_exported_model": False,
        "data": DATA,
        "code": None,
    }
    return Saved(keys=keys, pyfunc={}, modules=("keras", keras.config.backend()))


def load(loading: Loading, *, custom_objects: Any = None) -> Any:
    """The model.

    Args:
        loading: Where it is.
        custom_objects: Classes and functions of your own that it names.

    Raises:
        UntrustedModel: It holds code, such as a lambda.
    """
    file = loading.folder / loading.keys.get("data", DATA) / NAME
    try:
        return keras.saving.load_model(file, custom_objects=custom_objects, safe_mode=True)
    except ValueError as error:
        if "unsafe" not in str(error).lower() and "safe_mode" not in str(error):
            raise InvalidModel(f"The model cannot be read: {error}") from error
        raise UntrustedModel("The model holds code, such as a lambda; nothing was loaded.") from error


def predictor(model: Any, loading: Loading) -> Predict:
    """Predictions of arrays, frames, or dicts of arrays."""
    del loading

    def predict(data: Any, params: dict[str, Any]) -> Any:
        if hasattr(data, "iloc"):
            found = model.predict(data.to_numpy(dtype="float32"), verbose=0, **params)
            return type(data)(found, index=data.index)
        given = data if isinstance(data, dict) else np.asarray(data)
        return model.predict(given, verbose=0, **params)

    return predict
