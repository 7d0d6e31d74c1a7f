"""spaCy: pipelines, in its own folders. Text categories are what a pipeline predicts here."""

from __future__ import annotations

import sys
from typing import Any

import spacy

from fluvial.errors import InvalidInput, InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving

ARGUMENT = "spacy_model"


def save(model: Any, saving: Saving) -> Saved:
    """Write a pipeline."""
    if not isinstance(model, spacy.language.Language):
        raise InvalidModel(f"{type(model).__name__} is no pipeline of spaCy.")
    name = "model.spacy"
    model.to_disk(saving.folder / name)
    keys = {"spacy_version": spacy.__version__, "data": name, "code": None}
    is_classifier = any("textcat" in kind for kind in model.pipe_names)
    return Saved(keys=keys, pyfunc={"data": name} if is_classifier else None, modules=("spacy",))


def load(loading: Loading) -> Any:
    """The pipeline."""
    return spacy.load(loading.folder / loading.keys.get("data", "model.spacy"))


def predictor(model: Any, loading: Loading) -> Predict:
    """The scores of the categories of each text in the only column."""
    del loading

    def predict(data: Any, params: dict[str, Any]) -> Any:
        del params
        if len(getattr(data, "columns", ())) != 1:
            raise InvalidInput("The pipeline takes a frame with one column of texts.")
        found = [dict(document.cats) for document in model.pipe(data.iloc[:, 0].tolist())]
        return sys.modules["pandas"].DataFrame({"predictions": found})

    return predict
