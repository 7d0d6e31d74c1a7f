"""Artifact bytes over HTTP: uploads and downloads that never hold a file in memory.

The rules are in `services/artifacts.py`. Stores block, so they are called in threads, see
`store_threads.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from fluvial.artifacts import ArtifactStore, MultipartStore, PresigningStore, checked_name
from fluvial.errors import InvalidRequest, NotSupported
from fluvial.server.download import download
from fluvial.server.request_body import RequestBody, read_small_body
from fluvial.server.store_threads import in_thread, in_upload_thread, reading
from fluvial.server.streams import StreamCall, stream
from fluvial.services import artifacts, media
from fluvial.services.context import Context, Permission
from fluvial.services.events import Change
from fluvial.wire import codec
from fluvial.wire.artifacts import (
    DIGEST,
    MAX_PARTS,
    AbortMultipartUpload,
    CompleteMultipartUpload,
    CreateMultipartUpload,
    MultipartUpload,
    PartCredential,
    PresignedDownload,
    digest_field,
)
from fluvial.wire.endpoint import Empty, Message
from fluvial.wire.media import MediaItem

MAX_SMALL_UPLOAD_BYTES = 10 << 20
SIGNED_FOR_S = 12 * 3600  # as long as the parts of a large file may take

_OWN = "/api/2.0/mlflow-artifacts"
_FILE = f"{_OWN}/artifacts/{{path:path}}"


@stream("PUT", path=_FILE, needs=Permission.EDIT)
async def put_file(call: StreamCall) -> Response:
    """Write a file of the server's own store.

    Raises:
        InvalidRequest: The name is not one, or a folder has it.
        StorageFull: No space is left; nothing of it was kept.
    """
    if call.request.url.query:  # clients leave a "?" of a name unquoted: it would be cut there
        raise InvalidRequest("Invalid path: an artifact name has no '?'.")
    key = _key(call)
    sha256 = await _write(call, call.platform.locations.own, key)
    if (image := media.image_at(key)) is not None:
        await in_thread(_note_image, call, *image)
    _tell(call, artifacts.change_at(key))
    return Response(headers={} if sha256 is None else {DIGEST: digest_field(sha256)})


@stream("GET", path=_FILE, needs=Permission.READ)
async def get_file(call: StreamCall) -> Response:
    """Read a file of the server's own store, or a range of it.

    Raises:
        NotFound: No such file.
        InvalidRequest: It is a folder.
    """
    return await download(call.request, call.platform.locations.own, _key(call), reading())


@stream("DELETE", path=_FILE, needs=Permission.EDIT)
async def delete_file(call: StreamCall) -> Response:
    """Delete a file, or a folder and all below, of the server's own store; it may be gone already."""
    key = _key(call)
    await in_thread(call.platform.locations.own.delete, key)
    _tell(call, artifacts.change_at(key))
    return _answer(Empty())


@stream("GET", path="/get-artifact", needs=Permission.READ)
async def get_artifact(call: StreamCall) -> Response:
    """Read an artifact of a run, wherever it is kept.

    Raises:
        NotFound: No such run or artifact.
        InvalidRequest: It is a folder.
    """
    run_id, name = _run_and_name(call.request)
    folder = await _look_up(call, artifacts.folder_of_run, Permission.READ, run_id)
    return await download(call.request, folder.place.store, folder.place.key(name), reading())


@stream("POST", path="/ajax-api/2.0/mlflow/upload-artifact", needs=Permission.EDIT)
async def upload_artifact(call: StreamCall) -> Response:
    """Write a small artifact of a run, wherever it is kept.

    Raises:
        NotFound: No such run.
        InvalidRequest: The run is deleted, or the name is not one.
        TooLarge: It has more than 10 MiB.
    """
    run_id, name = _run_and_name(call.request)
    folder = await _look_up(call, artifacts.folder_to_write, Permission.EDIT, run_id)
    await _write(call, folder.place.store, folder.place.key(name), max_bytes=MAX_SMALL_UPLOAD_BYTES)
    _tell(call, folder.change)
    return _answer(Empty())


@stream("POST", path=f"{_OWN}/mpu/create/{{path:path}}", needs=Permission.EDIT)
async def create_multipart_upload(call: StreamCall) -> Response:
    """Begin an upload in parts, which the caller sends to the store itself.

    Raises:
        NotSupported: The store takes no parts; callers then send the file to the server.
    """
    store = _multipart_store(call)
    wanted = codec.decode(CreateMultipartUpload, await read_small_body(call.request, call.load))
    if not 1 <= wanted.num_parts <= MAX_PARTS:
        raise InvalidRequest(f"num_parts is from 1 to {MAX_PARTS}, not {wanted.num_parts}.")
    key = _key_of_upload(call, wanted.path)
    return _answer(await in_thread(_begin, store, key, wanted.num_parts))


@stream("POST", path=f"{_OWN}/mpu/complete/{{path:path}}", needs=Permission.EDIT)
async def complete_multipart_upload(call: StreamCall) -> Response:
    """Make the file of the parts.

    Raises:
        NotSupported: The store takes no parts.
        InvalidRequest: There is no such upload, or a part is missing.
    """
    store = _multipart_store(call)
    wanted = codec.decode(CompleteMultipartUpload, await read_small_body(call.request, call.load))
    key = _key_of_upload(call, wanted.path)
    etags = {part.part_number: part.etag for part in wanted.parts}
    await in_thread(store.complete_upload, key, wanted.upload_id, etags)
    _tell(call, artifacts.change_at(key))
    return _answer(Empty())


@stream("POST", path=f"{_OWN}/mpu/abort/{{path:path}}", needs=Permission.EDIT)
async def abort_multipart_upload(call: StreamCall) -> Response:
    """Forget the parts.

    Raises:
        NotSupported: The store takes no parts.
    """
    store = _multipart_store(call)
    wanted = codec.decode(AbortMultipartUpload, await read_small_body(call.request, call.load))
    await in_thread(store.abort_upload, _key_of_upload(call, wanted.path), wanted.upload_id)
    return _answer(Empty())


@stream("GET", path=f"{_OWN}/presigned/{{path:path}}", needs=Permission.READ)
async def presign_download(call: StreamCall) -> Response:
    """A URL to read a file of the server's own store from, past the server.

    Raises:
        NotFound: No such file.
        NotSupported: The store signs no URLs; callers then read from the server.
    """
    store = call.platform.locations.own
    if not isinstance(store, PresigningStore):
        raise NotSupported("The artifact store behind this server signs no URLs.")
    return _answer(await in_thread(_presigned, store, _key(call)))


async def _write(
    call: StreamCall, store: ArtifactStore, key: str, max_bytes: int | None = None
) -> bytes | None:
    """Write the body; returns its SHA-256 where the request asks for it."""
    body = RequestBody(call.request, max_bytes=max_bytes or call.settings.max_artifact_bytes or None)
    await in_upload_thread(store.write, key, body, size_bytes=body.size_bytes)
    return None if body.sha256 is None else body.sha256.digest()


async def _look_up(
    call: StreamCall,
    find: Callable[[Context, str], artifacts.RunFolder],
    needs: Permission,
    run_id: str,
) -> artifacts.RunFolder:
    return await in_thread(
        call.platform.read_with, needs, call.principal, lambda context: find(context, run_id)
    )


def _tell(call: StreamCall, change: Change) -> None:
    call.platform.hub.publish(change)


def _note_image(call: StreamCall, run_id: str, item: MediaItem) -> None:
    noting = call.platform.write_with(
        Permission.EDIT, call.principal, lambda context: media.note_image(context, run_id, item)
    )
    noting.result()


def _multipart_store(call: StreamCall) -> MultipartStore:
    store = call.platform.locations.own
    if not isinstance(store, MultipartStore):
        raise NotSupported("The artifact store behind this server takes no files in parts.")
    return store


def _begin(store: MultipartStore, key: str, n_parts: int) -> MultipartUpload:
    upload_id = store.create_upload(key)
    credentials = []
    for number in range(1, n_parts + 1):
        part = store.sign_part(key, upload_id, number, expires_in_s=SIGNED_FOR_S)
        credentials.append(PartCredential(url=part.url, part_number=number, headers=part.headers))
    return MultipartUpload(upload_id=upload_id, credentials=tuple(credentials))


def _presigned(store: PresigningStore, key: str) -> PresignedDownload:
    size_bytes = store.stat(key).size_bytes
    signed = store.sign_get(key, expires_in_s=SIGNED_FOR_S)
    return PresignedDownload(url=signed.url, headers=signed.headers, file_size=size_bytes)


def _key(call: StreamCall) -> str:
    return checked_name(call.request.path_params["path"])


def _key_of_upload(call: StreamCall, local_path: str) -> str:
    """The file with the name of the caller's, in the folder that the URL names."""
    folder, name = call.request.path_params["path"], re.split(r"[/\\]", local_path)[-1]
    return checked_name(f"{folder}/{name}")


def _run_and_name(request: Request) -> tuple[str, str]:
    query = request.query_params
    run_id = query.get("run_id") or query.get("run_uuid")
    if not run_id:
        raise InvalidRequest("The request lacks 'run_id'.")
    if "path" not in query:
        raise InvalidRequest("The request lacks 'path'.")
    return run_id, checked_name(query["path"])


def _answer(message: Message) -> Response:
    return Response(codec.encode(message), media_type="application/json")
