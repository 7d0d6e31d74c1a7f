"""`run.log({…})`: values of any kind under nested names, each kept as what it is."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fluvial.client import artifact_formats as formats
from fluvial.client import run_files
from fluvial.client.histogram import Histogram, log_histograms
from fluvial.client.media import Media, as_item, list_items, log_media
from fluvial.client.tables import table_columns
from fluvial.client.tracker import Tracker
from fluvial.client.values import as_float, as_key, as_step
from fluvial.errors import InvalidRequest
from fluvial.wire.media import MediaItem

# What is kept as a file and shown as media: by folder and suffix.
_KINDS = {("figures", "png"): "image", ("figures", "html"): "html", ("tables", "json"): "table"}


def log_mixed(tracker: Tracker, run_id: str, values: Mapping[str, Any], step: Any) -> None:
    """Keep values of one step: numbers as metrics, the rest as artifacts.

    The numbers are logged together, all or none; what is of no kind that can be kept refuses all.

    Args:
        tracker: Where to.
        run_id: The run.
        values: By name; a dict within it has its names behind a `/`.
        step: Training step.

    Raises:
        InvalidRequest: A name is none, or a value cannot be kept.
    """
    number = as_step(step)
    metrics: dict[str, float] = {}
    histograms: dict[str, Histogram] = {}
    images: dict[str, list[Any]] = {}
    media: dict[str, list[Media]] = {}
    files: dict[str, bytes] = {}
    listed: list[MediaItem] = []
    now_ms = time.time_ns() // 1_000_000
    for key, value in _flat(values, ""):
        as_key("metric", key)
        if isinstance(value, Histogram):
            histograms[key] = value
        elif _all(_is_image, value):
            images[key] = _as_list(value)
        elif _all(_is_media, value):
            media[key] = _as_list(value)
        elif (file := _as_file(key, value)) is not None:
            folder, suffix, content = file
            path = f"{folder}/{key}/step-{number:09d}.{suffix}"
            files[path] = content
            if (kind := _KINDS.get((folder, suffix))) is not None:
                listed.append(as_item(key, kind, number, now_ms, path))
        elif isinstance(value, str | bytes):
            raise InvalidRequest(
                f"{key!r} is text. Texts of a run are params (log_param), tags (set_tag) or files (log_text)."
            )
        else:
            metrics[key] = as_float(key, value)
    tracker.log_metrics(run_id, metrics, number)
    if histograms:
        log_histograms(tracker, run_id, histograms, number)
    for key, series in images.items():
        for image in series:
            run_files.log_image(tracker, run_id, image, None, key, number, None)
    for key, items in media.items():
        log_media(tracker, run_id, key, items, number)
    for name, content in files.items():
        tracker.log_file(run_id, name, content)
    if listed:
        list_items(tracker, run_id, listed)


def _flat(values: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}/")
        else:
            yield f"{prefix}{key}", value


def _all(is_one: Callable[[Any], bool], value: Any) -> bool:
    """Whether it is one of a kind, or a list of nothing else."""
    return is_one(value) or (isinstance(value, list | tuple) and bool(value) and all(map(is_one, value)))


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _is_media(value: Any) -> bool:
    return isinstance(value, Media)


def _is_image(value: Any) -> bool:
    """Whether it is an image: of PIL, of fluvial, or an array (height, width, 3 or 4) of bytes."""
    if hasattr(value, "to_pil") or (hasattr(value, "save") and hasattr(value, "mode")):
        return True
    shape: tuple[int, ...] = getattr(value, "shape", ())
    return len(shape) == 3 and shape[-1] in (3, 4) and str(getattr(value, "dtype", "")) == "uint8"


def _as_file(key: str, value: Any) -> tuple[str, str, bytes] | None:
    """Folder, suffix and content of what is kept as a file; none of a number."""
    if hasattr(value, "savefig"):
        return "figures", "png", formats.figure_bytes(value, f"{key}.png")
    if hasattr(value, "to_html") and hasattr(value, "to_plotly_json"):
        return "figures", "html", formats.figure_bytes(value, f"{key}.html")
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        columns = table_columns(value)
        rows = [list(row) for row in zip(*columns.values(), strict=True)]
        return "tables", "json", formats.dict_bytes({"columns": list(columns), "data": rows}, key)
    if isinstance(value, list | tuple):
        return "arrays", "json", formats.dict_bytes(list(value), key)
    if hasattr(value, "detach"):  # a tensor of PyTorch, perhaps of another device
        value = value.detach().cpu()
    if hasattr(value, "__array__") and len(value.__array__().shape):
        return "arrays", "npy", _npy(key, value.__array__())
    return None


def _npy(key: str, array: Any) -> bytes:
    """An array in NumPy's format, version 1.0 (NEP 1): its type and shape, then its values row by row."""
    if array.dtype.hasobject:
        raise InvalidRequest(f"{key!r} is an array of objects; log numbers, or a table.")
    header = repr({"descr": array.dtype.str, "fortran_order": False, "shape": array.shape})
    # The values begin at a multiple of 64 bytes.
    padded = header + " " * (-(10 + len(header) + 1) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(padded)) + padded.encode() + bytes(array.tobytes())
