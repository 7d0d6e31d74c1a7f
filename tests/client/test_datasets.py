"""Descriptions of datasets are those of MLflow's client, but for the fingerprint."""

from __future__ import annotations

import json
from typing import Any

import mlflow.data
import numpy as np
import pandas as pd
import pytest

import fluvial

FRAME = pd.DataFrame(
    {
        "i": [1, 2],
        "small": np.array([1, 2], "int32"),
        "f": [1.5, 2.0],
        "half": np.array([1, 2], "float32"),
        "gap": [1.0, None],
        "s": ["a", "b"],
        "b": [True, False],
        "d": pd.to_datetime(["2020-01-01", "2020-01-02"]),
        "c": pd.Categorical(["x", "y"]),
    }
)


def described(dataset: Any) -> dict[str, Any]:
    """What is sent, without the fingerprint."""
    texts = {name: getattr(dataset, name) for name in ("source", "schema", "profile")}
    return {"name": dataset.name, **{name: json.loads(text) for name, text in texts.items()}}


def mlflow_described(dataset: Any) -> dict[str, Any]:
    """The same of MLflow's dataset."""
    whole = dataset.to_dict()
    return {"name": whole["name"], **{n: json.loads(whole[n]) for n in ("source", "schema", "profile")}}


@pytest.mark.parametrize("source", ["/data/x.csv", "https://example.com/x.csv", "s3://bucket/x.csv"])
def test_a_frame_is_described_as_by_mlflow(source: str) -> None:
    ours = fluvial.data.from_pandas(FRAME, source=source, targets="i", name="train")

    theirs = mlflow.data.from_pandas(FRAME, source=source, targets="i", name="train")

    assert described(ours) == mlflow_described(theirs)
    assert ours.source_type == theirs.to_dict()["source_type"]


@pytest.mark.parametrize(
    ("features", "targets"),
    [
        (np.ones((3, 4)), np.array([1, 2, 3])),
        (np.ones((3, 4)), None),
        ({"a": np.ones((3, 4)), "b": np.ones(3, "float32")}, None),
        ({"a": np.ones((3, 4))}, {"y": np.array([1, 2, 3])}),
    ],
)
def test_arrays_are_described_as_by_mlflow(features: Any, targets: Any) -> None:
    ours = fluvial.data.from_numpy(features, source="/data/x.npy", targets=targets)

    theirs = mlflow.data.from_numpy(features, source="/data/x.npy", targets=targets)

    assert described(ours) == mlflow_described(theirs)


def test_a_fingerprint_follows_the_content() -> None:
    changed = FRAME.assign(i=[1, 3])

    same, other = fluvial.data.from_pandas(FRAME.copy()), fluvial.data.from_pandas(changed)

    assert fluvial.data.from_pandas(FRAME).digest == same.digest != other.digest
    assert len(same.digest) == 8


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(fluvial.errors.InvalidRequest, match="'y'"):
        fluvial.data.from_pandas(FRAME, targets="y")
