"""Tables of a run: logged as columns that grow, kept as one file, read back as a data frame."""

from __future__ import annotations

import importlib
import io
import json
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from fluvial.client import artifact_formats as formats
from fluvial.client.image import Image, preview_bytes
from fluvial.client.tracker import Tracker
from fluvial.errors import InvalidRequest, MissingExtra, NotFound

ARTIFACTS_TAG = "mlflow.loggedArtifacts"
IMAGES_FOLDER = "table_images"
SUFFIXES = (".json", ".parquet")

Columns = dict[str, list[Any]]


def log_table(tracker: Tracker, run_id: str, data: Any, artifact_file: str) -> None:
    """Keep a table; one of that name gets the rows appended.

    A column that only some of the rows have is empty in the others. Images in cells are kept as files
    beside the table.

    Raises:
        InvalidRequest: It is no table, or is named otherwise.
    """
    if not artifact_file.endswith(SUFFIXES):
        raise InvalidRequest(f"A table is kept as a .json or .parquet file, not {artifact_file!r}.")
    folder = f"{IMAGES_FOLDER}/{PurePosixPath(artifact_file).with_suffix('')}"
    new = {
        name: [
            _keep_image(tracker, run_id, folder, cell) if isinstance(cell, Image) else cell for cell in cells
        ]
        for name, cells in table_columns(data).items()
    }
    tables = tracker.tables_of(run_id)
    if artifact_file not in tables:
        tables[artifact_file] = _earlier_table(tracker, run_id, artifact_file) or {name: [] for name in new}
    kept = tables[artifact_file]
    for name in new:
        kept.setdefault(name, [None] * len(next(iter(kept.values()), [])))
    n_rows = len(next(iter(new.values()), []))
    for name, column in kept.items():
        column.extend(new.get(name, [None] * n_rows))
    tracker.log_file(run_id, artifact_file, _table_bytes(kept, artifact_file))
    named = json.dumps([{"path": path, "type": "table"} for path in tables])
    tracker.set_tags(run_id, {ARTIFACTS_TAG: named})


def read_table(tracker: Tracker, run_id: str, artifact_file: str) -> Columns | None:
    """A table of a run as columns; none where the run has none of that name."""
    with tempfile.TemporaryDirectory() as scratch:
        content = Path(scratch, "table")
        try:
            tracker.connected().download(run_id, artifact_file, content)
        except NotFound:
            return None
        return _columns_of(content.read_bytes(), artifact_file)


def table_columns(data: Any) -> Columns:
    """A table as lists of equal length by column.

    Args:
        data: A pandas data frame, or a dict of values or lists.

    Raises:
        InvalidRequest: It is neither, or its columns differ in length.
    """
    if hasattr(data, "to_dict") and hasattr(data, "columns"):
        return {str(name): list(data[name]) for name in data.columns}
    if not isinstance(data, dict):
        raise InvalidRequest(f"log_table takes a data frame or a dict, not {type(data).__name__}.")
    columns = {
        str(name): list(column) if isinstance(column, list | tuple) or hasattr(column, "tolist") else [column]
        for name, column in data.items()
    }
    if len({len(column) for column in columns.values()}) > 1:
        raise InvalidRequest("The columns of a table have one length.")
    return columns


def _keep_image(tracker: Tracker, run_id: str, folder: str, image: Image) -> dict[str, str]:
    """Keep an image as a file of the run; returns the cell that names it."""
    path = f"{folder}/{uuid.uuid4()}.png"
    content = formats.image_bytes(image, path)
    tracker.log_file(run_id, path, content)
    cell = {"type": "image", "filepath": path}
    preview = preview_bytes(content)
    if preview is not None:
        cell["compressed_filepath"] = path.removesuffix(".png") + ".webp"
        tracker.log_file(run_id, cell["compressed_filepath"], preview)
    return cell


def _earlier_table(tracker: Tracker, run_id: str, artifact_file: str) -> Columns | None:
    """The table that an earlier process logged; none if this process started the run."""
    return None if tracker.has_started(run_id) else read_table(tracker, run_id, artifact_file)


def _table_bytes(columns: Mapping[str, list[Any]], path: str) -> bytes:
    """A table as MLflow keeps it: JSON with the columns' names and rows of values; or Parquet."""
    if path.endswith(".parquet"):
        target = io.BytesIO()
        _pandas().DataFrame(columns).to_parquet(target, index=False)
        return target.getvalue()
    rows = [list(map(_cell, row)) for row in zip(*columns.values(), strict=True)]
    return msgspec.json.encode({"columns": list(columns), "data": rows}, enc_hook=formats.plain)


def _columns_of(content: bytes, path: str) -> Columns:
    if path.endswith(".parquet"):
        frame = _pandas().read_parquet(io.BytesIO(content))
        return {str(name): list(frame[name]) for name in frame.columns}
    table = json.loads(content)
    return {name: [row[i] for row in table["data"]] for i, name in enumerate(table["columns"])}


def _cell(value: Any) -> Any:
    """A value as JSON has it: numbers of numpy as numbers, times in ISO 8601, what is missing as null."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if hasattr(value, "isoformat"):
        if value != value:  # noqa: PLR0124 - so that pandas' missing time is found without pandas
            return None
        return value.isoformat(timespec="milliseconds") if hasattr(value, "hour") else value.isoformat()
    return value


def _pandas() -> Any:
    try:
        return importlib.import_module("pandas")
    except ModuleNotFoundError as error:
        raise MissingExtra("A table as a .parquet file", "pandas") from error
