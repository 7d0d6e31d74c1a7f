"""What can be done with artifacts: which run has which, who may send or read bytes past the server.

The bytes themselves are streams (`server/artifact_streams.py`); what is allowed is decided here.
"""

from __future__ import annotations

import re

from msgspec import Struct

from fluvial.artifacts import ArtifactEntry, PresigningStore, checked_folder
from fluvial.artifacts.locations import Place, is_own
from fluvial.entities.artifact import FileInfo
from fluvial.errors import InvalidRequest
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.events import ANYTHING, Change
from fluvial.services.routes import serve
from fluvial.store import logged_models, runs
from fluvial.wire.artifacts import (
    CREATE_PRESIGNED_DOWNLOAD_URL,
    CREATE_PRESIGNED_UPLOAD_URL,
    LIST_ARTIFACTS,
    LIST_PROXIED_ARTIFACTS,
    MAX_EXPIRATION_S,
    ArtifactsPage,
    CreatePresignedDownloadUrl,
    CreatePresignedUploadUrl,
    ListArtifacts,
    ListProxiedArtifacts,
    PresignedDownloadUrl,
    PresignedUploadUrl,
    ProxiedArtifacts,
)

PAGE = 10_000
_ASSIGNED = re.compile(r"(\d+)/([0-9a-f]{32})/artifacts/")


class RunFolder(Struct, frozen=True):
    """Where a run's artifacts are, and who hears of a change.

    Attributes:
        uri: Its location.
        place: The folder, as the server sees it.
        change: What to tell when an artifact was written.
    """

    uri: str
    place: Place
    change: Change


def folder_of_run(context: Context, run_id: str) -> RunFolder:
    """The artifacts of a run, which may be deleted: its files stay until it is purged.

    Raises:
        NotFound: No such run.
        PermissionDenied: They are where the server does not go.
    """
    rules.check_run_id(run_id)
    row = runs.get(context.transaction, run_id)
    return RunFolder(
        row.artifact_uri,
        context.locations.find(row.artifact_uri),
        Change(str(row.experiment_id), run_id, ("artifacts",)),
    )


def folder_to_write(context: Context, run_id: str) -> RunFolder:
    """The artifacts of a run that may be added to.

    Raises:
        NotFound: No such run.
        InvalidRequest: The run is deleted.
        PermissionDenied: They are where the server does not go.
    """
    rules.check_run_id(run_id)
    runs.get_active(context.transaction, run_id)
    return folder_of_run(context, run_id)


def change_at(key: str) -> Change:
    """What changes when something is written to the server's own store.

    Args:
        key: `<experiment id>/<run id>/artifacts/...` where the server chose the location.
    """
    match = _ASSIGNED.match(f"{key}/")
    if match is None:
        return ANYTHING
    experiment_id, run_id = match.groups()
    return Change(experiment_id, run_id, ("artifacts",))


@serve(LIST_ARTIFACTS, needs=Permission.READ)
def list_artifacts(context: Context, request: ListArtifacts) -> ArtifactsPage:
    """One level of a run's artifacts, by name."""
    folder = checked_folder(request.path)
    found = folder_of_run(context, request.run_id)
    files, token = page_of_files(found.place, folder, request.page_token)
    return ArtifactsPage(root_uri=found.uri, files=files, next_page_token=token)


def page_of_files(place: Place, folder: str, token: str | None) -> tuple[tuple[FileInfo, ...], str | None]:
    """A page of one level of a location, by name, and the token of the next.

    Raises:
        InvalidRequest: The token is none.
    """
    offset = rules.page_offset(token)
    entries = place.list(folder)
    following = rules.page_token(offset + PAGE) if len(entries) > offset + PAGE else None
    return tuple(_file_info(entry, folder) for entry in entries[offset : offset + PAGE]), following


@serve(LIST_PROXIED_ARTIFACTS, needs=Permission.READ)
def list_proxied_artifacts(context: Context, request: ListProxiedArtifacts) -> ProxiedArtifacts:
    """One level of the server's own store, by name."""
    entries = context.locations.own.list(checked_folder(request.path))
    return ProxiedArtifacts(files=tuple(_file_info(entry, "") for entry in entries))


@serve(CREATE_PRESIGNED_UPLOAD_URL, needs=Permission.EDIT, writes=False)
def create_presigned_upload_url(context: Context, request: CreatePresignedUploadUrl) -> PresignedUploadUrl:
    """A URL that one artifact of a run can be sent to, where the run's artifacts are in a bucket.

    Raises:
        InvalidRequest: They are not, or the server is between.
    """
    if request.model_id:
        uri = logged_models.get(context.transaction, request.model_id).artifact_uri
    elif request.run_id:
        runs.get_active(context.transaction, request.run_id)
        uri = folder_of_run(context, request.run_id).uri
    else:
        raise InvalidRequest("The request lacks 'run_id'.")
    store, key = _in_bucket(context, uri, request.path)
    signed = store.sign_put(key, expires_in_s=_checked_expiration(request.expiration))
    return PresignedUploadUrl(presigned_url=signed.url, headers=dict(signed.headers))


@serve(CREATE_PRESIGNED_DOWNLOAD_URL, needs=Permission.READ)
def create_presigned_download_url(
    context: Context, request: CreatePresignedDownloadUrl
) -> PresignedDownloadUrl:
    """A URL that one artifact of a run can be read from, where the run's artifacts are in a bucket.

    Raises:
        NotFound: No such artifact.
        InvalidRequest: They are not, or the server is between.
    """
    uri = folder_of_run(context, request.run_id).uri
    store, key = _in_bucket(context, uri, request.path)
    signed = store.sign_get(key, expires_in_s=_checked_expiration(request.expiration))
    return PresignedDownloadUrl(
        presigned_url=signed.url,
        headers=dict(signed.headers),
        file_size=store.stat(key).size_bytes,
    )


def _in_bucket(context: Context, uri: str, name: str) -> tuple[PresigningStore, str]:
    place = context.locations.find(uri)
    if is_own(uri) or not isinstance(place.store, PresigningStore):
        raise InvalidRequest(f"The artifacts in {uri} go through the server: there is no other URL.")
    return place.store, place.key(name)


def _checked_expiration(expiration: int) -> int:
    if not 1 <= expiration <= MAX_EXPIRATION_S:
        raise InvalidRequest(f"expiration is from 1 to {MAX_EXPIRATION_S} seconds, not {expiration}.")
    return expiration


def _file_info(entry: ArtifactEntry, folder: str) -> FileInfo:
    path = f"{folder}/{entry.name}" if folder else entry.name
    return FileInfo(path=path, is_dir=entry.is_folder, file_size=entry.size_bytes)
