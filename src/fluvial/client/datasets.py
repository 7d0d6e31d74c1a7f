"""Datasets that a run reads: name, fingerprint, columns and size, in the form of MLflow's client."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from fluvial.client.dataset_sources import DatasetSource, as_source
from fluvial.entities.dataset import Dataset as DatasetEntity
from fluvial.errors import InvalidRequest

DEFAULT_NAME = "dataset"
DIGEST_CHARS = 8
# A larger table is known by its shape, its columns, and this many rows spread over it.
MAX_DIGEST_ROWS = 10_000

_TYPES = {
    "bool": "boolean",
    "int8": "integer",
    "int16": "integer",
    "int32": "integer",
    "uint8": "integer",
    "uint16": "integer",
    "float16": "float",
    "float32": "float",
    "float64": "double",
    "bytes": "binary",
}


class Dataset:
    """A dataset, described.

    Attributes:
        name: For people.
        digest: Fingerprint of the content.
        source: Where it came from.
        schema: Columns and their types, as JSON has them.
        profile: Counts, as JSON has them.
    """

    def __init__(
        self,
        source: str | DatasetSource | None = None,
        name: str | None = None,
        digest: str | None = None,
        schema: Mapping[str, Any] | None = None,
        profile: Mapping[str, Any] | None = None,
    ) -> None:
        self.source = as_source(source)
        self.name = name or DEFAULT_NAME
        self.schema = schema
        self.profile = profile
        self.digest = digest or _digest_of_texts(self.source.to_json(), json.dumps(schema))

    @property
    def source_type(self) -> str:
        """Kind of source, such as `local` or `http`."""
        return self.source.source_type

    def to_dict(self) -> dict[str, str]:
        """What is kept of it: texts, of which source, schema and profile are JSON."""
        kept = {
            "name": self.name,
            "digest": self.digest,
            "source": self.source.to_json(),
            "source_type": self.source_type,
        }
        described = {"schema": self.schema, "profile": self.profile}
        return kept | {key: json.dumps(value) for key, value in described.items() if value is not None}

    def to_json(self) -> str:
        """The same as JSON."""
        return json.dumps(self.to_dict())

    def to_entity(self) -> DatasetEntity:
        """The dataset as it is sent."""
        return DatasetEntity(**self.to_dict())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r} {self.digest}>"


class MetaDataset(Dataset):
    """A dataset that is only named: where it is and what its columns are, without its data.

    Example:
        >>> prices = fluvial.data.MetaDataset("https://example.com/prices.csv", name="prices")
        >>> with fluvial.start_run():
        ...     fluvial.log_input(prices, context="training")
    """

    def __init__(
        self,
        source: str | DatasetSource,
        name: str | None = None,
        digest: str | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(source, name, digest, schema)


class FrameDataset(Dataset):
    """A table in memory, of pandas, polars or Spark.

    Attributes:
        df: The table.
        targets: Column to be predicted.
        predictions: Column of predictions.
    """

    def __init__(self, df: Any, targets: str | None, predictions: str | None, **described: Any) -> None:
        for column in (targets, predictions):
            if column is not None and column not in df.columns:
                raise InvalidRequest(f"The data frame has no column {column!r}.")
        super().__init__(**described)
        self.df = df
        self.targets = targets
        self.predictions = predictions


class ArrayDataset(Dataset):
    """Arrays, each alone or in a dict by name.

    Attributes:
        features: What a model reads.
        targets: What it should say.
    """

    def __init__(self, features: Any, targets: Any, **described: Any) -> None:
        super().__init__(**described)
        self.features = features
        self.targets = targets


def from_pandas(
    df: Any,
    source: str | DatasetSource | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> FrameDataset:
    """Describe a pandas data frame.

    Args:
        df: The data.
        source: Path or URL that it was read from; the running code where it is not given.
        targets: Column to be predicted.
        name: For people.
        digest: Fingerprint; computed where it is not given.
        predictions: Column of predictions.

    Raises:
        InvalidRequest: A column is not there.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"size": [1.0, 2.0], "price": [10.0, 19.0]})
        >>> fluvial.data.from_pandas(table, name="prices", targets="price").profile
        {'num_rows': 2, 'num_elements': 4}
    """
    return FrameDataset(
        df,
        targets,
        predictions,
        name=name,
        digest=digest or _digest_of_frame(df),
        source=source,
        schema={"mlflow_colspec": [_column(str(label), df[label]) for label in df.columns]},
        profile={"num_rows": len(df), "num_elements": int(df.size)},
    )


def from_numpy(
    features: Any,
    source: str | DatasetSource | None = None,
    targets: Any = None,
    name: str | None = None,
    digest: str | None = None,
) -> ArrayDataset:
    """Describe arrays of numpy, each alone or in a dict by name.

    Args:
        features: What a model reads.
        source: Path or URL that it was read from; the running code where it is not given.
        targets: What it should say.
        name: For people.
        digest: Fingerprint; computed where it is not given.
    """
    given = {"features": features} if targets is None else {"features": features, "targets": targets}
    profile: dict[str, Any] = {}
    for part, arrays in given.items():
        profile[f"{part}_shape"] = _each(arrays, lambda array: list(array.shape))
        profile[f"{part}_size"] = _each(arrays, lambda array: int(array.size))
        profile[f"{part}_nbytes"] = _each(arrays, lambda array: int(array.nbytes))
    tensors = {
        "features": json.dumps(_tensors(features)),
        "targets": None if targets is None else json.dumps(_tensors(targets)),
    }
    return ArrayDataset(
        features,
        targets,
        name=name,
        digest=digest or _digest_of_arrays(given),
        source=source,
        schema={"mlflow_tensorspec": tensors},
        profile=profile,
    )


def _column(name: str, series: Any) -> dict[str, Any]:
    return {
        "type": _column_type(series),
        "name": name,
        "required": not bool(series.isna().any()),
    }


def _column_type(series: Any) -> str:
    dtype = str(series.dtype).lower()
    if dtype in _TYPES:
        return _TYPES[dtype]
    if dtype.startswith(("int", "uint")):
        return "long"
    if dtype.startswith("float"):
        return "double"
    return "datetime" if dtype.startswith("datetime") else "string"


def _tensors(arrays: Any) -> list[dict[str, Any]]:
    def tensor(array: Any) -> dict[str, Any]:
        shape = [-1, *array.shape[1:]]
        return {"type": "tensor", "tensor-spec": {"dtype": str(array.dtype), "shape": shape}}

    if isinstance(arrays, Mapping):
        return [{"name": name, **tensor(array)} for name, array in arrays.items()]
    return [tensor(arrays)]


def _each(arrays: Any, measure: Any) -> Any:
    if isinstance(arrays, Mapping):
        return {name: measure(array) for name, array in arrays.items()}
    return measure(arrays)


def _digest_of_texts(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:DIGEST_CHARS]


def _digest_of_frame(df: Any) -> str:
    sample = df.iloc[:: max(1, len(df) // MAX_DIGEST_ROWS)]
    digest = hashlib.sha256(f"{df.shape} {[(str(c), str(t)) for c, t in df.dtypes.items()]}".encode())
    digest.update(sample.to_csv(index=False).encode())
    return digest.hexdigest()[:DIGEST_CHARS]


def _digest_of_arrays(given: Mapping[str, Any]) -> str:
    digest = hashlib.sha256()
    for part, arrays in given.items():
        for name, array in arrays.items() if isinstance(arrays, Mapping) else [("", arrays)]:
            digest.update(f"{part} {name} {array.shape} {array.dtype}".encode())
            digest.update(array[:: max(1, len(array) // MAX_DIGEST_ROWS)].tobytes())
    return digest.hexdigest()[:DIGEST_CHARS]
