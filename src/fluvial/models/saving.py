"""Saving: the flavor's files, the environment, code, the input example, and the MLmodel file over all."""

from __future__ import annotations

import importlib
import logging
import os
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

from fluvial import flavors
from fluvial.errors import FluvialError, InvalidModel, InvalidRequest
from fluvial.flavors import Loading, Predict, Saving
from fluvial.models import (
    code_files,
    environment,
    imports,
    manifest,
    outputs,
    provenance,
    replay,
    requirements,
)
from fluvial.models.enforce import enforcer
from fluvial.models.examples import Example, as_example, save_example
from fluvial.models.infer import infer_params, infer_schema
from fluvial.models.mlmodel import FORMAT_VERSION, PYFUNC, Model
from fluvial.models.signature import ModelSignature

_log = logging.getLogger("fluvial")
CODE = code_files.FOLDER


class Options(Struct, frozen=True, kw_only=True):
    """What can be said of any model that is saved.

    Attributes:
        signature: What it takes and gives; made of the input example where it is not given; False for none.
        input_example: Data that it takes, or a pair of data and params.
        metadata: Whatever there is to say.
        pip_requirements: What it needs, instead of what is found out.
        extra_pip_requirements: What it needs beside that.
        infer_requirements: Whether to see what it imports by loading it in a fresh interpreter, which takes
            seconds; else that is read from its files, in milliseconds.
        code_paths: Files and folders of code that it needs.
        allow_pickle: Whether it may be kept as a pickle, where there is nothing safer.
    """

    signature: ModelSignature | bool | None = None
    input_example: Any = None
    metadata: Mapping[str, Any] | None = None
    pip_requirements: Sequence[str] | str | None = None
    extra_pip_requirements: Sequence[str] | str = ()
    infer_requirements: bool = False
    code_paths: Sequence[str | os.PathLike[str]] = ()
    allow_pickle: bool = False

    def example(self) -> Example | None:
        """The input example, if there is one."""
        return None if self.input_example is None else as_example(self.input_example)


class Origin(Struct, frozen=True):
    """What made a model.

    Attributes:
        model_id: Of the logged model that it is.
        run_id: Of the run.
        name: Of the logged model.
        provenance: All that is known of it, for the statement beside the model.
        signing_key: The private key to sign the model with, a PEM file; empty for none.
    """

    model_id: str | None = None
    run_id: str | None = None
    name: str | None = None
    provenance: provenance.Origin | None = None
    signing_key: str = ""


class Written(Struct, frozen=True):
    """What a flavor, or a model written in Python, put into the folder.

    Attributes:
        flavors: Keys by the name of the flavor.
        modules: What it needs, as importable modules.
        predict: How it predicts, as it is now in memory; None where it cannot.
        signature: What its type hints say.
    """

    flavors: dict[str, dict[str, Any]]
    modules: tuple[str, ...]
    predict: Predict | None
    signature: ModelSignature | None = None


# Writes a model into the folder of `Saving`.
Write = Callable[[Saving], Written]


def of_flavor(name: str, model: Any, options: Mapping[str, Any]) -> Write:
    """How a flavor writes a model.

    Args:
        name: Of the flavor.
        model: As its framework has it.
        options: Of the flavor.
    """

    def write(saving: Saving) -> Written:
        flavor = flavors.find(name)
        saved = flavor.save(model, saving, **options)
        if saved.pyfunc is None:
            return Written({name: saved.keys}, saved.modules, None)
        pyfunc = {"loader_module": f"mlflow.{name}", **saved.pyfunc}
        loading = Loading(
            folder=saving.folder, keys=saved.keys, pyfunc=pyfunc, allow_pickle=saving.allow_pickle
        )
        predict = flavor.predictor(model, loading) if saving.example is not None else None
        return Written({name: saved.keys, PYFUNC: pyfunc}, saved.modules, predict)

    return write


def save(folder: Path, write: Write, options: Options, origin: Origin | None = None) -> Model:
    """Save a model as a folder.

    Args:
        folder: Does not exist yet, or is empty; there is nothing of it if this fails.
        write: Writes what is special about it.
        options: What was said of it.
        origin: What made it.

    Raises:
        InvalidRequest: The folder is there already.
        InvalidInput: The input example does not fit the signature that was given.
        UntrustedModel: It could only be pickled, and that is not allowed.
    """
    origin = origin or Origin()
    with _new_folder(folder):
        example = options.example()
        written = write(
            Saving(
                folder=folder,
                allow_pickle=options.allow_pickle,
                example=None if example is None else example.data,
            )
        )
        model = Model(
            flavors=written.flavors,
            signature=_signature(options.signature, written, example, folder),
            model_id=origin.model_id,
            run_id=origin.run_id,
            artifact_path=origin.name,
            metadata=dict(options.metadata) if options.metadata else None,
        )
        model.is_signature_from_type_hint = options.signature is None and written.signature is not None
        tables: tuple[str, ...] = ()
        if example is not None:
            model.saved_input_example_info = save_example(example, folder)
            tables = ("pandas",) if model.saved_input_example_info["type"] == "dataframe" else ()
        if PYFUNC in model.flavors:
            model.flavors[PYFUNC] |= {"python_version": platform.python_version(), "code": None}
        needed = _needed(folder, model, (*written.modules, *tables), options)
        env = environment.write(folder, needed, mlflow_version=FORMAT_VERSION)
        if PYFUNC in model.flavors:
            model.flavors[PYFUNC]["env"] = env
        model.model_size_bytes = _size_bytes(folder)
        model.save(folder)
        digests = None
        if origin.provenance is not None:
            digests = provenance.write(folder, origin.provenance, needed.lock)
        manifest.write(folder, digests) if digests else manifest.write(folder)
        if origin.signing_key:
            importlib.import_module("fluvial.models.signing").sign(folder, Path(origin.signing_key))
    return model


def _needed(
    folder: Path, model: Model, modules: tuple[str, ...], options: Options
) -> requirements.Requirements:
    """What a model needs whose files are written. The code that it needs is copied beside it."""
    used = (*modules, *requirements.modules_of_pickles(folder))
    has_code = bool(code_files.copy(folder, used, [Path(path) for path in options.code_paths]))
    model.set_code(CODE if has_code else None)
    extra = options.extra_pip_requirements
    needed = requirements.of_model(
        folder, used, pip_requirements=options.pip_requirements, extra_pip_requirements=extra
    )
    if not options.infer_requirements:
        return needed
    if options.pip_requirements is not None:
        raise InvalidRequest("Requirements are given by pip_requirements, or inferred: not both.")
    model.save(folder)  # as far as it is known: the interpreter reads it
    trusted = (name for keys in model.flavors.values() for name in keys.get("skops_trusted_types") or ())
    request = replay.Request(
        folder=str(folder.resolve()), allow_pickle=options.allow_pickle, trusted=tuple(trusted)
    )
    try:
        imported = imports.trace([requirements.name_of(line) for line in needed.lines], request)
    except InvalidModel as error:
        _log.warning("%s Its requirements are what reading its files finds.", error)
        return needed
    if imported.own:
        code_files.copy_modules(folder, imported.own)
        model.set_code(CODE)
    return requirements.of_model(folder, (), imported=imported.packages, extra_pip_requirements=extra)


def change(folder: Path, edit: Callable[[Model], object]) -> Model:
    """Change what the MLmodel file of a saved model says.

    Raises:
        InvalidModel: There is no model.
    """
    model = Model.load(folder)
    edit(model)
    model.save(folder)
    if (folder / manifest.FILE).exists():
        manifest.write(folder)
    return model


def set_signature(folder: str | os.PathLike[str], signature: ModelSignature) -> None:
    """Give a saved model another signature.

    Args:
        folder: The model, on this machine's disk.
        signature: What it has from now on.

    Raises:
        InvalidModel: There is no model.
    """
    change(Path(folder), lambda model: setattr(model, "signature", signature))


@contextmanager
def _new_folder(folder: Path) -> Iterator[None]:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidRequest(f"{folder} is there already: save the model elsewhere, or delete it first.")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _signature(
    given: ModelSignature | bool | None, written: Written, example: Example | None, folder: Path
) -> ModelSignature | None:
    """The signature that was given, or what type hints and the example show.

    What the model answers to the example is kept beside it, for `fluvial.models.verify` to compare with.
    """
    if given is False:
        return None
    if isinstance(given, ModelSignature):
        if example is not None and given.inputs is not None and written.predict is not None:
            enforcer(given.inputs)(example.data)
        return given
    if written.signature is not None and (example is None or not example.params):
        return written.signature
    if example is None:
        return None
    hinted = written.signature
    params = infer_params(example.params) if example.params else None
    if hinted is not None:
        return ModelSignature(hinted.inputs, hinted.outputs, params)
    inputs = infer_schema(example.data)
    return ModelSignature(inputs, _outputs(written, example, enforcer(inputs), folder), params)


def _outputs(written: Written, example: Example, enforce: Callable[[Any], Any], folder: Path) -> Any:
    """The schema of what the model predicts for its example; none where it fails, which is said."""
    if written.predict is None:
        return None
    try:
        answer = written.predict(enforce(example.data), dict(example.params or {}))
        outputs.write(folder, answer)
        return infer_schema(answer)
    except FluvialError as error:
        cause: Exception = error
    except Exception as error:  # noqa: BLE001  whatever the model raises: it can be saved all the same
        cause = error
    _log.warning("The model fails for its input example, so that its signature has no outputs: %r", cause)
    return None


def _size_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
