"""`fluvial.artifacts`: what runs keep, listed, downloaded and read, by run or by URI."""

from __future__ import annotations

import importlib
import json
import re
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from fluvial.client import run_files
from fluvial.client.process import this_process
from fluvial.client.tracker import Tracker
from fluvial.entities.artifact import FileInfo
from fluvial.errors import InvalidRequest

# The run of a location that a server assigned is its last folder but one: …/<run id>/artifacts/….
_OF_RUN = re.compile(r"runs:/+(?P<run>[^/]+)(?:/(?P<path>.*))?", re.DOTALL)
_LOCATION = re.compile(r"[a-z0-9+-]+:.*?/(?P<run>[0-9a-f]{32})/artifacts(?:/(?P<path>.*))?", re.DOTALL)


class Place(NamedTuple):
    """A file or folder of a run."""

    tracker: Tracker
    run_id: str
    path: str


def download_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    dst_path: str | None = None,
    tracking_uri: str | None = None,
) -> str:
    """Copy an artifact, or a folder of them, to this machine.

    Args:
        artifact_uri: `runs:/<run id>/<path>`, or what `get_artifact_uri` says.
        run_id: Or a run,
        artifact_path: and a path in it; all of them where it is not given.
        dst_path: Folder to copy to, which is made; a new one where it is not given.
        tracking_uri: Where the run is; what `set_tracking_uri` says where it is not given.

    Returns:
        Where the copy is.

    Raises:
        InvalidRequest: Not one of a URI and a run is given, or the URI names no run.
        NotFound: There is no such artifact.

    Example:
        >>> with fluvial.start_run() as run:
        ...     fluvial.log_text("hello", "notes/a.txt")
        >>> path = fluvial.artifacts.download_artifacts(f"runs:/{run.info.run_id}/notes/a.txt")
        >>> open(path).read()
        'hello'
    """
    place = _place(artifact_uri, run_id, artifact_path, tracking_uri)
    target = Path(dst_path) if dst_path is not None else Path(tempfile.mkdtemp(prefix="fluvial-"))
    return str(run_files.download(place.tracker, place.run_id, place.path, target))


def list_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    tracking_uri: str | None = None,
) -> list[FileInfo]:
    """The entries of a folder of a run; see `download_artifacts`.

    Example:
        >>> with fluvial.start_run() as run:
        ...     fluvial.log_text("hello", "notes/a.txt")
        >>> [entry.path for entry in fluvial.artifacts.list_artifacts(run_id=run.info.run_id)]
        ['notes']
    """
    place = _place(artifact_uri, run_id, artifact_path, tracking_uri)
    return run_files.list_files(place.tracker, place.run_id, place.path)


def load_text(artifact_uri: str) -> str:
    """The text of an artifact, which is UTF-8.

    Raises:
        InvalidRequest: The URI names no run, or the artifact is no text.
        NotFound: There is no such artifact.
    """
    try:
        return _content(artifact_uri).decode()
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{artifact_uri} is no text in UTF-8: {error}.") from error


def load_dict(artifact_uri: str) -> dict[str, Any]:
    """What a JSON file holds.

    Raises:
        InvalidRequest: The URI names no run, or the artifact is no JSON.
        NotFound: There is no such artifact.

    Example:
        >>> with fluvial.start_run() as run:
        ...     fluvial.log_dict({"classes": ["cat", "dog"]}, "classes.json")
        >>> fluvial.artifacts.load_dict(f"runs:/{run.info.run_id}/classes.json")
        {'classes': ['cat', 'dog']}
    """
    try:
        loaded: dict[str, Any] = json.loads(_content(artifact_uri))
    except ValueError as error:
        raise InvalidRequest(f"{artifact_uri} is no JSON: {error}.") from error
    return loaded


def load_image(artifact_uri: str) -> Any:
    """The image of PIL that an artifact is.

    Raises:
        InvalidRequest: The URI names no run, or the artifact is no image.
        NotFound: There is no such artifact.
    """
    pil = importlib.import_module("PIL.Image")
    with tempfile.TemporaryDirectory() as scratch:
        try:
            image = pil.open(download_artifacts(artifact_uri, dst_path=scratch))
            image.load()
        except pil.UnidentifiedImageError as error:
            raise InvalidRequest(f"{artifact_uri} is no image: {error}.") from error
    return image


def _content(artifact_uri: str) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        return Path(download_artifacts(artifact_uri, dst_path=scratch)).read_bytes()


def _place(
    artifact_uri: str | None, run_id: str | None, artifact_path: str | None, tracking_uri: str | None
) -> Place:
    process = this_process()
    tracker = process.tracker() if tracking_uri is None else process.tracker_of(tracking_uri)
    if (artifact_uri is None) == (run_id is None):
        raise InvalidRequest("An artifact is named by its URI, or by a run_id and a path.")
    if run_id is not None:
        return Place(tracker, run_id, artifact_path or "")
    if artifact_path is not None:
        raise InvalidRequest("An artifact's URI has its path; artifact_path goes with a run_id.")
    return place_of_uri(str(artifact_uri), tracker)


def place_of_uri(artifact_uri: str, tracker: Tracker) -> Place:
    """The file or folder that a URI names.

    Raises:
        InvalidRequest: It names no run.
    """
    named = _OF_RUN.fullmatch(artifact_uri) or _LOCATION.fullmatch(artifact_uri)
    if named is None:
        raise InvalidRequest(
            f"The URI {artifact_uri!r} names no run. It is runs:/<run id>/<path>, or what "
            "get_artifact_uri says."
        )
    return Place(tracker, named["run"], (named["path"] or "").strip("/"))
