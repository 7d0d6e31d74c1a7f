"""Where a dataset came from: what is kept of it, and how it is read back."""

from __future__ import annotations

import importlib
import json
import shutil
import tempfile
import urllib.request
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from fluvial.client.capture.source import SOURCE_NAME_TAG, SOURCE_TYPE_TAG, source_tags
from fluvial.entities.run import USER_TAG
from fluvial.errors import InvalidRequest, NotSupported

_LOCAL = "local"
_HTTP = "http"
_CODE = "code"
_HUGGING_FACE = "hugging_face"
_SPARK = "spark"
_DELTA = "delta_table"
HTTP_TIMEOUT_S = 60


class DatasetSource:
    """Where a dataset came from.

    Attributes:
        source_type: Kind of source: `local`, `http`, `code`, `hugging_face`, `spark`, `delta_table`, or
            the scheme of a URI.

    Args:
        source_type: See above.
        described: What is kept of it, as JSON has it.
    """

    def __init__(self, source_type: str, described: Mapping[str, Any]) -> None:
        self.source_type = source_type
        self._described = dict(described)

    @property
    def uri(self) -> str | None:
        """The path or URL, of a source that has one."""
        return self._described.get("uri") or self._described.get("url") or self._described.get("path")

    def to_dict(self) -> dict[str, Any]:
        """What is kept of it."""
        return dict(self._described)

    def to_json(self) -> str:
        """The same as JSON."""
        return json.dumps(self._described)

    def load(self, dst_path: str | None = None) -> Any:
        """Read the data again.

        Args:
            dst_path: Folder that a download goes to; a new one where it is not given.

        Returns:
            The path of a file on this machine; for Hugging Face the dataset, for Spark and Delta the
            data frame.

        Raises:
            NotSupported: This kind of source cannot be read from here.
            ImportError: The library that reads it is not installed.
        """
        if self.source_type == _LOCAL:
            return self._local_copy(dst_path)
        if self.source_type == _HTTP:
            return _download(self._described["url"], dst_path)
        if self.source_type == _HUGGING_FACE:
            return self._load_hugging_face()
        if self.source_type in (_SPARK, _DELTA):
            return self._load_spark()
        raise NotSupported(
            f"A dataset's source of the kind {self.source_type!r} is not read by fluvial: {self.to_json()}."
        )

    def _local_copy(self, dst_path: str | None) -> str:
        uri = str(self._described["uri"])
        path = Path(unquote(urlsplit(uri).path) if uri.startswith("file:") else uri)
        if dst_path is None:
            return str(path)
        target = Path(dst_path, path.name)
        if path.is_dir():
            shutil.copytree(path, target)
        else:
            shutil.copyfile(path, target)
        return str(target)

    def _load_hugging_face(self) -> Any:
        told = dict(self._described)
        if told.get("split") == "None":
            told["split"] = None
        names = {"path": "path", "config_name": "name", "data_dir": "data_dir", "data_files": "data_files"}
        chosen = {names.get(key, key): value for key, value in told.items() if value is not None}
        return importlib.import_module("datasets").load_dataset(**chosen)

    def _load_spark(self) -> Any:
        session = importlib.import_module("pyspark.sql").SparkSession.builder.getOrCreate()
        told = self._described
        table = told.get("table_name") or told.get("delta_table_name")
        if told.get("sql"):
            return session.sql(told["sql"])
        if self.source_type == _SPARK:
            return session.table(table) if table else session.read.load(told["path"])
        reader = session.read.format("delta")
        if told.get("delta_table_version") is not None:
            reader = reader.option("versionAsOf", told["delta_table_version"])
        return reader.table(table) if table else reader.load(told["path"])

    def __repr__(self) -> str:
        return f"<DatasetSource {self.source_type} {self.to_json()}>"


class HTTPDatasetSource(DatasetSource):
    """A file on the web.

    Args:
        url: Where it is.
    """

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise InvalidRequest(f"The source of a dataset on the web is http:// or https://, not {url!r}.")
        super().__init__(_HTTP, {"url": url})


def as_source(given: str | DatasetSource | None) -> DatasetSource:
    """The source that a user named: a path, a URL, or one that is made already; the running code if none.

    Raises:
        InvalidRequest: It is none of these.
    """
    if isinstance(given, DatasetSource):
        return given
    if given is None:
        tags = source_tags()
        return DatasetSource(
            _CODE, {"tags": {key: tags[key] for key in (USER_TAG, SOURCE_NAME_TAG, SOURCE_TYPE_TAG)}}
        )
    uri = str(given)
    scheme, separator, _ = uri.partition("://")
    if scheme in ("http", "https"):
        return HTTPDatasetSource(uri)
    return DatasetSource(scheme if separator and scheme != "file" else _LOCAL, {"uri": uri})


def hugging_face_source(
    path: str, dataset: Any, data_dir: str | None, data_files: Any, revision: Any
) -> DatasetSource:
    """A dataset of Hugging Face's hub."""
    return DatasetSource(
        _HUGGING_FACE,
        {
            "path": path,
            "config_name": dataset.config_name,
            "data_dir": data_dir,
            "data_files": data_files,
            "split": str(dataset.split),
            "revision": revision,
        },
    )


def spark_source(path: str | None, table_name: str | None, sql: str | None) -> DatasetSource:
    """What Spark read: exactly one of a path, a table and a query."""
    named = {"path": path, "table_name": table_name, "sql": sql}
    given = {name: value for name, value in named.items() if value is not None}
    if len(given) != 1:
        raise InvalidRequest("A Spark dataset is named by one of path, table_name and sql.")
    return DatasetSource(_SPARK, given)


def delta_source(path: str | None, table_name: str | None, version: str | None) -> DatasetSource:
    """A Delta table, by its path or its name."""
    if (path is None) == (table_name is None):
        raise InvalidRequest("A Delta table is named by its path or by its table_name.")
    named = {"path": path, "delta_table_name": table_name, "delta_table_version": version}
    return DatasetSource(_DELTA, {name: value for name, value in named.items() if value is not None})


def stored_source(source_type: str, text: str) -> DatasetSource:
    """The source that a run has kept."""
    return DatasetSource(source_type, json.loads(text))


def _download(url: str, dst_path: str | None) -> str:
    folder = Path(dst_path) if dst_path is not None else Path(tempfile.mkdtemp(prefix="fluvial-"))
    target = folder / (PurePosixPath(urlsplit(url).path).name or "dataset")
    with urllib.request.urlopen(url, timeout=HTTP_TIMEOUT_S) as answer, target.open("wb") as file:  # noqa: S310 - http only, see HTTPDatasetSource
        shutil.copyfileobj(answer, file)
    return str(target)
