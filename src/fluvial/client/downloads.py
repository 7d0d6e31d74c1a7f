"""Files from a server: they go on where a connection broke, and what arrived is held to its checksum."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Protocol

import urllib3

from fluvial.errors import MethodNotAllowed, TooManyRequests, Unavailable, Unreachable
from fluvial.wire.artifacts import DIGEST, DIGESTED_BYTES, WANT_DIGEST, parse_digest_field
from fluvial.wire.digests import CHUNK_BYTES, DigestedReader, FileDigest, OnBytes, digest_of

# Pauses before the next try where nothing arrived since the last: 12 s in all.
PAUSES_S = (0.2, 0.4, 0.8, 1.6, 3.0, 6.0)
# A server reads a file as fast as this, or faster, to answer with its digest.
DIGEST_BYTES_PER_S = 50e6

_WANTED = {WANT_DIGEST: "sha-256=1"}
_BROKEN = (Unreachable, Unavailable, TooManyRequests, urllib3.exceptions.HTTPError)


class Send(Protocol):
    """Sends a request and raises what the server says against it; the body of the answer is not read."""

    def __call__(
        self, method: str, headers: Mapping[str, str], *, more_time_s: float = 0.0
    ) -> urllib3.BaseHTTPResponse:
        """The answer, waited for longer than usual by `more_time_s`."""
        ...


def download(send: Send, path: str, target: Path, on_bytes: OnBytes | None = None) -> None:
    """Write a file of a server to the disk.

    Args:
        send: Asks for that file.
        path: Its name, for people.
        target: Where to.
        on_bytes: Told of what arrives.

    Raises:
        RequestError: What the server answered.
        Unreachable: It went away and did not come back, or the checksums differ.
        OSError: The file cannot be written.
    """
    with target.open("w+b") as file:
        answer = send("GET", _WANTED)
        n_in_vain = 0
        while True:
            start = file.tell()
            try:
                _copy(answer, file, on_bytes)
                break
            except urllib3.exceptions.HTTPError as error:
                cause: Exception = error
            finally:
                answer.release_conn()
            n_in_vain = 0 if file.tell() > start else n_in_vain + 1
            answer, n_in_vain = _go_on(send, path, file, answer, on_bytes, n_in_vain, cause)
        file.seek(0)
        _check(send, path, digest_of(file), answer.headers)


def checksum(send: Send) -> FileDigest:
    """Size and SHA-256 of a file on a server: what the server says, or else what it sends."""
    found = _stated(send)
    if found is not None:
        return found[0]
    answer = send("GET", {})
    try:
        return digest_of(answer)
    except urllib3.exceptions.HTTPError as error:
        raise Unreachable(f"The connection broke: {error}.") from error
    finally:
        answer.release_conn()


def _copy(answer: urllib3.BaseHTTPResponse, file: IO[bytes], on_bytes: OnBytes | None) -> None:
    reader = DigestedReader(answer, on_bytes)
    while piece := reader.read(CHUNK_BYTES):
        file.write(piece)


def _go_on(
    send: Send,
    path: str,
    file: IO[bytes],
    before: urllib3.BaseHTTPResponse,
    on_bytes: OnBytes | None,
    n_in_vain: int,
    cause: Exception,
) -> tuple[urllib3.BaseHTTPResponse, int]:
    """Ask for the rest, or for all where it is another version by now."""
    version = before.headers.get("ETag", "")
    while n_in_vain < len(PAUSES_S):
        time.sleep(PAUSES_S[n_in_vain])
        start = file.tell()
        is_same = bool(version) and not version.startswith("W/") and start
        wanted = {"Range": f"bytes={start}-", "If-Range": version} if is_same else {}
        try:
            answer = send("GET", {**_WANTED, **wanted})
        except _BROKEN as error:
            cause = error
            n_in_vain += 1
            continue
        if answer.status != 206:
            file.seek(0)
            file.truncate()
            if on_bytes is not None:
                on_bytes(-start)
        return answer, n_in_vain
    raise Unreachable(f"The download of {path} broke off at byte {file.tell():,}: {cause}.") from cause


def _check(send: Send, path: str, arrived: FileDigest, headers: Mapping[str, str]) -> None:
    """Compare a file with what the server says of it, where it says something."""
    stated = parse_digest_field(headers.get(DIGEST, ""))
    if stated is None and arrived.size_bytes > DIGESTED_BYTES:
        found = _stated(send, arrived.size_bytes)
        if found is not None and found[1] == headers.get("ETag"):
            stated = found[0].sha256
    if stated is not None and stated != arrived.sha256:
        raise Unreachable(f"{path} did not arrive as the server has it: the checksums differ.")


def _stated(send: Send, size_bytes: int = 0) -> tuple[FileDigest, str | None] | None:
    """What a server says of a file without sending it, and of which version; none if it says no digest."""
    try:
        size_bytes = size_bytes or int(send("HEAD", {}).headers.get("Content-Length", "0"))
        answer = send("HEAD", _WANTED, more_time_s=size_bytes / DIGEST_BYTES_PER_S)
    except MethodNotAllowed:
        return None
    sha256 = parse_digest_field(answer.headers.get(DIGEST, ""))
    if sha256 is None:
        return None
    return FileDigest(int(answer.headers["Content-Length"]), sha256), answer.headers.get("ETag")
