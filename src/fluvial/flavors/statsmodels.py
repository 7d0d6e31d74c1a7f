"""statsmodels: results of fits. It has no format but pickle, so that saving and loading must allow it."""

from __future__ import annotations

from typing import Any

import statsmodels
from statsmodels.base.wrapper import ResultsWrapper

from fluvial.errors import InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving
from fluvial.flavors._pickled import load_pickle, save_pickle

ARGUMENT = "statsmodels_model"


def save(model: Any, saving: Saving, *, remove_data: bool = False) -> Saved:
    """Write results.

    Args:
        model: What `fit` returned.
        saving: Where to.
        remove_data: Leave out the data that it was fitted to: smaller, and tells less.
    """
    if not isinstance(model, ResultsWrapper) and not hasattr(model, "remove_data"):
        raise InvalidModel(f"{type(model).__name__} are no results of statsmodels.")
    if remove_data:
        model.remove_data()
    name = "model.statsmodels"
    save_pickle(
        model,
        saving.folder / name,
        how="pickle",
        is_allowed=saving.allow_pickle,
        instead="statsmodels has no other format.",
    )
    keys = {"statsmodels_version": statsmodels.__version__, "data": name, "code": None}
    return Saved(keys=keys, pyfunc={"data": name}, modules=("statsmodels", "pandas", "patsy"))


def load(loading: Loading) -> Any:
    """The results."""
    file = loading.folder / loading.keys.get("data", "model.statsmodels")
    return load_pickle(file, loading)


def predictor(model: Any, loading: Loading) -> Predict:
    """Predictions of rows; of times, where the data have the columns `start` and `end` and one row."""
    del loading

    def predict(data: Any, params: dict[str, Any]) -> Any:
        if hasattr(data, "columns") and set(data.columns) == {"start", "end"} and len(data) == 1:
            return model.predict(start=data["start"].iloc[0], end=data["end"].iloc[0], **params)
        return model.predict(data, **params)

    return predict
