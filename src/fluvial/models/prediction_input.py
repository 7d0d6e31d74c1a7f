"""Data to predict for, from a file as scoring servers take them: JSON in MLflow's forms, or CSV."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

from fluvial.errors import InvalidRequest
from fluvial.models.examples import Example
from fluvial.models.schema import TensorSpec
from fluvial.models.signature import ModelSignature

_TABLES = {"dataframe_split": "split", "dataframe_records": "records"}
_ARRAYS = ("inputs", "instances")


def read_input(file: Path, signature: ModelSignature | None) -> Example:
    """The data in a file.

    Args:
        file: `.csv` with a heading, or JSON: an object with `dataframe_split`, `dataframe_records`, `inputs`
        or
            `instances`, perhaps with `params`; other JSON is handed to the model as it is.
        signature: Of the model; where it has tensors, lists become arrays.

    Raises:
        InvalidRequest: The file holds no such thing.
    """
    try:
        if file.suffix.lower() == ".csv":
            return Example(importlib.import_module("pandas").read_csv(file))
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidRequest(f"{file} cannot be read: {error}.") from error
    return as_input(content, signature)


def as_input(content: Any, signature: ModelSignature | None) -> Example:
    """What a request to a scoring server asks for, see `read_input`.

    Raises:
        InvalidRequest: The table in it is none.
    """
    if not isinstance(content, dict):
        return Example(_array(content, signature))
    params = content.get("params")
    for key, orient in _TABLES.items():
        if key in content:
            return Example(_table(content[key], orient), params)
    for key in _ARRAYS:
        if key in content:
            return Example(_array(content[key], signature), params)
    return Example(content)


def _table(content: Any, orient: str) -> Any:
    pandas = importlib.import_module("pandas")
    try:
        return pandas.DataFrame(**content) if orient == "split" else pandas.DataFrame.from_records(content)
    except (TypeError, ValueError) as error:
        raise InvalidRequest(f"The data are no table ({orient}): {error}.") from error


def _array(content: Any, signature: ModelSignature | None) -> Any:
    """Lists as arrays of the types that the signature asks for: JSON has no dtypes."""
    inputs = signature.inputs if signature is not None else None
    if inputs is None or not inputs.is_tensor_spec():
        return content
    numpy = importlib.import_module("numpy")
    dtypes = {spec.name: spec.dtype for spec in inputs if isinstance(spec, TensorSpec)}
    if isinstance(content, dict):
        return {name: numpy.asarray(value, dtype=dtypes.get(name)) for name, value in content.items()}
    return numpy.asarray(content, dtype=next(iter(dtypes.values())))
