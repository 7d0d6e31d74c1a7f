"""Datasets of libraries that may not be installed: their objects are asked, nothing is imported."""

from __future__ import annotations

import hashlib
import importlib
from typing import Any

from fluvial.client.dataset_sources import DatasetSource, delta_source, hugging_face_source, spark_source
from fluvial.client.datasets import (
    DIGEST_CHARS,
    MAX_DIGEST_ROWS,
    ArrayDataset,
    Dataset,
    FrameDataset,
    from_numpy,
)
from fluvial.errors import InvalidRequest

# Names of Arrow, polars and Spark for the types of MLflow's column schema.
_TYPES = {
    "boolean": ("bool", "boolean"),
    "integer": ("int8", "int16", "int32", "uint8", "uint16", "tinyint", "smallint", "int"),
    "long": ("int64", "uint32", "uint64", "bigint"),
    "float": ("float16", "float32", "float"),
    "double": ("float64", "double"),
    "datetime": ("date", "datetime", "timestamp", "timestamp_ntz", "date32", "date64"),
    "binary": ("binary", "large_binary"),
}
_TYPE_BY_NAME = {name: kind for kind, names in _TYPES.items() for name in names}


class HuggingFaceDataset(Dataset):
    """A dataset of the library `datasets`.

    Attributes:
        ds: The dataset.
        targets: Column to be predicted.
    """

    def __init__(self, ds: Any, targets: str | None, **described: Any) -> None:
        if targets is not None and targets not in ds.column_names:
            raise InvalidRequest(f"The dataset has no column {targets!r}.")
        super().__init__(**described)
        self.ds = ds
        self.targets = targets


def from_polars(
    df: Any,
    source: str | DatasetSource | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> FrameDataset:
    """Describe a polars data frame.

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
    n_rows, n_columns = df.shape
    return FrameDataset(
        df,
        targets,
        predictions,
        source=source,
        name=name,
        digest=digest or _digest_of_rows(df.gather_every(max(1, n_rows // MAX_DIGEST_ROWS)), df.shape),
        schema=_columns((label, str(kind)) for label, kind in df.schema.items()),
        profile={"num_rows": n_rows, "num_elements": n_rows * n_columns},
    )


def from_huggingface(
    ds: Any,
    path: str | None = None,
    targets: str | None = None,
    data_dir: str | None = None,
    data_files: Any = None,
    revision: Any = None,
    name: str | None = None,
    digest: str | None = None,
    trust_remote_code: bool | None = None,
    source: str | DatasetSource | None = None,
) -> HuggingFaceDataset:
    """Describe a dataset of the library `datasets`.

    Args:
        ds: The dataset: one split of it.
        path: Its name on the hub.
        targets: Column to be predicted.
        data_dir: As it was given to `load_dataset`.
        data_files: As it was given to `load_dataset`.
        revision: As it was given to `load_dataset`.
        name: For people.
        digest: Fingerprint; the library's own where it is not given.
        trust_remote_code: Refused where it is true: code of a hub is not run by reading a dataset again.
        source: Path or URL that it was read from, if it is not of the hub.

    Raises:
        InvalidRequest: `path` and `source` are both given, or a column is not there.
    """
    if trust_remote_code:
        raise InvalidRequest("A dataset that runs code of the hub cannot be kept as a source: leave it out.")
    if path is not None and source is not None:
        raise InvalidRequest("from_huggingface takes either path, for a dataset of the hub, or source.")
    named = source if path is None else hugging_face_source(path, ds, data_dir, data_files, revision)
    features = ((label, str(getattr(kind, "dtype", kind))) for label, kind in ds.features.items())
    return HuggingFaceDataset(
        ds,
        targets,
        source=named,
        name=name,
        digest=digest or _digest_of_text(str(ds._fingerprint)),  # noqa: SLF001 - the library has no other
        schema=_columns(features),
        profile={
            "num_rows": ds.num_rows,
            "dataset_size": ds.dataset_size,
            "size_in_bytes": ds.size_in_bytes,
        },
    )


def from_spark(
    df: Any,
    path: str | None = None,
    table_name: str | None = None,
    version: str | None = None,
    sql: str | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> FrameDataset:
    """Describe a data frame of Spark. Its rows are not counted, which might take hours.

    Args:
        df: The data.
        path: Where it was read from.
        table_name: The table that it was read from.
        version: Version of a Delta table.
        sql: The query that it is.
        targets: Column to be predicted.
        name: For people.
        digest: Fingerprint; that of Spark's plan where it is not given.
        predictions: Column of predictions.

    Raises:
        InvalidRequest: Not one of path, table and query is given, or a column is not there.
    """
    source: DatasetSource | None = None
    if version is not None:
        source = delta_source(path, table_name, version)
    elif path is not None or table_name is not None or sql is not None:
        source = spark_source(path, table_name, sql)
    return FrameDataset(
        df,
        targets,
        predictions,
        source=source,
        name=name,
        digest=digest or _digest_of_text(str(df.semanticHash())),
        schema=_columns(df.dtypes),
    )


def load_delta(
    path: str | None = None,
    table_name: str | None = None,
    version: str | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
) -> FrameDataset:
    """Read a Delta table with Spark, and describe it.

    Args:
        path: Where it is.
        table_name: Or its name.
        version: Which version; the latest where it is not given.
        targets: Column to be predicted.
        name: For people.
        digest: Fingerprint; that of Spark's plan where it is not given.

    Raises:
        InvalidRequest: Not one of path and name is given, or a column is not there.
        ImportError: Spark is not installed.
    """
    source = delta_source(path, table_name, version)
    df = source.load()
    return FrameDataset(
        df,
        targets,
        None,
        source=source,
        name=name,
        digest=digest or _digest_of_text(str(df.semanticHash())),
        schema=_columns(df.dtypes),
    )


def from_tensorflow(
    features: Any,
    source: str | DatasetSource | None = None,
    targets: Any = None,
    name: str | None = None,
    digest: str | None = None,
) -> ArrayDataset:
    """Describe tensors of TensorFlow, or a `tf.data.Dataset` of a known length.

    Args:
        features: What a model reads.
        source: Path or URL that it was read from; the running code where it is not given.
        targets: What it should say, of the same kind.
        name: For people.
        digest: Fingerprint; computed where it is not given.
    """
    arrays, labels = _arrays(features), None if targets is None else _arrays(targets)
    described = from_numpy(arrays, source, labels, name, digest)
    described.features, described.targets = features, targets
    return described


def _arrays(given: Any) -> Any:
    """Tensors as arrays of numpy; of a `tf.data.Dataset`, its elements as one array."""
    if isinstance(given, dict):
        return {name: _arrays(tensor) for name, tensor in given.items()}
    if hasattr(given, "as_numpy_iterator"):
        numpy = importlib.import_module("numpy")
        elements = list(given.as_numpy_iterator())
        if not elements or any(isinstance(element, tuple | dict) for element in elements):
            raise InvalidRequest(
                "A tf.data.Dataset of single tensors is described; give features and targets apart."
            )
        return numpy.stack([numpy.asarray(element) for element in elements])
    return given.numpy()


def _columns(columns: Any) -> dict[str, Any]:
    return {
        "mlflow_colspec": [
            {"type": _type_of(kind), "name": str(label), "required": True} for label, kind in columns
        ]
    }


def _type_of(name: str) -> str:
    """MLflow's type of a column of Arrow, polars or Spark; text where there is none."""
    plain = name.lower().partition("(")[0].partition("[")[0]
    return _TYPE_BY_NAME.get(plain, "string")


def _digest_of_rows(sample: Any, shape: tuple[int, int]) -> str:
    return _digest_of_text(f"{shape} {sample.schema} {sample.rows()}")


def _digest_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_CHARS]
