"""Types of a model's inputs and outputs, under the name that MLflow has for them."""

from __future__ import annotations

from fluvial.models.params import ParamSchema, ParamSpec
from fluvial.models.schema import AnyType, Array, ColSpec, DataType, Map, Object, Property, Schema, TensorSpec

__all__ = [
    "AnyType",
    "Array",
    "ColSpec",
    "DataType",
    "Map",
    "Object",
    "ParamSchema",
    "ParamSpec",
    "Property",
    "Schema",
    "TensorSpec",
]
