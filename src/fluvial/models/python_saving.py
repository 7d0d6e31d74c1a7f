"""Saving models that are written in Python: as a script, a pickle where that is allowed, or by a loader."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fluvial.errors import InvalidRequest
from fluvial.flavors import Saving
from fluvial.flavors._pickled import save_pickle
from fluvial.models.from_code import model_of_script
from fluvial.models.loading import custom_predictor
from fluvial.models.mlmodel import PYFUNC
from fluvial.models.python_model import (
    PythonModelContext,
    PythonPredictor,
    as_model,
    hints_of_model,
    is_streamable,
    load_context,
)
from fluvial.models.saving import Write, Written
from fluvial.models.signature import ModelSignature

PICKLE = "python_model.pkl"
ARTIFACTS = "artifacts"
DATA = "data"
PICKLED_LOADER = "mlflow.pyfunc.model"
SCRIPT_LOADER = "mlflow.pyfunc.loaders.code_model"


def of_python(
    given: Any,
    artifacts: Mapping[str, str | os.PathLike[str]] | None,
    model_config: Mapping[str, Any] | None,
) -> Write:
    """How a model that is written in Python is kept.

    Args:
        given: A `PythonModel` or its class, a function, or the path of a script that names its model.
        artifacts: Files and folders that it finds in its context, by name.
        model_config: What it finds there beside them.
    """

    def write(saving: Saving) -> Written:
        pyfunc: dict[str, Any] = {"config": dict(model_config)} if model_config else {}
        kept = _copy_artifacts(saving.folder, artifacts or {})
        if kept:
            pyfunc["artifacts"] = kept
        if isinstance(given, str | os.PathLike):
            script = Path(given)
            if script.suffix != ".py" or not script.is_file():
                raise InvalidRequest(
                    f"There is no script {script}: a model from code is a file that ends with .py."
                )
            copied = saving.folder / script.name
            shutil.copyfile(script, copied)
            model = as_model(model_of_script(copied))
            pyfunc |= {"loader_module": SCRIPT_LOADER, "model_code_path": script.name}
        else:
            model = as_model(given)
            save_pickle(
                model,
                saving.folder / PICKLE,
                how="cloudpickle",
                is_allowed=saving.allow_pickle,
                instead="Save it from code: python_model='script.py', a script that calls "
                "fluvial.models.set_model(model) and is kept as it is.",
            )
            pyfunc |= {
                "loader_module": PICKLED_LOADER,
                "python_model": PICKLE,
                "cloudpickle_version": importlib.metadata.version("cloudpickle"),
            }
        pyfunc["streamable"] = is_streamable(model)
        hints = hints_of_model(model)
        context = PythonModelContext(
            {name: str(saving.folder / entry["path"]) for name, entry in kept.items()},
            dict(model_config or {}),
        )
        predictor = None
        if saving.example is not None:
            load_context(model, context)
            predictor = PythonPredictor(model, context, is_typed=True)
        signature = None if hints is None else ModelSignature(hints.inputs, hints.outputs)
        return Written({PYFUNC: pyfunc}, ("cloudpickle",), predictor, signature)

    return write


def of_loader(loader_module: str, data_path: str | os.PathLike[str] | None) -> Write:
    """How a model is kept that a module of its own loads.

    Args:
        loader_module: Has a function `_load_pyfunc(path)` that returns an object with `predict`; one of the
            `code_paths`, or installed.
        data_path: What that function is given a copy of.
    """

    def write(saving: Saving) -> Written:
        pyfunc: dict[str, Any] = {"loader_module": loader_module}
        if data_path is not None:
            source = Path(data_path)
            target = saving.folder / DATA
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                target.mkdir()
                shutil.copyfile(source, target / source.name)
            pyfunc["data"] = DATA if source.is_dir() else f"{DATA}/{source.name}"
        predict = None if saving.example is None else custom_predictor(saving.folder, pyfunc)
        return Written({PYFUNC: pyfunc}, (loader_module,), predict)

    return write


def _copy_artifacts(
    folder: Path, artifacts: Mapping[str, str | os.PathLike[str]]
) -> dict[str, dict[str, str]]:
    kept = {}
    for name, given in artifacts.items():
        source = Path(given)
        if not source.exists():
            raise InvalidRequest(f"There is no file {source} for the artifact {name!r}.")
        target = folder / ARTIFACTS / source.name
        if target.exists():
            target = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder / ARTIFACTS)) / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
        kept[name] = {"path": target.relative_to(folder).as_posix(), "uri": source.name}
    return kept
