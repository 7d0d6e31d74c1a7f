"""ONNX: graphs, as they are; ONNX Runtime predicts with them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime

from fluvial.errors import InvalidInput, InvalidModel
from fluvial.flavors import Loading, Predict, Saved, Saving

ARGUMENT = "onnx_model"
PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")
_LARGEST_FILE_BYTES = 2**31 - 1  # of protobuf; the tensors of larger graphs are beside it
_DTYPES = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(float16)": "float16",
    "tensor(int8)": "int8",
    "tensor(int16)": "int16",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
    "tensor(uint8)": "uint8",
    "tensor(bool)": "bool",
    "tensor(string)": "object",
}


def save(
    model: Any,
    saving: Saving,
    *,
    onnx_execution_providers: Sequence[str] = PROVIDERS,
    onnx_session_options: Mapping[str, Any] | None = None,
) -> Saved:
    """Write a graph, which is checked first.

    Args:
        model: An `onnx.ModelProto`.
        saving: Where to.
        onnx_execution_providers: What may run it, the best first; those that are not there are left out.
        onnx_session_options: Attributes of ONNX Runtime's `SessionOptions`.
    """
    if not isinstance(model, onnx.ModelProto):
        raise InvalidModel(f"{type(model).__name__} is no onnx.ModelProto.")
    file = saving.folder / "model.onnx"
    is_large = model.ByteSize() > _LARGEST_FILE_BYTES
    onnx.save_model(
        model, file, save_as_external_data=is_large, location="model.onnx.data" if is_large else None
    )
    onnx.checker.check_model(str(file))
    keys = {
        "onnx_version": onnx.__version__,
        "data": file.name,
        "providers": list(onnx_execution_providers),
        "onnx_session_options": dict(onnx_session_options) if onnx_session_options else None,
        "code": None,
    }
    return Saved(keys=keys, pyfunc={"data": file.name}, modules=("onnx", "onnxruntime"))


def load(loading: Loading) -> Any:
    """The graph."""
    return onnx.load(loading.folder / loading.keys.get("data", "model.onnx"))


def predictor(model: Any, loading: Loading) -> Predict:
    """What ONNX Runtime predicts: arrays by the name of the output, or a frame for a frame."""
    del model  # the runtime reads the file, with what lies beside it
    options = onnxruntime.SessionOptions()
    for name, value in (loading.keys.get("onnx_session_options") or {}).items():
        if not hasattr(options, name):
            raise InvalidModel(f"ONNX Runtime has no session option {name!r}.")
        setattr(options, name, value)
    there = onnxruntime.get_available_providers()
    providers = [name for name in loading.keys.get("providers") or PROVIDERS if name in there]
    file = loading.folder / loading.keys.get("data", "model.onnx")
    session = onnxruntime.InferenceSession(file, options, providers=providers or there)
    inputs = {one.name: one for one in session.get_inputs()}
    outputs = [one.name for one in session.get_outputs()]

    def predict(data: Any, params: dict[str, Any]) -> Any:
        del params
        feed = _feed(data, inputs)
        found = dict(zip(outputs, session.run(outputs, feed), strict=True))
        return _as_frame(found) if hasattr(data, "iloc") else found

    return predict


def _feed(data: Any, inputs: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(data, Mapping):
        return {name: _array(data[name], inputs[name]) for name in inputs if name in data}
    if hasattr(data, "iloc"):
        if len(inputs) == 1:
            only = next(iter(inputs.values()))
            return {only.name: _array(data.to_numpy(), only)}
        missing = [name for name in inputs if name not in data.columns]
        if missing:
            raise InvalidInput(
                f"The graph has the inputs {', '.join(inputs)}; no column is {', '.join(missing)}."
            )
        return {name: _column(data[name].to_numpy(), one) for name, one in inputs.items()}
    if len(inputs) != 1:
        raise InvalidInput(f"The graph has several inputs, give a dict of {', '.join(inputs)}.")
    only = next(iter(inputs.values()))
    return {only.name: _array(np.asarray(data), only)}


def _column(values: Any, wanted: Any) -> Any:
    array = _array(values, wanted)
    return array.reshape(-1, 1) if array.ndim == 1 and len(wanted.shape) == 2 else array


def _array(values: Any, wanted: Any) -> Any:
    dtype = _DTYPES.get(wanted.type)
    array = np.asarray(values)
    return array if dtype is None or array.dtype == dtype else array.astype(dtype)


def _as_frame(found: Mapping[str, Any]) -> Any:
    columns = {}
    for name, value in found.items():
        array = np.asarray(value)
        flat = array.reshape(len(array)) if array.ndim == 2 and array.shape[1] == 1 else array
        columns[name] = flat if flat.ndim == 1 else flat.tolist()
    return sys.modules["pandas"].DataFrame(columns)
