"""Models as pickles, where that is allowed: loading one runs whatever is in it."""

from __future__ import annotations

import importlib
import pickle
from pathlib import Path
from typing import Any

from fluvial.errors import InvalidRequest, MissingExtra, UntrustedModel
from fluvial.flavors import Loading

FORMATS = ("cloudpickle", "pickle")


def save_pickle(model: Any, file: Path, *, how: str, is_allowed: bool, instead: str) -> None:
    """Write a pickle.

    Args:
        model: What to keep.
        file: Where to.
        how: `pickle` or `cloudpickle`.
        is_allowed: Whether the caller allowed it.
        instead: What else the caller can do, a sentence.

    Raises:
        UntrustedModel: It is not allowed.
        InvalidRequest: There is no such way.
    """
    if not is_allowed:
        raise UntrustedModel(
            f"This model would be saved as a pickle, and whoever loads one runs what is in it. {instead} "
            "Or save it with allow_pickle=True; it is then loaded with allow_pickle=True only."
        )
    if how not in FORMATS:
        raise InvalidRequest(f"A model is pickled by {' or '.join(FORMATS)}, not by {how!r}.")
    pickler = pickle if how == "pickle" else _cloudpickle()
    with file.open("wb") as target:
        pickler.dump(model, target)


def load_pickle(file: Path, loading: Loading) -> Any:
    """What a pickle holds.

    Raises:
        UntrustedModel: It is not allowed, or would do what no model needs to.
    """
    check_pickle(file, loading)
    with file.open("rb") as source:
        return pickle.load(source)  # noqa: S301  the caller allowed it


def check_pickle(file: Path, loading: Loading) -> None:
    """Refuse a file that something else than `load_pickle` unpickles.

    Raises:
        UntrustedModel: It is not allowed, or would do what no model needs to.
    """
    if not loading.allow_pickle:
        raise UntrustedModel(
            f"{file.name} of this model is a pickle: loading it would run what is in it. If you trust "
            "whoever made the model, load it with allow_pickle=True."
        )
    if loading.check_pickle is not None:
        loading.check_pickle(file)


def _cloudpickle() -> Any:
    try:
        return importlib.import_module("cloudpickle")
    except ModuleNotFoundError as error:
        raise MissingExtra("Saving by cloudpickle", "models") from error
