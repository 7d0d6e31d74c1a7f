"""Models that predict, whatever made them: `load_model`, and models that are written in Python."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fluvial.client.models import LoggedModelInfo, RunOptions, local_folder, log, save, trust
from fluvial.errors import InvalidRequest
from fluvial.models import loading, python_saving, saving
from fluvial.models.arguments import among
from fluvial.models.mlmodel import Model
from fluvial.models.pyfunc import PyFuncModel
from fluvial.models.python_model import PythonModel, PythonModelContext
from fluvial.models.saving import Options
from fluvial.models.signature import ModelSignature

__all__ = ["PyFuncModel", "PythonModel", "PythonModelContext", "load_model", "log_model", "save_model"]


def load_model(
    model_uri: str | os.PathLike[str],
    *,
    allow_pickle: bool = False,
    trusted: Sequence[str] = (),
    model_config: Mapping[str, Any] | None = None,
    dst_path: str | os.PathLike[str] | None = None,
) -> PyFuncModel:
    """A model of any flavor, ready to predict.

    Args:
        model_uri: `models:/<name>/<version>`, `models:/<name>@<alias>`, `models:/<model id>`,
            `runs:/<run id>/<name>`, a folder, or the URI of a folder in an object store.
        allow_pickle: Load pickles of it, which runs what is in them.
        trusted: Names of types that may be made, beside the framework's own.
        model_config: What a model written in Python finds in its context, over what it was saved with.
        dst_path: Folder to copy it to; a temporary one where it is not given.

    Raises:
        NotFound: There is no such model.
        InvalidModel: It cannot be read, or does not predict.
        UntrustedModel: It would run code, or make types that nobody trusts.
        MissingExtra: Its framework is not installed.
    """
    folder = local_folder(model_uri, dst_path)
    return loading.load_pyfunc(folder, trust(allow_pickle, trusted), model_config)


def save_model(
    path: str | os.PathLike[str],
    *,
    python_model: Any = None,
    artifacts: Mapping[str, str | os.PathLike[str]] | None = None,
    model_config: Mapping[str, Any] | None = None,
    loader_module: str | None = None,
    data_path: str | os.PathLike[str] | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    metadata: Mapping[str, Any] | None = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str = (),
    infer_requirements: bool = False,
    code_paths: Sequence[str | os.PathLike[str]] | None = None,
    allow_pickle: bool = False,
) -> Model:
    """Save a model that is written in Python.

    Args:
        path: The folder, which does not exist yet.
        python_model: The path of a script that calls `fluvial.models.set_model`; or, with `allow_pickle`, a
            `PythonModel` or a function.
        artifacts: Files and folders that it finds in its context, by name.
        model_config: What it finds there beside them.
        loader_module: Instead of `python_model`: a module whose `_load_pyfunc(path)` returns the model.
        data_path: What that is given a copy of.
        signature: What the model takes and gives; by default what its type hints say or the example shows.
        input_example: Data that it takes, or a pair of data and params.
        metadata: Whatever there is to say.
        pip_requirements: What it needs, instead of what is found out.
        extra_pip_requirements: What it needs beside that.
        infer_requirements: Load it in a fresh interpreter to see what it imports, which takes seconds.
        code_paths: Files and folders of code that it needs.
        allow_pickle: Keep an object as a pickle; it is then loaded so only.

    Raises:
        InvalidRequest: The folder is there already, or not one of `python_model`, `loader_module` is given.
        UntrustedModel: It could only be pickled, and that is not allowed.
    """
    said = locals()
    write = _write(python_model, artifacts, model_config, loader_module, data_path)
    return save(Path(path), write, among(Options, said))


def log_model(
    name: str | None = None,
    *,
    artifact_path: str | None = None,
    python_model: Any = None,
    artifacts: Mapping[str, str | os.PathLike[str]] | None = None,
    model_config: Mapping[str, Any] | None = None,
    loader_module: str | None = None,
    data_path: str | os.PathLike[str] | None = None,
    registered_model_name: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    run_id: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    metadata: Mapping[str, Any] | None = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str = (),
    infer_requirements: bool = False,
    code_paths: Sequence[str | os.PathLike[str]] | None = None,
    allow_pickle: bool = False,
) -> LoggedModelInfo:
    """Save a model that is written in Python with the tracking server, as an output of the active run.

    The arguments are those of `save_model`, and those of any flavor's `log_model`.
    """
    said = {**locals(), "name": name or artifact_path}
    write = _write(python_model, artifacts, model_config, loader_module, data_path)
    return log(write, among(RunOptions, said), among(Options, said))


def _write(
    python_model: Any,
    artifacts: Mapping[str, str | os.PathLike[str]] | None,
    model_config: Mapping[str, Any] | None,
    loader_module: str | None,
    data_path: str | os.PathLike[str] | None,
) -> saving.Write:
    if (python_model is None) == (loader_module is None):
        raise InvalidRequest("A model written in Python is given as python_model, or by its loader_module.")
    if loader_module is not None:
        return python_saving.of_loader(loader_module, data_path)
    return python_saving.of_python(python_model, artifacts, model_config)
