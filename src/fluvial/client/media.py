"""What is no number and has a step: audio, video, pages, tables, points and molecules, beside images."""

from __future__ import annotations

import hashlib
import importlib
import io
import os
import struct
import time
import wave
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from fluvial.client import artifact_formats as formats
from fluvial.client.tables import table_columns
from fluvial.client.tracker import Tracker
from fluvial.client.values import as_key, as_step
from fluvial.errors import InvalidRequest
from fluvial.wire.media import LOG_MEDIA, LogMedia, MediaItem

__all__ = ["Audio", "Html", "Media", "Molecule", "PointCloud", "Table", "Video"]

FOLDER = "media"

PathOrBytes = str | os.PathLike[str] | bytes


class Media:
    """A file of a series, with a caption.

    Attributes:
        kind: What it is, as the web app shows it.
        suffix: Of its file.
        content: A file, or bytes.
        caption: For people.
    """

    def __init__(self, kind: str, suffix: str, content: Path | bytes, caption: str) -> None:
        self.kind = kind
        self.suffix = suffix
        self.content = content
        self.caption = caption


class Audio(Media):
    """A sound.

    Args:
        data: A file, the bytes of one, or samples from -1 to 1: shape (n,) or (n, channels).
        sample_rate: Of samples, in Hz.
        caption: For people.
        format: Of bytes, such as `wav` or `mp3`.

    Example:
        >>> import numpy as np
        >>> with fluvial.start_run() as run:
        ...     run.log({"tone": fluvial.Audio(np.sin(np.arange(8000) / 5), sample_rate=8000)}, step=1)
        >>> fluvial.FluvialClient().list_media(run.info.run_id)[0].kind
        'audio'
    """

    def __init__(self, data: Any, sample_rate: int = 0, caption: str = "", format: str = "wav") -> None:  # noqa: A002
        if isinstance(data, str | os.PathLike | bytes):
            super().__init__("audio", *_file(data, format), caption)
        elif sample_rate > 0:
            super().__init__("audio", "wav", _wave(data, sample_rate), caption)
        else:
            raise InvalidRequest("Samples need a sample_rate, in Hz.")


class Video(Media):
    """A film: a file, or the bytes of one, that browsers show (mp4, webm, gif)."""

    def __init__(self, data: PathOrBytes, caption: str = "", format: str = "mp4") -> None:  # noqa: A002
        super().__init__("video", *_file(data, format), caption)


class Html(Media):
    """A page: its text, or a file. It is shown without scripts."""

    def __init__(self, data: str | os.PathLike[str], caption: str = "") -> None:
        content = Path(data) if isinstance(data, os.PathLike) else data.encode()
        super().__init__("html", "html", content, caption)


class Table(Media):
    """Rows: a data frame, or a dict of columns."""

    def __init__(self, data: Any, caption: str = "") -> None:
        columns = table_columns(data)
        rows = [list(row) for row in zip(*columns.values(), strict=True)]
        content = formats.dict_bytes({"columns": list(columns), "data": rows}, "table")
        super().__init__("table", "json", content, caption)


class PointCloud(Media):
    """Points in space.

    Args:
        points: Shape (n, 3): x, y, z; or (n, 6) with red, green and blue from 0 to 255.
        caption: For people.

    Example:
        >>> with fluvial.start_run() as run:
        ...     run.log({"scan": fluvial.PointCloud([[0, 0, 0], [1, 2, 3]])})
    """

    def __init__(self, points: Any, caption: str = "") -> None:
        super().__init__("points", "ply", _ply(_rows(points)), caption)


class Molecule(Media):
    """A molecule: a file, or its text and format (`pdb`, `sdf`, `mol`, `xyz`, `smi`)."""

    def __init__(self, data: str | os.PathLike[str], caption: str = "", format: str = "pdb") -> None:  # noqa: A002
        if isinstance(data, os.PathLike):
            super().__init__("molecule", *_file(data, format), caption)
        else:
            super().__init__("molecule", format.lstrip("."), data.encode(), caption)


def log_media(tracker: Tracker, run_id: str, key: str, items: Sequence[Media], step: Any) -> None:
    """Keep files of a series: as artifacts, and in the run's list of media.

    Raises:
        InvalidRequest: A name is none.
        OSError: A file cannot be read.
    """
    name, number, now_ms = as_key("metric", key), as_step(step), time.time_ns() // 1_000_000
    listed = []
    for place, item in enumerate(items):
        unique = hashlib.sha256(f"{now_ms} {place} {os.urandom(8).hex()}".encode()).hexdigest()[:8]
        path = f"{FOLDER}/{item.kind}/{name}/step-{number:09d}-{unique}.{item.suffix}"
        tracker.log_file(run_id, path, item.content)
        listed.append(as_item(name, item.kind, number, now_ms, path, item.caption))
    list_items(tracker, run_id, listed)


def as_item(key: str, kind: str, step: int, time_ms: int, path: str, caption: str = "") -> MediaItem:
    """An artifact as an item of a series."""
    return MediaItem(key=key, kind=kind, step=step, timestamp=time_ms, path=path, caption=caption)


def list_items(tracker: Tracker, run_id: str, items: Iterable[MediaItem]) -> None:
    """Put artifacts into the run's list of media."""
    tracker.write(LOG_MEDIA, LogMedia(run_id=run_id, items=tuple(items)))


def _file(data: PathOrBytes, suffix: str) -> tuple[str, Path | bytes]:
    """Suffix and content."""
    if isinstance(data, bytes):
        return suffix.lstrip("."), data
    path = Path(data)
    return path.suffix.lstrip(".").lower() or suffix, path


def _rows(values: Any) -> list[list[float]]:
    listed = values.tolist() if hasattr(values, "tolist") else values
    try:
        rows = [[float(number) for number in row] for row in listed]
    except (TypeError, ValueError) as error:
        raise InvalidRequest(f"Points are rows of numbers: {error}.") from error
    if any(len(row) not in (3, 6) or len(row) != len(rows[0]) for row in rows):
        raise InvalidRequest("Points have 3 numbers each, or 6 with their colours.")
    return rows


def _ply(rows: list[list[float]]) -> bytes:
    """Points as a file of the Stanford triangle format, binary."""
    has_colors = bool(rows) and len(rows[0]) == 6
    properties = [f"property float {axis}" for axis in "xyz"]
    if has_colors:
        properties += [f"property uchar {color}" for color in ("red", "green", "blue")]
    header = [
        "ply",
        "format binary_little_endian 1.0",
        f"element vertex {len(rows)}",
        *properties,
        "end_header",
    ]
    packer = struct.Struct("<fff3B" if has_colors else "<fff")
    try:
        packed = [packer.pack(*row[:3], *(min(max(int(n), 0), 255) for n in row[3:])) for row in rows]
    except (OverflowError, ValueError) as error:
        raise InvalidRequest(f"A point is beyond what a file of points holds: {error}.") from error
    return "\n".join([*header, ""]).encode() + b"".join(packed)


def _wave(samples: Any, sample_rate: int) -> bytes:
    """Samples as a WAV file of 16 bits."""
    numpy = importlib.import_module("numpy")
    array = numpy.asarray(samples)
    if array.ndim not in (1, 2) or not array.size:
        raise InvalidRequest(f"Samples have the shape (n,) or (n, channels), not {array.shape}.")
    if array.dtype.kind == "f":
        array = numpy.clip(numpy.nan_to_num(array), -1.0, 1.0) * 32767
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1 if array.ndim == 1 else array.shape[1])
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(array.astype("<i2").tobytes())
    return target.getvalue()
