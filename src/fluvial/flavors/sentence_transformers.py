"""Sentence Transformers: embedding models, in its own folders with safetensors."""

from __future__ import annotations

from typing import Any

import sentence_transformers

from fluvial.errors import InvalidInput, InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving

ARGUMENT = "model"
NAME = "model.sentence_transformer"


def save(model: Any, saving: Saving) -> Saved:
    """Write a model."""
    if not isinstance(model, sentence_transformers.SentenceTransformer):
        raise InvalidModel(f"{type(model).__name__} is no SentenceTransformer.")
    model.save(str(saving.folder / NAME), safe_serialization=True, create_model_card=False)
    kind = type(model)
    keys = {
        "sentence_transformers_version": sentence_transformers.__version__,
        "pipeline_model_type": kind.__name__,
        "data": NAME,
        "code": None,
    }
    return Saved(keys=keys, pyfunc={"data": NAME}, modules=("sentence_transformers", "torch"))


def load(loading: Loading) -> Any:
    """The model, on the CPU; nothing is fetched, and no code of the folder is run."""
    folder = loading.folder / loading.keys.get("data", NAME)
    return sentence_transformers.SentenceTransformer(
        str(folder), device="cpu", local_files_only=True, trust_remote_code=False
    )


def predictor(model: Any, loading: Loading) -> Predict:
    """The embedding of each text, shape (number of texts, size of the embedding)."""
    del loading

    def predict(data: Any, params: dict[str, Any]) -> Any:
        if hasattr(data, "iloc"):
            if len(data.columns) != 1:
                raise InvalidInput("The model takes a frame with one column of texts.")
            data = data.iloc[:, 0].tolist()
        return model.encode([data] if isinstance(data, str) else list(data), **params)

    return predict
