"""Models and the tracking server: `log_model` puts one there, a URI gets it back."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from fluvial import __version__
from fluvial.artifacts import BUCKETS, CHUNK_BYTES, ArtifactStore, StoreOptions, checked_name, open_store
from fluvial.client import kept_models, run_files
from fluvial.client.capture.git import COMMIT_TAG, REMOTE_TAG
from fluvial.client.capture.source import SOURCE_NAME_TAG
from fluvial.client.fluent import tracker_and_run
from fluvial.client.kept_models import FILES_AT_ONCE, KeptModel
from fluvial.client.process import this_process
from fluvial.client.registry import register_model
from fluvial.client.stored_files import place_of_uri
from fluvial.client.tracker import Tracker
from fluvial.client.upload_bar import upload_bar
from fluvial.entities.dataset import CONTEXT_TAG
from fluvial.entities.logged_model import LoggedModelStatus
from fluvial.entities.registered_model import ModelVersion
from fluvial.entities.run import Run
from fluvial.entities.tag import Param, Tag
from fluvial.errors import InvalidRequest, NotFound, TooManyRequests, Unavailable, Unreachable
from fluvial.models import provenance, saving
from fluvial.models.loading import Trust
from fluvial.models.mlmodel import Model
from fluvial.models.saving import Options, Origin, Write
from fluvial.models.signature import ModelSignature
from fluvial.models.uri import (
    AliasUri,
    LocalModel,
    LoggedModelUri,
    ModelUri,
    RunModelUri,
    StoredModel,
    VersionUri,
    parse_model_uri,
)
from fluvial.wire.logged_models import (
    CREATE_LOGGED_MODEL,
    FINALIZE_LOGGED_MODEL,
    SEARCH_LOGGED_MODELS,
    CreateLoggedModel,
    FinalizeLoggedModel,
    SearchLoggedModels,
)
from fluvial.wire.model_versions import GET_MODEL_VERSION, VersionName
from fluvial.wire.registered_models import (
    GET_ALIAS,
    GET_LATEST_VERSIONS,
    AliasName,
    GetLatestVersions,
)
from fluvial.wire.runs import GET_RUN, RunId

_log = logging.getLogger("fluvial")
# Sources of versions that say which model is meant; others are places of a run.
_NAMES_A_MODEL = ("models:/", *(f"{scheme}://" for scheme in BUCKETS))


class RunOptions(Struct, frozen=True, kw_only=True):
    """What can be said of a model that is logged.

    Attributes:
        name: For people.
        registered_model_name: Registered model to make it a version of.
        params: Of the logged model.
        tags: Of the logged model.
        model_type: What kind of model it is.
        step: Training step that it is of.
        run_id: Another run than the active one.
    """

    name: str = "model"
    registered_model_name: str | None = None
    params: Mapping[str, Any] = {}
    tags: Mapping[str, Any] = {}
    model_type: str = ""
    step: int = 0
    run_id: str | None = None


class LoggedModelInfo(Struct, frozen=True, kw_only=True):
    """A model that was logged.

    Attributes:
        model_id: Of the logged model.
        run_id: Of the run that made it.
        artifact_path: Where its files are.
        metadata: What its MLmodel file says.
        registered_model_version: Its number, where it became a version of a registered model.
    """

    model_id: str
    run_id: str
    artifact_path: str
    metadata: Model
    registered_model_version: int | None = None

    @property
    def model_uri(self) -> str:
        """What loads it: `models:/<model id>`."""
        return f"models:/{self.model_id}"

    @property
    def signature(self) -> ModelSignature | None:
        """What it takes and gives."""
        return self.metadata.signature

    @property
    def flavors(self) -> dict[str, dict[str, Any]]:
        """The keys of its flavors."""
        return self.metadata.flavors

    @property
    def model_uuid(self) -> str:
        """Its own id."""
        return self.metadata.model_uuid


def log(write: Write, where: RunOptions, options: Options) -> LoggedModelInfo:
    """Save a model, and keep it as an output of a run.

    Raises:
        InvalidModel, InvalidRequest, UntrustedModel: As `saving.save`; the server is told that it failed.
        RequestError: What the server answered.
        Unreachable: It did not answer; the model is kept on this machine, and `fluvial sync` sends it.
    """
    tracker, run_id = tracker_and_run(where.run_id)
    run = tracker.call(GET_RUN, RunId(run_id=run_id)).run
    created = tracker.call(
        CREATE_LOGGED_MODEL,
        CreateLoggedModel(
            experiment_id=run.info.experiment_id,
            name=where.name,
            model_type=where.model_type,
            source_run_id=run_id,
            params=tuple(Param(key=str(key), value=str(value)) for key, value in where.params.items()),
            tags=tuple(Tag(key=str(key), value=str(value)) for key, value in where.tags.items()),
        ),
    ).model.info
    entry = KeptModel(
        tracking_uri=tracker.target.uri,
        model_id=created.model_id,
        run_id=run_id,
        step=where.step,
        registered_name=where.registered_model_name or "",
    )
    with kept_models.kept(this_process().home, created.model_id) as folder:
        try:
            key = this_process().settings.signing_key
            origin = Origin(created.model_id, run_id, where.name, _provenance(run), key)
            model = saving.save(kept_models.files_in(folder), write, options, origin)
            kept_models.keep(folder, entry)
            with upload_bar(f"Uploading {where.name}", kept_models.size_bytes(folder)) as told:
                kept_models.send_files(tracker.connected(), created.model_id, folder, told)
        except (Unreachable, Unavailable, TooManyRequests):
            _log.warning("The model is kept in %s: `fluvial sync` sends the rest of it.", folder)
            raise
        except BaseException:
            kept_models.forget(folder)
            failed = FinalizeLoggedModel(model_id=created.model_id, status=LoggedModelStatus.UPLOAD_FAILED)
            tracker.call(FINALIZE_LOGGED_MODEL, failed)
            raise
        kept_models.finish(tracker.call, entry)
        version = None
        try:
            if where.registered_model_name:
                registered = register_model(f"models:/{created.model_id}", where.registered_model_name)
                version = int(registered.version)
        finally:
            kept_models.forget(folder)
    return LoggedModelInfo(
        model_id=created.model_id,
        run_id=run_id,
        artifact_path=created.artifact_uri,
        metadata=model,
        registered_model_version=version,
    )


def save(folder: Path, write: Write, options: Options) -> Model:
    """Save a model as a folder of this machine, signed where the settings say so.

    Raises:
        InvalidModel, InvalidRequest, UntrustedModel: As `saving.save`.
    """
    return saving.save(folder, write, options, Origin(signing_key=this_process().settings.signing_key))


def trust(allow_pickle: bool, trusted: Sequence[str]) -> Trust:
    """What the caller and the settings allow a model that is loaded."""
    settings = this_process().settings
    return Trust(
        allow_pickle=allow_pickle,
        trusted=tuple(trusted),
        require_manifest=settings.require_manifest,
        require_signed=settings.require_signed,
        trusted_keys=settings.trusted_keys,
        trusted_identities=settings.trusted_identities,
    )


def local_folder(uri: str | os.PathLike[str], target: str | os.PathLike[str] | None = None) -> Path:
    """A model as a folder of this machine; what is elsewhere is copied.

    Args:
        uri: What names it, see `fluvial.pyfunc.load_model`.
        target: Folder to copy it to; a temporary one, gone with the process, where it is not given.

    Raises:
        InvalidRequest: The URI names no model.
        NotFound: There is no such model.
    """
    named = parse_model_uri(os.fspath(uri))
    if isinstance(named, LocalModel):
        if not named.folder.is_dir():
            raise NotFound(f"There is no model in {named.folder}: it is no folder.")
        return named.folder
    place = Path(target) if target is not None else Path(tempfile.mkdtemp(dir=_downloads().name))
    place.mkdir(parents=True, exist_ok=True)
    return _fetched(named, place)


def _fetched(named: ModelUri, place: Path) -> Path:
    """A model that is not on this machine, copied below a folder; returns where it is."""
    if isinstance(named, StoredModel):
        return _of_bucket(named, place)
    tracker = this_process().tracker()
    if isinstance(named, LoggedModelUri):
        return run_files.download(tracker, named.model_id, "", place)
    if isinstance(named, RunModelUri):
        return _of_run(tracker, named, place)
    if isinstance(named, VersionUri | AliasUri):
        return _of_version(tracker, named, place)
    raise InvalidRequest(f"{named.folder} is a folder of another machine.")


def _of_version(tracker: Tracker, named: VersionUri | AliasUri, place: Path) -> Path:
    version = _version(tracker, named)
    if version.model_id:
        return run_files.download(tracker, version.model_id, "", place)
    if version.source.startswith(_NAMES_A_MODEL):
        return _fetched(parse_model_uri(version.source), place)
    stored = place_of_uri(version.source, tracker)
    return run_files.download(tracker, stored.run_id, stored.path, place)


def _version(tracker: Tracker, named: VersionUri | AliasUri) -> ModelVersion:
    if isinstance(named, AliasUri):
        return tracker.call(GET_ALIAS, AliasName(name=named.name, alias=named.alias)).model_version
    if named.version.lower() == "latest":
        return _version(tracker, AliasUri(named.name, "latest"))
    if named.version.isdecimal():
        asked = VersionName(name=named.name, version=named.version)
        return tracker.call(GET_MODEL_VERSION, asked).model_version
    of_stage = GetLatestVersions(name=named.name, stages=(named.version,))
    versions = tracker.call(GET_LATEST_VERSIONS, of_stage).model_versions
    if not versions:
        raise NotFound(f"The registered model {named.name!r} has no version in {named.version!r}.")
    return versions[0]


def _of_run(tracker: Tracker, named: RunModelUri, place: Path) -> Path:
    """A model that a run logged under a name, or else a folder of the run's artifacts."""
    name, _, below = named.path.partition("/")
    run = tracker.call(GET_RUN, RunId(run_id=named.run_id)).run
    asked = SearchLoggedModels(experiment_ids=(run.info.experiment_id,), filter=f"name = '{name}'")
    page = tracker.call(SEARCH_LOGGED_MODELS, asked)
    for model in page.models:  # the newest first
        if model.info.source_run_id == named.run_id:
            return run_files.download(tracker, model.info.model_id, below, place)
    return run_files.download(tracker, named.run_id, named.path, place)


def _provenance(run: Run) -> provenance.Origin:
    """What a run says of the model that it makes."""
    tags = {tag.key: tag.value for tag in run.data.tags}
    commit = None
    if sha := tags.get(COMMIT_TAG):
        is_dirty = tags.get("mlflow.source.git.dirty", "").lower() == "true"  # of MLflow's client
        commit = provenance.Commit(repository=tags.get(REMOTE_TAG, ""), sha=sha, is_dirty=is_dirty)
    datasets = [
        provenance.Dataset(
            name=read.dataset.name,
            digest=read.dataset.digest,
            context=next((tag.value for tag in read.tags if tag.key == CONTEXT_TAG), ""),
        )
        for read in run.inputs.dataset_inputs
    ]
    return provenance.Origin(
        run_id=run.info.run_id,
        experiment_id=run.info.experiment_id,
        entry_point=tags.get(SOURCE_NAME_TAG, ""),
        params={param.key: param.value for param in run.data.params},
        commit=commit,
        datasets=datasets,
        started_at=run.info.start_time or 0,
        saved_at=time.time_ns() // 1_000_000,
        version=__version__,
    )


def _of_bucket(named: StoredModel, place: Path) -> Path:
    """A model in a bucket, read with the user's own credentials."""
    store = open_store(named.uri, StoreOptions())
    names = list(_names_below(store, ""))
    if not names:
        raise NotFound(f"There is no model at {named.uri}: nothing is there.")
    with ThreadPoolExecutor(FILES_AT_ONCE) as pool:
        list(pool.map(partial(_copy, store, place), names))
    return place


def _names_below(store: ArtifactStore, folder: str) -> Iterator[str]:
    """All files of a folder; those of a bucket may have any name, and here they become files."""
    for entry in store.list(folder):
        name = checked_name(f"{folder}/{entry.name}" if folder else entry.name)
        if entry.is_folder:
            yield from _names_below(store, name)
        else:
            yield name


def _copy(store: ArtifactStore, place: Path, name: str) -> None:
    local = place.joinpath(*name.split("/"))
    local.parent.mkdir(parents=True, exist_ok=True)
    with store.open(name) as source, local.open("wb") as file:
        while piece := source.read(CHUNK_BYTES):
            file.write(piece)


@cache
def _downloads() -> tempfile.TemporaryDirectory[str]:
    """Where models of this process are copied to; deleted when it ends."""
    return tempfile.TemporaryDirectory(prefix="fluvial-models-")
