"""SHAP: explainers. They hold functions, so that there is no format but pickle: both sides must allow it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import shap

from fluvial.errors import InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving
from fluvial.flavors._pickled import check_pickle, load_pickle, save_pickle

ARGUMENT = "explainer"
OF_SHAP = "explainer.shap"
PICKLED = "explainer.pkl"
_log = logging.getLogger("fluvial")


def save(model: Any, saving: Saving) -> Saved:
    """Write an explainer, with the model that it explains: as SHAP does, which MLflow reads, or as a pickle.

    What SHAP writes is a row of pickles, and not all that it writes it can read.
    """
    if not isinstance(model, shap.Explainer):
        raise InvalidModel(f"{type(model).__name__} is no explainer of SHAP.")
    save_pickle(
        model,
        saving.folder / PICKLED,
        how="cloudpickle",
        is_allowed=saving.allow_pickle,
        instead="An explainer holds functions, which have no other format.",
    )
    name = PICKLED
    if _is_readable(model, saving.folder / OF_SHAP):
        (saving.folder / PICKLED).unlink()
        name = OF_SHAP
    else:
        (saving.folder / OF_SHAP).unlink()
    keys = {"shap_version": shap.__version__, "serialized_explainer": name, "code": None}
    return Saved(
        keys={**keys, "underlying_model_flavor": None},
        pyfunc={"model_path": name, "underlying_model_flavor": None},
        modules=("shap", "sklearn", "cloudpickle"),
    )


def load(loading: Loading) -> Any:
    """The explainer.

    Raises:
        InvalidModel: MLflow kept its model apart.
    """
    name = loading.keys.get("serialized_explainer", PICKLED)
    if not str(name).endswith(".shap"):
        return load_pickle(loading.folder / name, loading)
    if loading.keys.get("underlying_model_flavor") not in {None, "unknown"}:
        raise InvalidModel(
            "MLflow kept the model that is explained apart from its explainer: save it there with "
            "serialize_model_using_mlflow=False."
        )
    check_pickle(loading.folder / name, loading)
    with (loading.folder / name).open("rb") as file:
        return shap.Explainer.load(file)


def _is_readable(model: Any, file: Path) -> bool:
    """Write an explainer as SHAP does; returns whether SHAP can read it."""
    try:
        with file.open("wb") as target:
            model.save(target)
        with file.open("rb") as source:
            shap.Explainer.load(source)
    except Exception as error:  # noqa: BLE001  whatever its models and maskers raise
        _log.info("SHAP cannot read what it writes of this explainer, which is pickled whole: %r", error)
        return False
    return True


def predictor(model: Any, loading: Loading) -> Predict:
    """The SHAP values of each row, shape (rows, features)."""
    del loading

    def predict(data: Any, params: dict[str, Any]) -> Any:
        return np.asarray(model(data.to_numpy() if hasattr(data, "iloc") else data, **params).values)

    return predict
