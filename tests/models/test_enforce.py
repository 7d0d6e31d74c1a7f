from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from fluvial.errors import InvalidInput
from fluvial.models.enforce import enforcer
from fluvial.models.params import ParamSchema, ParamSpec
from fluvial.models.schema import Array, ColSpec, Map, Object, Property, Schema, TensorSpec

PEOPLE = Schema(
    [ColSpec("long", "age"), ColSpec("double", "income"), ColSpec("string", "name", required=False)]
)
NESTED = Schema(
    [
        ColSpec(Object([Property("p", "string"), Property("q", "double", required=False)]), "o"),
        ColSpec(Array("long"), "l"),
        ColSpec(Map("long"), "m", required=False),
    ]
)
WIDTHS = Schema(
    [ColSpec("integer", "a"), ColSpec("float", "b"), ColSpec("boolean", "c"), ColSpec("datetime", "d")]
)
TENSOR = Schema([TensorSpec("float64", (-1, 4))])
TENSORS = Schema([TensorSpec("float64", (-1, 2), "x"), TensorSpec("int64", (-1,), "y")])
DAY = dt.datetime(2020, 1, 1)  # noqa: DTZ001


def test_a_frame_that_fits_is_handed_on_as_it_is() -> None:
    enforce = enforcer(PEOPLE)
    frame = pd.DataFrame({"age": [1], "income": [1.5], "name": ["x"]})

    assert enforce(frame) is frame
    assert enforce(frame) is frame


@pytest.mark.parametrize(
    "data",
    [
        pd.DataFrame({"income": [2], "age": np.array([1], "int32"), "more": [0]}),
        pd.DataFrame({"age": np.array([1], "uint8"), "income": [Decimal(2)]}),
        pl.DataFrame({"age": [1], "income": [2.0]}),
        {"age": [1], "income": [2.0]},
        {"age": 1, "income": 2},
        {"age": np.array([1]), "income": np.array([2.0])},
        [{"age": 1, "income": 2.0}],
    ],
)
def test_columns_come_in_many_forms_and_are_ordered_widened_and_cut(data: Any) -> None:
    found = enforcer(PEOPLE)(data)

    assert list(found.columns) == ["age", "income"]
    assert [str(dtype) for dtype in found.dtypes] == ["int64", "float64"]
    assert found.iloc[0].tolist() == [1, 2.0]


def test_values_of_json_are_narrowed_where_they_fit() -> None:
    found = enforcer(WIDTHS)({"a": 7, "b": 0.1, "c": True, "d": "2020-01-01T00:00:00"})

    assert [str(dtype) for dtype in found.dtypes] == ["int32", "float32", "bool", "datetime64[ns]"]
    assert found["d"].iloc[0] == pd.Timestamp(DAY)


@pytest.mark.parametrize(
    ("schema", "data", "said"),
    [
        (
            PEOPLE,
            pd.DataFrame({"agee": [1]}),
            ["column 'age' (long) is missing: is it 'agee'?", "'income' (double)"],
        ),
        (
            PEOPLE,
            pd.DataFrame({"age": [1.0], "income": [1.0]}),
            ["column 'age' is long, and was given float64"],
        ),
        (
            PEOPLE,
            pd.DataFrame({"age": [1, None], "income": [1.0, 2]}),
            ["'age' is long", "missing values become"],
        ),
        (
            PEOPLE,
            pd.DataFrame({"age": [True], "income": [1.0]}),
            ["column 'age' is long, and was given bool"],
        ),
        (
            PEOPLE,
            pd.DataFrame({"age": ["1"], "income": [1.0]}),
            ["column 'age'[0] is long, and was given '1' (str)"],
        ),
        (
            PEOPLE,
            pd.DataFrame({"age": [1], "income": [2**60]}),
            ["'income' is double", "is not exact as double"],
        ),
        (PEOPLE, {"age": [1, 2], "income": [1.0]}, ["different lengths: 'age' has 2, 'income' has 1"]),
        (PEOPLE, object(), ["The model takes columns", "not object"]),
        (
            WIDTHS,
            {"a": 2**40, "b": 0.1, "c": 1, "d": DAY},
            ["'a' is integer", "'c' is boolean, and was given int64"],
        ),
        (
            WIDTHS,
            pd.DataFrame({"a": [1], "b": [1.0], "c": [True], "d": ["2020"]}),
            ["'d' is datetime", "to_datetime"],
        ),
        (NESTED, {"o": {"q": 1.0}, "l": [1]}, ["column 'o'[0] lacks 'p' (string)"]),
        (NESTED, {"o": {"p": "x", "z": 1}, "l": [1]}, ["column 'o'[0] has 'z', which"]),
        (NESTED, {"o": {"p": 1}, "l": [1]}, ["column 'o'[0].p is string, and was given 1 (int)"]),
        (NESTED, {"o": {"p": "x"}, "l": ["a"]}, ["column 'l'[0][0] is long, and was given 'a' (str)"]),
        (
            NESTED,
            {"o": {"p": "x"}, "l": [1], "m": {"k": "s"}},
            ["column 'm'[0]['k'] is long, and was given 's'"],
        ),
        (TENSOR, np.zeros((2, 3)), ["the input has the shape (-1, 4), and was given (2, 3)"]),
        (TENSOR, np.zeros((2, 4), "float32"), ["the input is float64, and was given float32"]),
        (TENSOR, [[1, 2], [3]], ["lists of different lengths"]),
        (TENSORS, {"x": np.zeros((1, 2))}, ["tensor 'y' (int64) is missing"]),
        (TENSORS, np.zeros((1, 2)), ["a dict of tensors, and was given ndarray"]),
    ],
)
def test_what_does_not_fit_is_said_by_name_wanted_and_given(
    schema: Schema, data: Any, said: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        enforcer(schema)(data)

    for each in said:
        assert each in str(refused.value)


def test_a_dict_of_nested_values_is_one_row_or_columns_as_its_depth_says() -> None:
    enforce = enforcer(NESTED)

    assert len(enforce({"o": {"p": "x"}, "l": [1, 2]})) == 1
    assert len(enforce({"o": [{"p": "x"}, {"p": "y"}], "l": [[1], [2]]})) == 2


def test_missing_values_are_for_columns_that_are_optional_or_floats() -> None:
    found = enforcer(PEOPLE)(pd.DataFrame({"age": [1, 2], "income": [None, 1.0], "name": ["x", None]}))

    assert found["income"].isna().tolist() == [True, False]
    assert found["name"].isna().tolist() == [False, True]


def test_tensors_come_as_lists_and_frames_too() -> None:
    expected = [[1.0, 2.0, 3.0, 4.0]]

    assert enforcer(TENSOR)([[1, 2, 3, 4]]).tolist() == expected
    assert enforcer(TENSOR)(pd.DataFrame(expected)).tolist() == expected
    both = enforcer(TENSORS)({"x": [[1.0, 2.0]], "y": [1]})
    assert {name: (str(array.dtype), array.shape) for name, array in both.items()} == {
        "x": ("float64", (1, 2)),
        "y": ("int64", (1,)),
    }


def test_params_have_defaults_and_types() -> None:
    schema = ParamSchema(
        [ParamSpec("t", "double", 0.5), ParamSpec("n", "long", 3), ParamSpec("l", "string", ["a"], (-1,))]
    )

    assert schema.enforce(None) == {"t": 0.5, "n": 3, "l": ["a"]}
    assert schema.enforce({"t": 1, "unknown": 1}) == {"t": 1.0, "n": 3, "l": ["a"]}
    for wrong, said in (
        ({"n": 1.5}, "'n' is long, not 1.5 (float)"),
        ({"n": True}, "'n' is long, not True (bool)"),
        ({"l": "a"}, "'l' is a list of string, not 'a' (str)"),
        ({"t": [1.0]}, "'t' is double, not [1.0] (list): give a list of it"),
    ):
        with pytest.raises(InvalidInput) as refused:
            schema.enforce(wrong)
        assert said.split(": give")[0] in str(refused.value)
