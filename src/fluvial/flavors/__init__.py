"""Flavors: `flavors/sklearn.py` is how models of scikit-learn are saved and loaded; each keeps this.

A flavor is a module with the functions of `Flavor`. It imports its framework at its top, and nothing else
does. What it writes has MLflow's names and keys, so that MLflow's flavor of the same name reads it.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from fluvial.errors import InvalidModel, MissingExtra

# Of the data, which fit the signature by then, and the params, defaults filled in.
Predict = Callable[[Any, dict[str, Any]], Any]


class Saving(Struct, frozen=True, kw_only=True):
    """What a flavor is told when it saves.

    Attributes:
        folder: Empty, for its files.
        allow_pickle: Whether it may write a pickle, where its framework has nothing safer.
        example: Data that the model takes, where they are known.
    """

    folder: Path
    allow_pickle: bool = False
    example: Any = None


class Loading(Struct, frozen=True, kw_only=True):
    """What a flavor is told when it loads.

    Attributes:
        folder: Of the model.
        keys: The flavor's own, from the MLmodel file.
        pyfunc: The keys of `python_function`; empty where it has none.
        allow_pickle: Whether pickles of the model are loaded, which runs their code.
        trusted: Names of types that may be made, beside the framework's own.
        check_pickle: Called with a file before it is unpickled; raises if that would do what no model needs.
    """

    folder: Path
    keys: Mapping[str, Any]
    pyfunc: Mapping[str, Any] = {}
    allow_pickle: bool = False
    trusted: tuple[str, ...] = ()
    check_pickle: Callable[[Path], object] | None = None


class Saved(Struct, frozen=True, kw_only=True):
    """What a flavor wrote.

    Attributes:
        keys: Of its own, for the MLmodel file.
        pyfunc: Keys for `python_function`; None where the model cannot predict by itself.
        modules: Names of importable modules that the saved model needs.
    """

    keys: dict[str, Any]
    pyfunc: dict[str, Any] | None
    modules: tuple[str, ...]


class Flavor(Protocol):
    """A module of this folder.

    Attributes:
        ARGUMENT: What MLflow calls the model among the arguments of `log_model`, such as `sk_model`.
    """

    ARGUMENT: str

    def save(self, model: Any, saving: Saving, **options: Any) -> Saved:
        """Write a model.

        Raises:
            InvalidModel: It is none of this framework.
            UntrustedModel: Only a pickle could keep it, and that is not allowed.
        """

    def load(self, loading: Loading, **options: Any) -> Any:
        """The model, as its framework has it.

        Raises:
            InvalidModel: It cannot be read.
            UntrustedModel: It would run code, or make types that nobody trusts.
        """

    def predictor(self, model: Any, loading: Loading) -> Predict:
        """How to predict with it."""


def names() -> list[str]:
    """The flavors that there are."""
    return sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_"))


def find(name: str) -> Flavor:
    """The flavor of a framework, which is imported with it.

    Raises:
        InvalidModel: There is no such flavor.
        MissingExtra: The framework is not installed.
    """
    path = f"{__name__}.{name}"
    if name.startswith("_") or not name.isidentifier() or importlib.util.find_spec(path) is None:
        raise InvalidModel(f"There is no flavor {name!r}. There are {', '.join(names())}.")
    try:
        module: Any = importlib.import_module(path)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("fluvial"):
            raise
        raise MissingExtra(f"The flavor {name}, for want of {error.name},", name) from error
    flavor: Flavor = module
    return flavor


def framework_class(framework: Any, path: str, allowed: Sequence[str]) -> Any:
    """A class of a framework that a model names: none but those allowed, so that no file makes others.

    Args:
        framework: The framework's module.
        path: What the model names, such as `xgboost.sklearn.XGBClassifier`.
        allowed: Names of classes in that module.

    Raises:
        InvalidModel: It is none of them.
    """
    name = path.rpartition(".")[2]
    if name not in allowed or not path.startswith((f"{framework.__name__}.", name)):
        raise InvalidModel(f"{path!r} is no model of {framework.__name__}: those are {', '.join(allowed)}.")
    return getattr(framework, name)
