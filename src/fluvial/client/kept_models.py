"""Models on their way: each is a folder of this machine until the server has all of it.

    models/<model id>/model        its files
    models/<model id>/model.json   what is still to be done: `KeptModel`, written once the files are complete
    models/<model id>/lock         locked (flock) for as long as a process sends it

What a killed process leaves behind, `fluvial sync` goes on with: files that are there are not sent again,
and large ones go on where they broke off.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from fluvial.client.client import FluvialClient
from fluvial.client.transport import Transport
from fluvial.entities.logged_model import LoggedModelStatus
from fluvial.entities.run import ModelOutput
from fluvial.errors import FluvialError, NotFound
from fluvial.wire.digests import OnBytes
from fluvial.wire.endpoint import Endpoint
from fluvial.wire.logged_models import (
    FINALIZE_LOGGED_MODEL,
    GET_LOGGED_MODEL,
    FinalizeLoggedModel,
    LoggedModelId,
)
from fluvial.wire.runs import LOG_OUTPUTS, LogOutputs

FILES_AT_ONCE = 4  # as many connections as a client keeps to a server
_FOLDER = "models"
_FILES = "model"
_ENTRY = "model.json"
_LOCK = "lock"
# Calls an endpoint of the platform.
Call = Callable[[Endpoint[Any, Any], Any], Any]


class ModelInUse(FluvialError):
    """A living process sends this model."""


class KeptModel(Struct, frozen=True, kw_only=True):
    """A model that is to be sent.

    Attributes:
        tracking_uri: Where to.
        model_id: The logged model, which is there already.
        run_id: The run that it is an output of.
        step: Training step that it is of.
        registered_name: Registered model that it is to be a version of; empty for none.
    """

    tracking_uri: str
    model_id: str
    run_id: str
    step: int = 0
    registered_name: str = ""


def kept_folders(home: Path) -> list[Path]:
    """The models that processes of this machine have left, or are sending."""
    return sorted(path for path in (home / _FOLDER).glob("*") if path.is_dir())


@contextmanager
def kept(home: Path, model_id: str) -> Iterator[Path]:
    """The folder of a model that is about to be sent, for as long as it takes; locked.

    Where the home folder takes none, it is a temporary one, which nobody finds again.
    """
    folder = home / _FOLDER / model_id
    try:
        folder.mkdir(parents=True, mode=0o700)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="fluvial-model-"))
    with _locked(folder):
        yield folder


def files_in(folder: Path) -> Path:
    """Where the model itself lies."""
    return folder / _FILES


def keep(folder: Path, model: KeptModel) -> None:
    """Say what is to be done with a model whose files are complete."""
    part = folder / f"{_ENTRY}.part"
    part.write_bytes(msgspec.json.encode(model))
    part.replace(folder / _ENTRY)


def forget(folder: Path) -> None:
    """Delete what was kept of a model."""
    shutil.rmtree(folder, ignore_errors=True)


def read(folder: Path) -> KeptModel | None:
    """What is to be done with a model; None where its process died before it was complete."""
    try:
        return msgspec.json.decode((folder / _ENTRY).read_bytes(), type=KeptModel)
    except FileNotFoundError:
        return None


def size_bytes(folder: Path) -> int:
    """Length of a model's files."""
    return sum(path.stat().st_size for path in _files(folder))


def send_files(transport: Transport, model_id: str, folder: Path, on_bytes: OnBytes) -> None:
    """Send the files of a model, several at once.

    Raises:
        RequestError: What the server answered.
        Unreachable: It did not answer.
    """
    root = files_in(folder)
    with ThreadPoolExecutor(FILES_AT_ONCE) as pool:
        sent = [
            pool.submit(transport.upload, model_id, path.relative_to(root).as_posix(), path, on_bytes)
            for path in _files(folder)
        ]
        for each in sent:
            each.result()


def finish(call: Call, model: KeptModel) -> None:
    """Say that all files of a model are there, and that it is an output of its run."""
    call(FINALIZE_LOGGED_MODEL, FinalizeLoggedModel(model_id=model.model_id, status=LoggedModelStatus.READY))
    output = ModelOutput(model_id=model.model_id, step=model.step)
    call(LOG_OUTPUTS, LogOutputs(run_id=model.run_id, models=(output,)))


def send(transport: Transport, folder: Path, on_bytes: OnBytes) -> KeptModel | None:
    """Go on with a model that another process left, and forget it when it is there.

    Returns:
        What was sent; None where it was not complete, or somebody has deleted it.

    Raises:
        ModelInUse: A living process sends it.
        RequestError: What the server answered.
        Unreachable: It did not answer.
    """
    with _locked(folder):
        model = read(folder)
        found = None
        if model is not None:
            try:
                found = transport.call(GET_LOGGED_MODEL, LoggedModelId(model_id=model.model_id)).model.info
            except NotFound:
                model = None
        if model is not None and found is not None:
            send_files(transport, model.model_id, folder, on_bytes)
            finish(transport.call, model)
            if model.registered_name and model.registered_name not in {
                one.name for one in found.registrations
            }:
                client = FluvialClient(model.tracking_uri)
                client.register_model(f"models:/{model.model_id}", model.registered_name)
        forget(folder)
    return model


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(files_in(folder).rglob("*")) if path.is_file()]


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock a folder for as long as the context lasts, at most as long as the process."""
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ModelInUse(f"{folder} is in use by a living process.") from error
