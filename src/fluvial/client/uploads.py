"""Large files to a server, in parts: each is sent until it is there, and none that is there already."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Protocol, TypeVar
from urllib.parse import urlencode

from msgspec import Struct

from fluvial.errors import Conflict, NotFound, TooManyRequests, Unavailable, Unreachable
from fluvial.wire.artifacts import digest_field
from fluvial.wire.digests import CHUNK_BYTES, DigestedReader, FileDigest, OnBytes, Readable, SentBytes
from fluvial.wire.endpoint import Empty, Message
from fluvial.wire.uploads import (
    BEGIN_PATH,
    FINISH_PATH,
    PART_DIGEST,
    PARTS_PATH,
    BeginUpload,
    FinishUpload,
    UploadState,
    count_parts,
    digest_of_parts,
    length_of_part,
    part_bytes,
)

Answer = TypeVar("Answer", bound=Message)

# Pauses before a part is sent again: 12 s in all.
PAUSES_S = (0.2, 0.4, 0.8, 1.6, 3.0, 6.0)
# How often an upload is begun anew that the server forgot meanwhile.
BEGINNINGS = 3


class UploadApi(Protocol):
    """What is needed of a server."""

    def post(self, path: str, message: Message, answer: type[Answer]) -> Answer:
        """Send a message to what is no endpoint of local mode, and wait for the answer."""
        ...

    def put(self, path: str, body: DigestedReader, headers: Mapping[str, str]) -> object:
        """Send a body once."""
        ...


class Measured(Struct, frozen=True):
    """A file whose parts are known.

    Attributes:
        source: The file.
        digest: What it holds.
        parts: SHA-256 of each part.
    """

    source: Path
    digest: FileDigest
    parts: tuple[bytes, ...]


def measure(source: Path) -> Measured:
    """Read a file once for its digests."""
    size_bytes = source.stat().st_size
    parts = []
    with source.open("rb") as file:
        whole = DigestedReader(file)
        for number in range(1, count_parts(size_bytes) + 1):
            reader = DigestedReader(_Part(whole, length_of_part(size_bytes, number)))
            while reader.read(CHUNK_BYTES):
                pass
            parts.append(bytes.fromhex(reader.digest.sha256))
    return Measured(source, whole.digest, tuple(parts))


def upload_in_parts(
    api: UploadApi, owner: str, path: str, file: Measured, on_bytes: OnBytes | None = None
) -> FileDigest:
    """Keep a large file as an artifact of a run or a logged model, going on where an earlier try broke off.

    Args:
        api: The server.
        owner: The run, or the logged model.
        path: Name of the artifact.
        file: The file.
        on_bytes: Told of what is there.

    Raises:
        RequestError: What the server answered; `NotFound` and `NotSupported` also where it takes no parts.
        Unreachable: It went away and did not come back.
    """
    digest = digest_of_parts(file.parts)
    wanted = BeginUpload(run_id=owner, path=path, size_bytes=file.digest.size_bytes, digest=digest)
    for _ in range(BEGINNINGS):
        state = api.post(BEGIN_PATH, wanted, UploadState)
        sent = SentBytes(on_bytes)
        try:
            if not state.is_finished:
                _send_parts(api, owner, file, state, sent)
                finished = FinishUpload(run_id=owner, upload_id=state.upload_id)
                _persist(functools.partial(api.post, FINISH_PATH, finished, Empty))
        except (Conflict, NotFound) as error:  # the server has forgotten the upload, or some of it
            sent.undo()
            cause = error
        else:
            return file.digest
    raise Unavailable(f"The upload of {path} was forgotten by the server again and again: {cause}") from cause


def _send_parts(api: UploadApi, owner: str, file: Measured, state: UploadState, sent: SentBytes) -> None:
    with file.source.open("rb") as content:
        for number, sha256 in enumerate(file.parts, 1):
            length = length_of_part(file.digest.size_bytes, number)
            if number in state.parts:
                sent(length)
                continue
            query = urlencode({"run_id": owner, "upload_id": state.upload_id, "number": number})
            headers = {"Content-Length": str(length), PART_DIGEST: digest_field(sha256)}
            content.seek((number - 1) * part_bytes(file.digest.size_bytes))
            put = functools.partial(api.put, f"{PARTS_PATH}?{query}", headers=headers)
            _persist(functools.partial(_send_part, put, content, length, sent))


def _send_part(
    put: Callable[[DigestedReader], object], content: IO[bytes], length: int, sent: SentBytes
) -> None:
    """Send so many bytes from where the file stands; where that fails, it stands there again."""
    start, tried = content.tell(), SentBytes(sent)
    try:
        put(DigestedReader(_Part(content, length), tried))
    except BaseException:
        tried.undo()
        content.seek(start)
        raise


def _persist(action: Callable[[], object]) -> None:
    """Do something that may be done again, until it is done or the pauses are used up."""
    for pause_s in PAUSES_S:
        try:
            action()
        except (Unreachable, Unavailable, TooManyRequests) as error:
            time.sleep(max(pause_s, getattr(error, "retry_after_s", 0.0)))
        else:
            return
    action()


class _Part:
    """So many bytes of a file, from where it stands."""

    def __init__(self, file: Readable, length: int) -> None:
        self._file = file
        self._left = length

    def read(self, size: int, /) -> bytes:
        """Some of them."""
        piece = self._file.read(min(size, self._left))
        self._left -= len(piece)
        return piece
