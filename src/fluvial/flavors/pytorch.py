"""PyTorch: programs of torch.export, or weights alone as safetensors; whole modules only as pickles.

An exported program needs no code of yours to run, but is made by calling the module with the input example.
Weights are for going on training: they are loaded into a module that you make.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from fluvial.errors import InvalidModel, InvalidRequest, UntrustedModel
from fluvial.flavors import Loading, Predict, Saved, Saving
from fluvial.flavors._pickled import check_pickle

ARGUMENT = "pytorch_model"
DATA = "data"
EXPORTED = "model.pt2"
WEIGHTS = "state_dict.safetensors"
PICKLED = "model.pth"
# MLflow reads here by which module to unpickle.
PICKLE_MODULE = "pickle_module_info.txt"
_MLFLOWS_PICKLE = "mlflow.pytorch.pickle_module"
FORMATS = ("export", "state_dict", "pickle")


def save(
    model: Any,
    saving: Saving,
    *,
    serialization_format: str | None = None,
    device: str | None = None,
) -> Saved:
    """Write a module.

    Args:
        model: It.
        saving: Where to.
        serialization_format: `export`, which needs an input example; `state_dict` for the weights alone; or
            `pickle`, where that is allowed. `export` where there is an example, else `state_dict`.
        device: What predicts, such as `cuda`; the CPU where it is not given.
    """
    if not isinstance(model, torch.nn.Module):
        raise InvalidModel(f"{type(model).__name__} is no torch.nn.Module.")
    chosen = serialization_format or ("export" if saving.example is not None else "state_dict")
    folder = saving.folder / DATA
    folder.mkdir()
    if chosen == "export":
        _export(model, saving.example, folder / EXPORTED)
    elif chosen == "state_dict":
        _save_weights(model.state_dict(), folder / WEIGHTS)
    elif chosen == "pickle":
        if not saving.allow_pickle:
            raise UntrustedModel(
                "A whole module is a pickle, and whoever loads one runs what is in it. Give an input_example "
                "to export it, or keep its weights: serialization_format='state_dict'."
            )
        torch.save(model, folder / PICKLED)
        (folder / PICKLE_MODULE).write_text(_MLFLOWS_PICKLE, encoding="utf-8")
    else:
        raise InvalidRequest(f"serialization_format is one of {', '.join(FORMATS)}, not {chosen!r}.")
    keys = {
        "model_data": DATA,
        "pytorch_version": str(torch.__version__),  # of a class of its own
        "serialization_format": chosen,
        "code": None,
    }
    pyfunc = {"data": DATA, "config": {"device": device}} if chosen != "state_dict" else None
    needs = ("safetensors",) if chosen == "state_dict" else ()
    return Saved(keys=keys, pyfunc=pyfunc, modules=("torch", *needs))


def load(loading: Loading, *, model: Any = None, map_location: str | None = None) -> Any:
    """The module.

    Args:
        loading: Where it is.
        model: Module to load the weights into; needed for a model that is its weights alone.
        map_location: Device to load to.

    Returns:
        A module; of weights alone without `model`, the dict of them.
    """
    folder = loading.folder / loading.keys.get("model_data", DATA)
    if (folder / EXPORTED).exists():
        return torch.export.load(folder / EXPORTED).module()
    if (folder / WEIGHTS).exists():
        weights = _load_weights(folder / WEIGHTS, map_location or "cpu")
        if model is None:
            return weights
        model.load_state_dict(weights)
        return model
    pickles = [path for path in (folder / PICKLED, folder / "model.pkl") if path.exists()]
    if not pickles:
        raise InvalidModel(f"The model has none of {EXPORTED}, {WEIGHTS}, {PICKLED}.")
    check_pickle(pickles[0], loading)
    return torch.load(pickles[0], map_location=map_location or "cpu", weights_only=False)


def predictor(model: Any, loading: Loading) -> Predict:
    """What the module makes of arrays or frames, which become tensors of the dtype that they have."""
    device = (loading.pyfunc.get("config") or {}).get("device") or "cpu"
    module = model.to(device)
    if (loading.folder / loading.keys.get("model_data", DATA) / PICKLED).exists():
        module.eval()

    def predict(data: Any, params: dict[str, Any]) -> Any:
        with torch.no_grad():
            return _as_arrays(module(*_as_tensors(data, device), **params), hasattr(data, "iloc"), data)

    return predict


def _export(model: Any, example: Any, file: Path) -> None:
    if example is None:
        raise InvalidRequest("To export a module, give an input_example: the module is called with it.")
    was_training = model.training
    model.eval()
    tensors = _as_tensors(example, next((str(p.device) for p in model.parameters()), "cpu"))
    rows = [torch.export.Dim.AUTO if tensor.dim() else None for tensor in tensors]
    # A size of 1 in the example would become fixed.
    wide = tuple(torch.cat([t, t]) if t.dim() and t.shape[0] == 1 else t for t in tensors)
    dynamic = tuple({0: row} if row is not None else {} for row in rows)
    program = torch.export.export(model, wide, dynamic_shapes=dynamic)
    torch.export.save(program, file)
    model.train(was_training)


def _save_weights(weights: Mapping[str, Any], file: Path) -> None:
    from safetensors.torch import save_file  # noqa: PLC0415  needed for this format alone

    save_file({name: value.contiguous() for name, value in weights.items()}, file)


def _load_weights(file: Path, device: str) -> Any:
    from safetensors.torch import load_file  # noqa: PLC0415

    return load_file(file, device=device)


def _as_tensors(data: Any, device: str) -> tuple[Any, ...]:
    if isinstance(data, Mapping):
        return tuple(_as_tensor(value, device) for value in data.values())
    if isinstance(data, tuple) and all(isinstance(one, torch.Tensor) for one in data):
        return tuple(one.to(device) for one in data)
    return (_as_tensor(data, device),)


def _as_tensor(data: Any, device: str) -> Any:
    if isinstance(data, torch.Tensor):
        return data.to(device)
    array = data.to_numpy(dtype="float32") if hasattr(data, "iloc") else np.asarray(data)
    return torch.from_numpy(np.ascontiguousarray(array)).to(device)


def _as_arrays(found: Any, is_frame: bool, data: Any) -> Any:
    if isinstance(found, torch.Tensor):
        array = found.cpu().numpy()
        return type(data)(array, index=data.index) if is_frame else array
    if isinstance(found, Mapping):
        return {name: _as_arrays(value, False, data) for name, value in found.items()}
    return [_as_arrays(value, False, data) for value in found]
