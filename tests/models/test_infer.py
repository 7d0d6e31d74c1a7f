from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pydantic
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from fluvial.errors import InvalidRequest
from fluvial.models.infer import infer_schema, infer_signature
from fluvial.models.schema import (
    AnyType,
    Array,
    ColSpec,
    DataType,
    Map,
    Object,
    Property,
    Schema,
    Spec,
    TensorSpec,
)
from fluvial.models.signature import ModelSignature


class Question(pydantic.BaseModel):
    text: str
    age: int | None = None


FRAME = pd.DataFrame(
    {
        "long": [1, 2],
        "double": [1.5, None],
        "text": ["x", None],
        "boolean": [True, False],
        "time": pd.to_datetime(["2020", "2021"]),
        "bytes": [b"x", b"y"],
        "narrow": np.array([1, 2], dtype="int16"),
        "float": np.array([1, 2], dtype="float32"),
        "Int64": pd.array([1, None], dtype="Int64"),
        "category": pd.Categorical(["a", "b"]),
        "mixed": [1, "a"],
        "list": [[1, 2], [3]],
        "object": [{"a": 1, "b": "x"}, {"a": 2}],
    }
)


# Each as MLflow 3.17.2 infers it from the same data, but for mixed values: one such column, and it gives up.
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            FRAME,
            (
                "'long': long (required), 'double': double (optional), 'text': string (optional), "
                "'boolean': boolean (required), 'time': datetime (required), 'bytes': binary (required), "
                "'narrow': integer (required), 'float': float (required), 'Int64': long (optional), "
                "'category': string (required), 'mixed': any (required), 'list': array(long) (required), "
                "'object': {a: long, b: string (optional)} (required)"
            ),
        ),
        (pd.Series([1.5]), "double (required)"),
        (pd.DataFrame([[1, 2]]), "0: long (required), 1: long (required)"),
        (np.zeros((2, 3), "float32"), "tensor(float32, (-1, 3))"),
        (np.array(["a", "bc"]), "tensor(str, (-1,))"),
        (
            {"a": np.zeros((2, 3)), "b": np.zeros(2, int)},
            "'a': tensor(float64, (-1, 3)), 'b': tensor(int64, (-1,))",
        ),
        (scipy.sparse.csr_matrix(np.eye(3)), "tensor(float64, (-1, 3))"),
        (
            {"a": {"b": [{"c": 1}, {"c": 2, "d": None}]}, "e": []},
            "'a': {b: array({c: long, d: any (optional)})} (required), 'e': any (required)",
        ),
        (["a", "b"], "string (required)"),
        ([[1, 2], [3]], "array(long) (required)"),
        ([{"a": 1}, {"a": 2, "b": "x"}], "'a': long (required), 'b': string (optional)"),
        ([1.5, 2], "double (required)"),
        (dt.datetime(2020, 1, 1), "datetime (required)"),  # noqa: DTZ001
        (
            pl.DataFrame({"a": [1, None], "b": [[1.5], [2.0]], "c": [{"x": "s"}, {"x": "t"}]}),
            "'a': long (optional), 'b': array(double) (required), 'c': {x: string} (required)",
        ),
        ([Question(text="why")], "'age': long (optional), 'text': string (required)"),
    ],
)
def test_data_show_their_schema(data: Any, expected: str) -> None:
    assert str(infer_schema(data)) == f"[{expected}]"


def test_defaults_show_params_and_are_read_back() -> None:
    moment = dt.datetime(2020, 1, 1, 2, 3, 4)  # noqa: DTZ001
    defaults = {"a": 1, "b": [1.5], "c": "x", "d": True, "e": moment, "f": np.float32(1.5), "g": {"k": 1}}

    signature = infer_signature([1], params=defaults)

    assert [f"{param.name} {param.kind}" for param in signature.params or ()] == [
        "a long", "b double", "c string", "d boolean", "e datetime", "f float", "g {k: long}",
    ]  # fmt: skip
    assert ModelSignature.from_dict(json.loads(json.dumps(signature.to_dict()))) == signature


def test_what_no_schema_has_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="No schema has the type"):
        infer_schema(object())
    with pytest.raises(InvalidRequest, match="shows no type"):
        infer_signature([1], params={"a": None})


KINDS: Any = st.recursive(
    st.sampled_from(list(DataType)) | st.just(AnyType()),
    lambda inner: (
        inner.map(Array)
        | inner.map(Map)
        | st.dictionaries(st.text(min_size=1), st.tuples(inner, st.booleans()), min_size=1, max_size=3).map(
            lambda found: Object([Property(name, *rest) for name, rest in found.items()])
        )
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.text(), st.tuples(KINDS, st.booleans()), min_size=1, max_size=4))
def test_a_schema_of_columns_is_read_as_it_was_written(columns: dict[str, tuple[Any, bool]]) -> None:
    schema = Schema([ColSpec(kind, name, is_required) for name, (kind, is_required) in columns.items()])

    assert Schema.from_json(schema.to_json()) == schema


def test_a_schema_is_of_columns_or_of_tensors_with_names_that_differ() -> None:
    wrongs: list[list[Spec]] = [
        [],
        [ColSpec("long", "a"), TensorSpec("float32", (-1,), "b")],
        [ColSpec("long", "a"), ColSpec("long")],
        [ColSpec("long", "a"), ColSpec("double", "a")],
    ]
    for wrong in wrongs:
        with pytest.raises(InvalidRequest):
            Schema(wrong)
