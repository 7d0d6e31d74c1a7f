"""H2O: models in its binary format, which the same version of H2O reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import h2o
import yaml
from h2o.model import ModelBase

from fluvial.errors import InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving

ARGUMENT = "h2o_model"
FOLDER = "model.h2o"
START = "h2o.yaml"


def save(model: Any, saving: Saving, *, settings: Mapping[str, Any] | None = None) -> Saved:
    """Write a model.

    Args:
        model: It, in a cluster that runs.
        saving: Where to.
        settings: For `h2o.init`, when it is loaded.
    """
    if not isinstance(model, ModelBase):
        raise InvalidModel(f"{type(model).__name__} is no model of H2O.")
    written = h2o.save_model(model=model, path=str(saving.folder / FOLDER), force=True)
    start = {"init": dict(settings or {}), "model_file": written.rpartition("/")[2]}
    (saving.folder / FOLDER / START).write_text(yaml.safe_dump(start), encoding="utf-8")
    keys = {"h2o_version": h2o.__version__, "data": FOLDER, **start, "code": None}
    return Saved(keys=keys, pyfunc={"data": FOLDER}, modules=("h2o",))


def load(loading: Loading) -> Any:
    """The model; a cluster is begun on this machine where none runs."""
    folder = loading.folder / loading.keys.get("data", FOLDER)
    start: Mapping[str, Any] = loading.keys
    if "model_file" not in start and (folder / START).is_file():  # MLflow says it there alone
        start = yaml.safe_load((folder / START).read_text(encoding="utf-8"))
    name = str(start.get("model_file", ""))
    file = folder / name
    if not name or "/" in name or not file.is_file():
        raise InvalidModel(f"{folder.name} of the model has no file {name!r}.")
    h2o.init(**(start.get("init") or {}))
    return h2o.load_model(str(file))


def predictor(model: Any, loading: Loading) -> Predict:
    """Predictions of frames of pandas, as such frames."""
    del loading

    def predict(data: Any, params: dict[str, Any]) -> Any:
        del params
        return model.predict(h2o.H2OFrame(data)).as_data_frame()

    return predict
