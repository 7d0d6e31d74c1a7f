"""Files of a run: from the user's disk or memory to artifacts, and back."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from fluvial.artifacts.names import checked_name
from fluvial.client import artifact_formats as formats
from fluvial.client.image import preview_bytes
from fluvial.client.media import as_item, list_items
from fluvial.client.tracker import Tracker
from fluvial.client.values import as_key, as_step, as_timestamp
from fluvial.entities.artifact import FileInfo
from fluvial.errors import InvalidRequest
from fluvial.wire.artifacts import LIST_ARTIFACTS, ArtifactsPage, ListArtifacts
from fluvial.wire.logged_models import (
    LIST_LOGGED_MODEL_ARTIFACTS,
    ListLoggedModelArtifacts,
    LoggedModelArtifacts,
    is_model_id,
)

IMAGES_TAG = "mlflow.loggedImages"


def log_file(tracker: Tracker, run_id: str, local_path: str | os.PathLike[str], folder: str | None) -> None:
    """Keep a file, or all of a folder under its name.

    Raises:
        FileNotFoundError: It is not there.
    """
    path = Path(local_path)
    if path.is_dir():
        log_folder(tracker, run_id, path, str(PurePosixPath(folder or "", path.resolve().name)))
    else:
        tracker.log_file(run_id, str(PurePosixPath(folder or "", path.name)), path)


def log_folder(tracker: Tracker, run_id: str, local_dir: str | os.PathLike[str], folder: str | None) -> None:
    """Keep all files of a folder and of those below.

    Raises:
        FileNotFoundError: It is not there.
        NotADirectoryError: It is a file.
    """
    root = Path(local_dir)
    if not root.exists():
        raise FileNotFoundError(f"There is no folder {root}.")
    if not root.is_dir():
        raise NotADirectoryError(f"{root} is a file; log it with log_artifact.")
    for path in sorted(root.rglob("*")):
        if path.is_file():
            name = PurePosixPath(folder or "", *path.relative_to(root).parts)
            tracker.log_file(run_id, str(name), path)


def log_image(
    tracker: Tracker,
    run_id: str,
    image: Any,
    artifact_file: str | None,
    key: str | None,
    step: int | None,
    timestamp: int | None,
) -> None:
    """Keep an image: under a name, or as one of a series with a key, by step.

    Raises:
        InvalidRequest: Both a name and a key are given, or neither; or it is no image.
    """
    if (artifact_file is None) == (key is None):
        raise InvalidRequest("log_image takes either artifact_file, or key with a step.")
    if artifact_file is None:
        number = as_step(step)
        time_ms = as_timestamp(time.time_ns() // 1_000_000 if timestamp is None else timestamp)
        name = as_key("image", key).replace("/", "~")  # a name has no #, and a / would make a folder
        stem = f"images/{name}+step+{number}+timestamp+{time_ms}+{uuid.uuid4()}"
        content = formats.image_bytes(image, f"{stem}.png")
        tracker.log_file(run_id, f"{stem}.png", content)
        preview = preview_bytes(content)
        if preview is not None:
            tracker.log_file(run_id, f"{stem}+compressed.webp", preview)
        caption = str(getattr(image, "caption", ""))
        list_items(tracker, run_id, [as_item(str(key), "image", number, time_ms, f"{stem}.png", caption)])
        tracker.set_tags(run_id, {IMAGES_TAG: "True"})
    else:
        tracker.log_file(run_id, artifact_file, formats.image_bytes(image, artifact_file))


def log_stream(tracker: Tracker, run_id: str, stream: BinaryIO, artifact_file: str) -> None:
    """Keep what a stream of bytes gives, to its end; it is not held in memory."""
    with tempfile.TemporaryDirectory() as scratch:
        content = Path(scratch, "stream")
        with content.open("wb") as file:
            shutil.copyfileobj(stream, file)
        tracker.log_file(run_id, artifact_file, content)


def list_files(tracker: Tracker, owner: str, folder: str | None) -> list[FileInfo]:
    """The entries of a folder of a run, or of a logged model."""
    found: list[FileInfo] = []
    token = None
    while True:
        page: ArtifactsPage | LoggedModelArtifacts
        if is_model_id(owner):
            of_model = ListLoggedModelArtifacts(
                model_id=owner, artifact_directory_path=folder or "", page_token=token
            )
            page = tracker.call(LIST_LOGGED_MODEL_ARTIFACTS, of_model)
        else:
            of_run = ListArtifacts(run_id=owner, path=folder or "", page_token=token)
            page = tracker.call(LIST_ARTIFACTS, of_run)
        found += page.files
        token = page.next_page_token
        if not token:
            return found


def download(tracker: Tracker, owner: str, path: str, target: Path) -> Path:
    """Copy an artifact of a run or a logged model, or a folder of them, below a folder of the user's disk.

    Returns:
        Where it is now.

    Raises:
        NotFound: There is no such artifact.
    """
    transport = tracker.connected()
    names = list(_names_below(tracker, owner, path)) or [path]
    if names == [""]:
        return target
    for name in names:
        local = target.joinpath(*PurePosixPath(checked_name(name)).parts)
        local.parent.mkdir(parents=True, exist_ok=True)
        part = local.with_name(f".{local.name}.part")
        try:
            transport.download(owner, name, part)
            part.replace(local)
        finally:
            part.unlink(missing_ok=True)
    return target / path


def _names_below(tracker: Tracker, owner: str, folder: str) -> Iterator[str]:
    for entry in list_files(tracker, owner, folder):
        if entry.is_dir:
            yield from _names_below(tracker, owner, entry.path)
        else:
            yield entry.path
