from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse

from fluvial.models import outputs

ANSWERS: dict[str, tuple[Any, Any]] = {
    "array": (np.array([[1, 2]]), [[1, 2]]),
    "table": (pd.DataFrame({"a": [1.5], "b": ["x"]}), {"a": [1.5], "b": ["x"]}),
    "table of polars": (pl.DataFrame({"a": [1, 2]}), {"a": [1, 2]}),
    "column": (pd.Series([True, False]), [True, False]),
    "sparse": (sparse.csr_matrix([[0, 1]]), [[0, 1]]),
    "not finite": ([math.nan, -math.inf], ["NaN", "-Infinity"]),
    "nested": ({"a": (np.float32(0.5), b"\x01")}, {"a": [0.5, "01"]}),
}


@pytest.mark.parametrize(("answer", "plain"), ANSWERS.values(), ids=ANSWERS.keys())
def test_answers_are_kept_as_json(answer: Any, plain: Any, tmp_path: Any) -> None:
    outputs.write(tmp_path, answer)

    assert outputs.read(tmp_path) == plain == outputs.plain(answer)


def test_numbers_may_differ_by_the_order_of_adding_them_up() -> None:
    assert not list(outputs.differences([1.0, 0.0, "NaN"], [1.000001, 1e-9, "NaN"]))


def test_each_difference_names_its_place() -> None:
    expected = {"a": [1, 2.0], "b": True, "c": [1], "d": None}
    given = {"a": [1, 2.1], "b": 1, "c": [1, 2], "d": None}

    assert list(outputs.differences(expected, given)) == [
        "answer['a'][1] is 2.1 instead of 2.0",
        "answer['b'] is 1 instead of True",
        "answer['c'] has 2 values instead of 1",
    ]
    assert list(outputs.differences({"a": 1}, {"b": 1})) == ["answer has ['b'] instead of ['a']"]
