"""Models from code: a script that ends with `set_model(model)` is the model, and is run when it is loaded."""

from __future__ import annotations

import contextlib
import contextvars
import importlib.util
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fluvial.errors import InvalidModel
from fluvial.models.code_import import run_script

_named: contextvars.ContextVar[list[Any] | None] = contextvars.ContextVar("fluvial_named_model", default=None)

_ALIASES = ("pyfunc", "models")


def set_model(model: Any) -> None:
    """Say which object of a script is its model: a `PythonModel`, or a function.

    Called outside of a model that is being saved or loaded it does nothing, so that the script can be run.
    """
    named = _named.get()
    if named is not None:
        named.append(model)


def model_of_script(file: Path) -> Any:
    """Run a script and return the model that it names.

    Raises:
        InvalidModel: It names none.
    """
    named: list[Any] = []
    token = _named.set(named)
    try:
        with _mlflow_here(file):
            run_script(file)
    finally:
        _named.reset(token)
    if not named:
        raise InvalidModel(f"{file.name} names no model: it has to call fluvial.models.set_model(model).")
    return named[-1]


@contextlib.contextmanager
def _mlflow_here(script: Path) -> Iterator[None]:
    """Let scripts that were written for MLflow name their model here.

    Where MLflow is installed, its `set_model` is ours meanwhile, if the script or the code beside it speaks
    of MLflow at all, which takes seconds to import; where it is not installed, `import mlflow` gives fluvial,
    which has the names that models use.
    """
    if importlib.util.find_spec("mlflow") is not None:
        sources = (script, *script.parent.joinpath("code").rglob("*.py"))
        if not any(b"mlflow" in source.read_bytes() for source in sources):
            yield
            return
        mlflow: Any = importlib.import_module("mlflow.models")
        theirs = mlflow.set_model
        mlflow.set_model = set_model
        try:
            yield
        finally:
            mlflow.set_model = theirs
        return
    fluvial = importlib.import_module("fluvial")
    stand_in = types.ModuleType("mlflow")
    stand_in.__getattr__ = lambda name: getattr(fluvial, name)  # type: ignore[method-assign]
    stand_in.__path__ = []
    added = {"mlflow": stand_in, **{f"mlflow.{name}": getattr(fluvial, name) for name in _ALIASES}}
    sys.modules.update(added)
    try:
        yield
    finally:
        for name in added:
            sys.modules.pop(name, None)
