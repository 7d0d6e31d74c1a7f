"""Descriptions of datasets are those of MLflow's client, but for the fingerprint."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path
from typing import Any, ClassVar

import mlflow.data
import mlflow.data.http_dataset_source
import mlflow.data.meta_dataset
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
    whole = dataset.to_dict()
    del whole["digest"]
    return {name: json.loads(text) if text[:1] == "{" else text for name, text in whole.items()}


@pytest.mark.parametrize("source", ["/data/x.csv", "https://example.com/x.csv", "s3://bucket/x.csv"])
def test_a_frame_is_described_as_by_mlflow(source: str) -> None:
    ours = fluvial.data.from_pandas(FRAME, source=source, targets="i", name="train")

    theirs = mlflow.data.from_pandas(FRAME, source=source, targets="i", name="train")

    assert described(ours) == described(theirs)


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

    assert described(ours) == described(theirs)


def test_a_fingerprint_follows_the_content() -> None:
    changed = FRAME.assign(i=[1, 3])

    same, other = fluvial.data.from_pandas(FRAME.copy()), fluvial.data.from_pandas(changed)

    assert fluvial.data.from_pandas(FRAME).digest == same.digest != other.digest
    assert len(same.digest) == 8


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(fluvial.errors.InvalidRequest, match="'y'"):
        fluvial.data.from_pandas(FRAME, targets="y")


def test_a_dataset_that_is_only_named_is_described_as_by_mlflow() -> None:
    url = "https://example.com/prices.csv"

    ours = fluvial.data.MetaDataset(fluvial.data.HTTPDatasetSource(url), name="prices")

    source = mlflow.data.http_dataset_source.HTTPDatasetSource(url)
    assert described(ours) == described(mlflow.data.meta_dataset.MetaDataset(source, name="prices"))
    assert len(ours.digest) == 8


def test_a_source_is_read_back(tmp_path: Path) -> None:
    table = tmp_path / "x.csv"
    table.write_text("a\n1\n")
    dataset = fluvial.data.from_pandas(FRAME, source=str(table))
    (tmp_path / "copy").mkdir()

    kept = fluvial.data.get_source(dataset.to_entity())

    assert kept.load() == str(table)
    assert Path(kept.load(str(tmp_path / "copy"))).read_text() == "a\n1\n"
    with pytest.raises(fluvial.errors.NotSupported, match="'code'"):
        fluvial.data.from_pandas(FRAME).source.load()


class PolarsFrame:
    """As much of a polars data frame as is asked for."""

    columns = ("a", "l", "t")
    schema: ClassVar = {"a": "Int64", "l": "List(Int64)", "t": "Datetime(time_unit='us', time_zone=None)"}
    shape = (2, 3)

    def gather_every(self, n: int) -> PolarsFrame:
        assert n == 1
        return self

    def rows(self) -> list[tuple[object, ...]]:
        return [(1, [1], "x"), (2, [2], "y")]


def test_a_frame_of_polars_is_described() -> None:
    dataset = fluvial.data.from_polars(PolarsFrame(), source="/x.csv", targets="a")

    assert dataset.schema is not None
    assert [column["type"] for column in dataset.schema["mlflow_colspec"]] == ["long", "string", "datetime"]
    assert dataset.profile == {"num_rows": 2, "num_elements": 6}
    assert dataset.digest == fluvial.data.from_polars(PolarsFrame()).digest


class HubFeature:
    dtype = "int32"


class HubDataset:
    """As much of a dataset of Hugging Face as is asked for."""

    _fingerprint = "f00"
    column_names = ("n", "text")
    features: ClassVar = {"n": HubFeature(), "text": "Value('string')"}
    num_rows, dataset_size, size_in_bytes = 2, 30, 40
    config_name, split = "default", "train"


def test_a_dataset_of_the_hub_is_described_and_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    library = types.ModuleType("datasets")
    library.load_dataset = lambda **told: told  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "datasets", library)

    dataset = fluvial.data.from_huggingface(HubDataset(), path="acme/words", revision="v1", targets="n")

    assert dataset.source_type == "hugging_face"
    assert dataset.source.load() == {
        "path": "acme/words", "name": "default", "split": "train", "revision": "v1",
    }  # fmt: skip
    assert dataset.schema is not None
    assert [column["type"] for column in dataset.schema["mlflow_colspec"]] == ["integer", "string"]
    assert dataset.profile == {"num_rows": 2, "dataset_size": 30, "size_in_bytes": 40}
    with pytest.raises(fluvial.errors.InvalidRequest, match="either path"):
        fluvial.data.from_huggingface(HubDataset(), path="a/b", source="/x")


class SparkFrame:
    """As much of a data frame of Spark as is asked for."""

    columns = ("a", "b")
    dtypes = (("a", "bigint"), ("b", "decimal(10,2)"))

    def semanticHash(self) -> int:  # noqa: N802 - Spark's name
        return 7


class SparkReader:
    """Spark's reader, which says what it was asked for in the frame that it gives."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def format(self, name: str) -> SparkReader:
        self.asked.append(("format", name))
        return self

    def option(self, name: str, value: str) -> SparkReader:
        self.asked.append((name, value))
        return self

    def load(self, path: str) -> SparkFrame:
        self.asked.append(("load", path))
        return SparkFrame()


def test_a_delta_table_is_read_with_spark_and_described(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = SparkReader()
    session = types.SimpleNamespace(read=reader)
    library = types.ModuleType("pyspark.sql")
    builder = types.SimpleNamespace(getOrCreate=lambda: session)
    library.SparkSession = types.SimpleNamespace(builder=builder)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyspark", types.ModuleType("pyspark"))
    monkeypatch.setitem(sys.modules, "pyspark.sql", library)

    dataset = fluvial.data.load_delta(path="/tables/prices", version="3", targets="a")

    assert reader.asked == [("format", "delta"), ("versionAsOf", "3"), ("load", "/tables/prices")]
    assert dataset.source_type == "delta_table"
    assert dataset.source.to_dict() == {"path": "/tables/prices", "delta_table_version": "3"}
    assert dataset.schema is not None
    assert [column["type"] for column in dataset.schema["mlflow_colspec"]] == ["long", "string"]


def test_a_frame_of_spark_says_what_it_was_read_from() -> None:
    dataset = fluvial.data.from_spark(SparkFrame(), table_name="prices", name="p")

    assert (dataset.source_type, dataset.source.to_dict()) == ("spark", {"table_name": "prices"})
    assert fluvial.data.from_spark(SparkFrame()).source_type == "code"
    with pytest.raises(fluvial.errors.InvalidRequest, match="one of path, table_name and sql"):
        fluvial.data.from_spark(SparkFrame(), table_name="prices", path="/x")


class Tensor:
    """As much of a tensor of TensorFlow as is asked for."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def numpy(self) -> Any:
        return self.array


class TensorDataset:
    """As much of a `tf.data.Dataset` as is asked for."""

    def as_numpy_iterator(self) -> Any:
        return iter([np.ones(2), np.zeros(2)])


def test_tensors_are_described_as_arrays() -> None:
    arrays = fluvial.data.from_numpy(np.array([np.ones(2), np.zeros(2)]), source="/x", targets=np.ones(2))

    dataset = fluvial.data.from_tensorflow(TensorDataset(), source="/x", targets=Tensor(np.ones(2)))

    assert dataset.to_dict() == arrays.to_dict()
    assert isinstance(dataset.features, TensorDataset)
