"""Loading: a model's folder is checked, its flavor makes the model, and the signature is put before it.

`python_function` names the module of MLflow that would load the model; fluvial's flavor of that name does.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from fluvial import flavors
from fluvial.errors import InvalidModel, UntrustedModel
from fluvial.flavors import Loading, Predict
from fluvial.flavors._pickled import load_pickle
from fluvial.models import manifest, pickles
from fluvial.models.code_import import add_code
from fluvial.models.from_code import model_of_script
from fluvial.models.mlmodel import PYFUNC, Model
from fluvial.models.places import check_places
from fluvial.models.pyfunc import PyFuncModel
from fluvial.models.python_model import PythonModelContext, PythonPredictor, as_model, load_context

_OF_MLFLOW = "mlflow."
_PYTHON_LOADER = "mlflow.pyfunc.model"
_OF_TENSORS = re.compile(r"torch\._utils\._rebuild_tensor_v2|torch\.\w+Storage|collections\.OrderedDict")
_SCRIPT_LOADERS = ("mlflow.pyfunc.loaders.code_model",)


class Trust(Struct, frozen=True):
    """What whoever loads a model says of it.

    Attributes:
        allow_pickle: Pickles of it are loaded, which runs what is in them.
        trusted: Names of types that may be made, beside its framework's own.
        require_manifest: One without a manifest is refused.
        require_signed: One that nobody signed who is trusted is refused.
        trusted_keys: Public keys of those who are, PEM files or folders of them.
        trusted_identities: Identities of Sigstore of those who are.
    """

    allow_pickle: bool = False
    trusted: tuple[str, ...] = ()
    require_manifest: bool = False
    require_signed: bool = False
    trusted_keys: tuple[str, ...] = ()
    trusted_identities: tuple[str, ...] = ()


def load_pyfunc(folder: Path, trust: Trust, model_config: Mapping[str, Any] | None = None) -> PyFuncModel:
    """A model that predicts, of any flavor.

    Args:
        folder: The model, on this machine's disk.
        trust: What is allowed.
        model_config: Overrides what the model was saved with.

    Raises:
        InvalidModel: It cannot be read, or does not predict.
        ModelDamaged: It is not what was saved.
        UntrustedModel: It would run code, or make types that nobody trusts.
        MissingExtra: Its framework is not installed.
    """
    metadata = checked(folder, trust)
    keys = metadata.pyfunc
    _add_code_of(folder, keys)
    loader = str(keys.get("loader_module", ""))
    config = {**(keys.get("config") or {}), **(model_config or {})}
    if loader == _PYTHON_LOADER or loader in _SCRIPT_LOADERS:
        model = _python_model(folder, keys, trust)
        context = PythonModelContext(_artifacts_of(folder, keys), config)
        load_context(model, context)
        is_typed = metadata.is_signature_from_type_hint
        return PyFuncModel(
            metadata, folder, model, PythonPredictor(model, context, is_typed=is_typed), config
        )
    name = loader.removeprefix(_OF_MLFLOW)
    if not loader.startswith(_OF_MLFLOW) or name not in flavors.names():
        return PyFuncModel(metadata, folder, None, custom_predictor(folder, keys), config)
    loading = _loading(folder, metadata, name, trust)
    flavor = flavors.find(name)
    model = flavor.load(loading)
    return PyFuncModel(metadata, folder, model, flavor.predictor(model, loading), config)


def load_flavor(name: str, folder: Path, trust: Trust, options: Mapping[str, Any]) -> Any:
    """A model as its framework has it.

    Args:
        name: Of the flavor.
        folder: The model, on this machine's disk.
        trust: What is allowed.
        options: Of the flavor.

    Raises:
        InvalidModel: It is of another flavor, or cannot be read.
        UntrustedModel: It would run code, or make types that nobody trusts.
        MissingExtra: The framework is not installed.
    """
    metadata = checked(folder, trust)
    if name not in metadata.flavors:
        raise InvalidModel(
            f"The model in {folder} has no flavor {name}. It has {', '.join(metadata.flavors)}."
        )
    loading = _loading(folder, metadata, name, trust)
    _add_code_of(folder, loading.keys)
    return flavors.find(name).load(loading, **options)


def checked(folder: Path, trust: Trust) -> Model:
    """What a model's file says, once the folder is what was saved and holds nothing that is not allowed.

    Raises:
        ModelDamaged: It is not what was saved.
        UntrustedModel: It would run code, and that is not allowed.
        InvalidModel: It is no model.
    """
    manifest.check(folder, is_required=trust.require_manifest)
    if trust.require_signed or trust.trusted_keys:
        signing = importlib.import_module("fluvial.models.signing")  # only where it is asked for: 0.1 s
        trusted = signing.trusted_of(trust.trusted_keys, trust.trusted_identities)
        signing.check(folder, trusted, is_required=trust.require_signed)
    metadata = Model.load(folder)
    check_places({"flavors": metadata.flavors, "example": metadata.saved_input_example_info or {}})
    # Programs of torch.export keep their example input as a pickle of tensors.
    is_exported = any(folder.glob("*/*.pt2")) and all(map(_makes_tensors_alone, pickles.scan(folder)))
    pickles.check(folder, {}, allow_pickle=trust.allow_pickle or is_exported)
    return metadata


def _makes_tensors_alone(found: pickles.PickleScan) -> bool:
    return not found.has_code and not found.reasons and all(map(_OF_TENSORS.fullmatch, found.globals))


def custom_predictor(folder: Path, keys: Mapping[str, Any]) -> Predict:
    """How a model predicts that a module of its own loads.

    Raises:
        InvalidModel: There is no such module, or it loads nothing.
    """
    name = str(keys.get("loader_module", ""))
    try:
        module = importlib.import_module(name)
    except (ImportError, ValueError) as error:
        known = ", ".join(flavors.names())
        raise InvalidModel(
            f"The model is loaded by the module {name!r}, which cannot be imported: {error}. The "
            f"flavors are {known}."
        ) from error
    if not hasattr(module, "_load_pyfunc"):
        raise InvalidModel(f"The module {name!r} loads no model: it has no _load_pyfunc.")
    data = keys.get("data")
    loaded = module._load_pyfunc(str(folder / data if data else folder))  # noqa: SLF001  MLflow's name for it
    return lambda given, params: loaded.predict(given, **({"params": params} if params else {}))


def _loading(folder: Path, metadata: Model, name: str, trust: Trust) -> Loading:
    return Loading(
        folder=folder,
        keys=metadata.flavors.get(name, {}),
        pyfunc=metadata.flavors.get(PYFUNC, {}),
        allow_pickle=trust.allow_pickle,
        trusted=trust.trusted,
        check_pickle=_check_pickle,
    )


def _check_pickle(file: Path) -> None:
    """Look into a file that is about to be unpickled, whatever it is called and however it begins."""
    reasons = tuple(
        reason for found in pickles.scan_file(file, file.name, is_named=True) for reason in found.reasons
    )
    if reasons:
        raise UntrustedModel(f"{file.name} would do what no model needs to, and was not loaded.", reasons)


def _python_model(folder: Path, keys: Mapping[str, Any], trust: Trust) -> Any:
    if keys.get("model_code_path"):
        return as_model(model_of_script(folder / Path(str(keys["model_code_path"])).name))
    file = folder / str(keys.get("python_model", ""))
    loading = Loading(folder=folder, keys={}, allow_pickle=trust.allow_pickle, check_pickle=_check_pickle)
    try:
        return as_model(load_pickle(file, loading))
    except ModuleNotFoundError as error:
        raise InvalidModel(f"The model needs the package {error.name}, which is not installed.") from error


def _artifacts_of(folder: Path, keys: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name, entry in (keys.get("artifacts") or {}).items():
        path = (folder / str(entry["path"])).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise InvalidModel(f"The artifact {name!r} of the model lies outside of it: {entry['path']!r}.")
        found[name] = str(path)
    return found


def _add_code_of(folder: Path, keys: Mapping[str, Any]) -> None:
    code = keys.get("code")
    if code and (folder / str(code)).is_dir():
        add_code(folder / str(code))
