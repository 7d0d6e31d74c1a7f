"""LightGBM: boosters in its own text format, the models of its scikit-learn interface as skops files."""

from __future__ import annotations

from typing import Any

import lightgbm
import skops

from fluvial.errors import InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving
from fluvial.flavors._pickled import load_pickle
from fluvial.flavors._skops import load_skops, save_skops

ARGUMENT = "lgb_model"
# What a model of the scikit-learn interface consists of beside scikit-learn's types. LightGBM makes a booster
# of its text, and runs nothing.
OWN = (
    "collections.OrderedDict",
    "lightgbm.basic.Booster",
    "lightgbm.sklearn.LGBMClassifier",
    "lightgbm.sklearn.LGBMModel",
    "lightgbm.sklearn.LGBMRanker",
    "lightgbm.sklearn.LGBMRegressor",
)


def save(model: Any, saving: Saving) -> Saved:
    """Write a booster or a model."""
    if isinstance(model, lightgbm.Booster):
        name = "model.lgb"
        model.save_model(saving.folder / name)
    elif isinstance(model, lightgbm.LGBMModel):
        name = "model.skops"
        save_skops(model, saving.folder / name, OWN, ())
    else:
        raise InvalidModel(f"{type(model).__name__} is no model of LightGBM.")
    kind = type(model)
    keys = {
        "lgb_version": lightgbm.__version__,
        "data": name,
        "model_class": f"{kind.__module__}.{kind.__qualname__}",
        "serialization_format": "skops",
        "skops_trusted_types": list(OWN),
        "code": None,
    }
    needs = () if isinstance(model, lightgbm.Booster) else ("sklearn", skops.__name__)
    return Saved(keys=keys, pyfunc={"data": name}, modules=("lightgbm", *needs))


def load(loading: Loading) -> Any:
    """The booster or model."""
    file = loading.folder / loading.keys.get("data", "model.lgb")
    if file.suffix == ".skops":
        return load_skops(file, OWN, loading.trusted)
    if loading.keys.get("model_class", "lightgbm.basic.Booster") == "lightgbm.basic.Booster":
        return lightgbm.Booster(model_file=file)
    return load_pickle(file, loading)


def predictor(model: Any, loading: Loading) -> Predict:
    """Predictions of frames and arrays; params become keyword arguments."""
    del loading
    return lambda data, params: model.predict(data, **params)
