"""Large files in parts: which are taken, and when a file is made of them.

Stores block, some of them for long, so that nothing here calls one within a transaction. Whatever dies
in between leaves an upload that can be gone on with: a part counts once its row is there, which is taken
out before the part is written, and a finished upload stays known until nobody asks any more.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from fluvial.artifacts import ByteSource, PartsStore
from fluvial.errors import (
    Conflict,
    InvalidRequest,
    NotFound,
    NotSupported,
    PermissionDenied,
    TooManyRequests,
    Unavailable,
)
from fluvial.services.artifacts import RunFolder, folder_of_run, folder_to_write
from fluvial.services.context import Context, Permission, Principal
from fluvial.services.logged_models import folder_of_model
from fluvial.services.platform import EVERYBODY, Platform
from fluvial.store import uploads
from fluvial.store.uploads import PartRow, UploadRow
from fluvial.wire.digests import DigestedReader
from fluvial.wire.logged_models import is_model_id
from fluvial.wire.uploads import (
    MAX_UPLOAD_BYTES,
    BeginUpload,
    FinishUpload,
    UploadState,
    count_parts,
    digest_of_parts,
    length_of_part,
    part_bytes,
)

MAX_OPEN_OF_RUN = 1000
KEPT_S = 7 * 86_400.0
PURGED_AT_ONCE = 100

T = TypeVar("T")

_SHA256 = re.compile("[0-9a-f]{64}")


class _Upload(Struct, frozen=True):
    """An upload, and where it goes.

    Attributes:
        row: As the database has it, or is to have it.
        store: Takes the parts.
        key: The file's name in the store.
        parts: Those that are there.
        is_new: Whether the database does not have it.
    """

    row: UploadRow
    store: PartsStore
    key: str
    parts: tuple[PartRow, ...]
    is_new: bool


def begin(platform: Platform, principal: Principal, request: BeginUpload) -> UploadState:
    """Begin the upload of a file to a run or a logged model, or go on with it.

    Raises:
        NotFound: No such run or model.
        InvalidRequest: The run is deleted, the name is not one, or the file is too large.
        NotSupported: The store takes no parts.
        TooManyRequests: The run or the model has too many uploads that were not finished.
    """
    _check(request)
    upload = platform.read_with(Permission.EDIT, principal, functools.partial(_wanted, request=request))
    if upload.row.etag:
        if _is_there(upload):
            return UploadState(upload_id=upload.row.upload_id, is_finished=True)
        _write(platform, principal, lambda context: uploads.forget(context.transaction, upload.row))
    elif not upload.is_new:
        return UploadState(upload_id=upload.row.upload_id, parts=tuple(part.number for part in upload.parts))
    store_id = upload.store.create_upload(upload.key)
    row = upload.row._replace(store_id=store_id, etag="")
    kept = _write(
        platform,
        principal,
        lambda context: uploads.add(context.transaction, row._replace(touched_ms=context.now_ms)),
    )
    if kept.store_id != store_id:  # somebody began the same at the same time
        upload.store.abort_upload(upload.key, store_id)
    return UploadState(upload_id=row.upload_id)


def keep_part(
    platform: Platform,
    principal: Principal,
    part: tuple[str, str, int],
    content: ByteSource,
    sha256: str,
) -> None:
    """Keep one part of a file.

    Args:
        platform: Has the run.
        principal: Who sends it.
        part: The run or model, the upload, and the number of the part.
        content: Where it is read from; the caller has checked its length.
        sha256: What it should have, hex.

    Raises:
        NotFound: No such run or upload.
        Conflict: The store has forgotten the upload: begin it again.
        Unavailable: It did not arrive as it was sent.
    """
    run_id, upload_id, number = part
    upload = _read(platform, principal, run_id, upload_id)
    length = _length_of_part(upload.row, number)
    _write(platform, principal, lambda context: uploads.forget_part(context.transaction, upload.row, number))
    read = DigestedReader(content)
    try:
        etag = upload.store.write_part(
            upload.key,
            upload.row.store_id,
            number,
            read,
            start=(number - 1) * part_bytes(upload.row.size_bytes),
            length=length,
        )
    except InvalidRequest as error:
        raise _forgotten(platform, principal, upload) from error
    if read.digest.size_bytes != length or read.digest.sha256 != sha256:
        raise Unavailable(
            f"Part {number} of {upload.row.path!r} did not arrive as it was sent: send it again."
        )
    row = PartRow(number, etag, sha256)
    _write(
        platform,
        principal,
        lambda context: uploads.keep_part(context.transaction, upload.row, row, context.now_ms),
    )


def length_of(platform: Platform, principal: Principal, run_id: str, upload_id: str, number: int) -> int:
    """How long a part is.

    Raises:
        NotFound: No such run or upload.
        InvalidRequest: The file has no part of that number.
    """
    return _length_of_part(_read(platform, principal, run_id, upload_id).row, number)


def finish(platform: Platform, principal: Principal, request: FinishUpload) -> None:
    """Make the file of its parts, all of which must be there.

    Raises:
        NotFound: No such run or upload.
        Conflict: A part is missing, the parts are not those of the file that was announced, or the store has
            forgotten them: begin the upload again.
    """
    upload = _read(platform, principal, request.run_id, request.upload_id)
    if upload.row.etag:
        return
    n_parts = count_parts(upload.row.size_bytes)
    if len(upload.parts) != n_parts:
        raise Conflict(f"{len(upload.parts)} of {n_parts} parts of {upload.row.path!r} are there.")
    if digest_of_parts(bytes.fromhex(part.sha256) for part in upload.parts) != upload.row.digest:
        _drop(platform, principal, upload)
        raise Conflict(f"The parts of {upload.row.path!r} are not those of the file: begin again.")
    etags = {part.number: part.etag for part in upload.parts}
    try:
        upload.store.complete_upload(upload.key, upload.row.store_id, etags)
    except InvalidRequest as error:
        raise _forgotten(platform, principal, upload) from error
    etag = upload.store.stat(upload.key).etag

    def note(context: Context) -> None:
        uploads.finish(context.transaction, upload.row, etag, context.now_ms)
        change = _folder(context, request.run_id).change
        context.changed(upload.row.experiment_id, change.run_id, *change.kinds)

    _write(platform, principal, note)


def purge_abandoned(platform: Platform) -> int:
    """Forget uploads that nobody went on with for a week, with their parts; returns how many."""

    def find(context: Context) -> list[UploadRow]:
        before_ms = context.now_ms - int(KEPT_S * 1000)
        return uploads.find_untouched(context.transaction, before_ms, PURGED_AT_ONCE)

    old = platform.read_with(Permission.MANAGE, EVERYBODY, find)
    for row in old:
        _purge(platform, row)
    return len(old)


def _purge(platform: Platform, row: UploadRow) -> None:
    """Forget an upload, first its parts: what dies in between can be done again."""

    def find(context: Context) -> _Upload:
        is_model = is_model_id(row.run_id)
        folder = folder_of_model(context, row.run_id) if is_model else folder_of_run(context, row.run_id)
        store, key = _place(row.path, folder)
        return _Upload(row, store, key, (), is_new=False)

    try:
        _drop(platform, EVERYBODY, platform.read_with(Permission.MANAGE, EVERYBODY, find))
    except (
        NotFound,
        PermissionDenied,
        NotSupported,
    ):  # its owner is gone, or the store is another one
        _write(platform, EVERYBODY, lambda context: uploads.forget(context.transaction, row))


def _check(request: BeginUpload) -> None:
    if not 0 <= request.size_bytes <= MAX_UPLOAD_BYTES:
        raise InvalidRequest(f"A file has 0 to {MAX_UPLOAD_BYTES} bytes, not {request.size_bytes}.")
    if not _SHA256.fullmatch(request.digest):
        raise InvalidRequest("The digest of an upload is the SHA-256 of those of its parts, in hex.")


def _wanted(context: Context, request: BeginUpload) -> _Upload:
    """The upload that a request means, known or not."""
    folder = _folder(context, request.run_id)
    store, key = _place(request.path, folder)
    experiment_id = _experiment_of(folder)
    what = f"{request.run_id}\n{request.size_bytes}\n{request.digest}\n{request.path}"
    upload_id = hashlib.sha256(what.encode()).hexdigest()[:32]
    row = uploads.find(context.transaction, experiment_id, upload_id)
    if row is not None:
        return _Upload(row, store, key, tuple(uploads.parts(context.transaction, row)), is_new=False)
    if uploads.count_open(context.transaction, experiment_id, request.run_id) >= MAX_OPEN_OF_RUN:
        raise TooManyRequests(f"{request.run_id!r} has {MAX_OPEN_OF_RUN} uploads that were not finished.")
    row = UploadRow(
        experiment_id=experiment_id,
        upload_id=upload_id,
        run_id=request.run_id,
        path=request.path,
        size_bytes=request.size_bytes,
        digest=request.digest,
        store_id="",
        etag="",
        touched_ms=context.now_ms,
    )
    return _Upload(row, store, key, (), is_new=True)


def _read(platform: Platform, principal: Principal, run_id: str, upload_id: str) -> _Upload:
    def find(context: Context) -> _Upload:
        folder = _folder(context, run_id)
        row = uploads.find(context.transaction, _experiment_of(folder), upload_id)
        if row is None or row.run_id != run_id:
            raise NotFound(f"{run_id!r} has no upload {upload_id[:64]!r}: begin it again.")
        store, key = _place(row.path, folder)
        return _Upload(row, store, key, tuple(uploads.parts(context.transaction, row)), is_new=False)

    return platform.read_with(Permission.EDIT, principal, find)


def _folder(context: Context, owner: str) -> RunFolder:
    """Where the files of a run, or of a logged model, are written."""
    return folder_of_model(context, owner) if is_model_id(owner) else folder_to_write(context, owner)


def _experiment_of(folder: RunFolder) -> int:
    return int(folder.change.experiment_id or 0)


def _place(path: str, folder: RunFolder) -> tuple[PartsStore, str]:
    place = folder.place
    key = place.key(path)
    if not isinstance(place.store, PartsStore):
        raise NotSupported("The artifact store takes no files in parts: send it in one piece.")
    return place.store, key


def _length_of_part(row: UploadRow, number: int) -> int:
    n_parts = count_parts(row.size_bytes)
    if not 1 <= number <= n_parts:
        raise InvalidRequest(f"The parts of {row.path!r} are 1 to {n_parts}; there is no part {number}.")
    return length_of_part(row.size_bytes, number)


def _is_there(upload: _Upload) -> bool:
    """Whether the file that was made of the parts is still what it was."""
    try:
        return upload.store.stat(upload.key).etag == upload.row.etag
    except (NotFound, InvalidRequest):
        return False


def _forgotten(platform: Platform, principal: Principal, upload: _Upload) -> Conflict:
    _write(platform, principal, lambda context: uploads.forget(context.transaction, upload.row))
    return Conflict(f"The store has forgotten the parts of {upload.row.path!r}: begin again.")


def _drop(platform: Platform, principal: Principal, upload: _Upload) -> None:
    """Forget an upload, first what the store has of it."""
    if not upload.row.etag:
        upload.store.abort_upload(upload.key, upload.row.store_id)
    _write(platform, principal, lambda context: uploads.forget(context.transaction, upload.row))


def _write(platform: Platform, principal: Principal, work: Callable[[Context], T]) -> T:
    return platform.write_with(Permission.EDIT, principal, work).result()
