"""The functions of `import fluvial` that log files: from the disk, or made of what the program holds."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, BinaryIO

from fluvial.client import artifact_formats as formats
from fluvial.client import run_files, tables
from fluvial.client.fluent import tracker_and_run

__all__ = [
    "log_artifact",
    "log_artifacts",
    "log_dict",
    "log_figure",
    "log_image",
    "log_stream",
    "log_table",
    "log_text",
]


def log_artifact(
    local_path: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Keep a copy of a file, or of a folder, as it is now.

    Raises:
        FileNotFoundError: It is not there.
    """
    run_files.log_file(*tracker_and_run(run_id), local_path, artifact_path)


def log_artifacts(
    local_dir: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Keep a copy of everything in a folder, as it is now."""
    run_files.log_folder(*tracker_and_run(run_id), local_dir, artifact_path)


def log_text(text: str, artifact_file: str, run_id: str | None = None) -> None:
    """Keep a text as a file.

    Example:
        >>> with fluvial.start_run():
        ...     fluvial.log_text("It worked.", "notes/result.txt")
    """
    tracker, run_id = tracker_and_run(run_id)
    tracker.log_file(run_id, artifact_file, text.encode())


def log_dict(dictionary: Any, artifact_file: str, run_id: str | None = None) -> None:
    """Keep a dict or list as a JSON file, or YAML where it is named so.

    Example:
        >>> with fluvial.start_run():
        ...     fluvial.log_dict({"classes": ["cat", "dog"]}, "classes.json")
    """
    tracker, run_id = tracker_and_run(run_id)
    tracker.log_file(run_id, artifact_file, formats.dict_bytes(dictionary, artifact_file))


def log_figure(figure: Any, artifact_file: str, *, save_kwargs: Mapping[str, Any] | None = None) -> None:
    """Keep a figure of matplotlib or plotly."""
    tracker, run_id = tracker_and_run(None)
    tracker.log_file(run_id, artifact_file, formats.figure_bytes(figure, artifact_file, save_kwargs))


def log_image(
    image: Any,
    artifact_file: str | None = None,
    key: str | None = None,
    step: int | None = None,
    timestamp: int | None = None,
    synchronous: bool | None = False,
) -> None:
    """Keep an image: under a name, or as one of a series with a key, by step.

    Args:
        image: An image of PIL, a `fluvial.Image`, or an array of pixels: (height, width), or with 1, 3 or 4
            channels; whole numbers up to 255, or fractions up to 1.
        artifact_file: Name to keep it under.
        key: Name of a series of images, which the web app shows by step.
        step: Training step; 0 where it is not given.
        timestamp: ms since the epoch; now where it is not given.
        synchronous: Wait until the platform has it.

    Raises:
        InvalidRequest: Both a name and a key are given, or neither; or it is no image.

    Example:
        >>> import numpy as np
        >>> with fluvial.start_run():
        ...     fluvial.log_image(np.zeros((8, 8)), "black.png")
        ...     fluvial.log_image(np.ones((8, 8, 3)), key="samples", step=1)
    """
    tracker, run_id = tracker_and_run(None)
    run_files.log_image(tracker, run_id, image, artifact_file, key, step, timestamp)
    tracker.settle(synchronous)


def log_table(data: Any, artifact_file: str, run_id: str | None = None) -> None:
    """Keep a table, a data frame or a dict of columns; one of that name gets the rows appended.

    Args:
        data: A data frame, or columns by name; a cell may be a `fluvial.Image`.
        artifact_file: Its name, which ends with `.json` or `.parquet`.
        run_id: Another run than the active one.

    Raises:
        InvalidRequest: It is no table, or is named otherwise.

    Example:
        >>> with fluvial.start_run() as run:
        ...     fluvial.log_table({"question": ["1 + 1"], "answer": [2]}, "answers.json")
        ...     fluvial.log_table({"question": ["2 + 2"], "answer": [4]}, "answers.json")
        >>> fluvial.load_table("answers.json", run_ids=[run.info.run_id])["answer"].tolist()
        [2, 4]
    """
    tables.log_table(*tracker_and_run(run_id), data, artifact_file)


def log_stream(stream: BinaryIO, artifact_file: str, run_id: str | None = None) -> None:
    """Keep what a stream of bytes gives, to its end; it is not held in memory.

    Example:
        >>> import io
        >>> with fluvial.start_run():
        ...     fluvial.log_stream(io.BytesIO(b"weights"), "model/weights.bin")
    """
    run_files.log_stream(*tracker_and_run(run_id), stream, artifact_file)
