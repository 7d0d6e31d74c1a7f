"""Datasets that a run reads: name, fingerprint, columns and size, in the form of MLflow's client."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from fluvial.client.provenance import SOURCE_NAME_TAG, SOURCE_TYPE_TAG, source_tags
from fluvial.entities.dataset import Dataset as DatasetEntity
from fluvial.entities.run import USER_TAG
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
        source_type: Kind of source, such as `local` or `http`.
        source: Where it came from, JSON.
        schema: Columns and their types, JSON.
        profile: Counts, JSON.
    """

    def __init__(
        self,
        *,
        name: str | None,
        digest: str,
        source: str | None,
        schema: Mapping[str, Any],
        profile: Mapping[str, Any],
    ) -> None:
        self.name = name or DEFAULT_NAME
        self.digest = digest
        self.source_type, described = _describe_source(source)
        self.source = json.dumps(described)
        self.schema = json.dumps(schema)
        self.profile = json.dumps(profile)

    def to_entity(self) -> DatasetEntity:
        """The dataset as it is sent."""
        return DatasetEntity(
            name=self.name,
            digest=self.digest,
            source_type=self.source_type,
            source=self.source,
            schema=self.schema,
            profile=self.profile,
        )

    def __repr__(self) -> str:
        return f"<Dataset {self.name!r} {self.digest}>"


def from_pandas(
    df: Any,
    source: str | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> Dataset:
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
    """
    for column in (targets, predictions):
        if column is not None and column not in df.columns:
            raise InvalidRequest(f"The data frame has no column {column!r}.")
    return Dataset(
        name=name,
        digest=digest or _digest_of_frame(df),
        source=source,
        schema={"mlflow_colspec": [_column(str(label), df[label]) for label in df.columns]},
        profile={"num_rows": len(df), "num_elements": int(df.size)},
    )


def from_numpy(
    features: Any,
    source: str | None = None,
    targets: Any = None,
    name: str | None = None,
    digest: str | None = None,
) -> Dataset:
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
    return Dataset(
        name=name,
        digest=digest or _digest_of_arrays(given),
        source=source,
        schema={"mlflow_tensorspec": tensors},
        profile=profile,
    )


def _describe_source(source: str | None) -> tuple[str, dict[str, Any]]:
    """Kind of a source, and the source in that kind's form."""
    if source is None:
        tags = source_tags()
        return "code", {"tags": {key: tags[key] for key in (USER_TAG, SOURCE_NAME_TAG, SOURCE_TYPE_TAG)}}
    scheme, separator, _ = source.partition("://")
    if scheme in ("http", "https"):
        return "http", {"url": source}
    return (scheme if separator and scheme != "file" else "local"), {"uri": source}


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
