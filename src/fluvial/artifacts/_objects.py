"""What all object stores share, through obstore: one implementation, one small module per scheme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Literal

import obstore
from obstore.exceptions import BaseError

from fluvial.artifacts import (
    CHUNK_BYTES,
    ArtifactEntry,
    ArtifactReader,
    ArtifactStat,
    ByteSource,
    SignedRequest,
    Uri,
    checked_name,
)
from fluvial.errors import InvalidRequest, InvalidSetting, NotFound, Unavailable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from obstore import BytesStream, GetOptions, ObjectMeta
    from obstore.store import (
        AzureStore,
        ClientConfig,
        GCSStore,
        ObjectStore,
        RetryConfig,
        S3Store,
    )

# A part is in memory while it is sent. S3 takes at most 10,000 of them, so that files of up to
# 50 GB fit where the length is not known beforehand.
_PART_BYTES = 5 << 20
_MAX_PARTS = 10_000
_PARTS_AT_ONCE = 2
_DELETE_AT_ONCE = 1000

CLIENT: ClientConfig = {
    "connect_timeout": timedelta(seconds=5),
    "read_timeout": timedelta(seconds=60),
    # For a whole answer; the library's own 30 s would end every large download.
    "timeout": timedelta(days=1),
}
RETRY: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}


@contextmanager
def opening(uri: Uri) -> Iterator[tuple[str, str | None]]:
    """The bucket and the prefix of `scheme://bucket/prefix`, to open a store with.

    Raises:
        InvalidSetting: The URI has another form, or the library refuses the configuration.
    """
    if not uri.authority or "@" in uri.authority:
        raise InvalidSetting(f"{uri} does not have the form {uri.scheme}://bucket/prefix.")
    try:
        yield uri.authority, uri.path.strip("/") or None
    except (BaseError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise InvalidSetting(f"The artifact store {uri} cannot be opened: {reason}") from error


class BucketStore:
    """Keeps artifacts as objects of a bucket, below the prefix that `store` was made with."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def write(self, key: str, content: ByteSource, *, size_bytes: int | None = None) -> None:
        """Send it in one request if it fits in one part, else in parts; see `ArtifactStore.write`."""
        checked_name(key)
        part_bytes = max(_PART_BYTES, -(-(size_bytes or 0) // _MAX_PARTS))
        parts = _iter_parts(content, part_bytes)
        first = next(parts, b"")
        with _errors_of(key):
            if len(first) < part_bytes:
                obstore.put(self._store, key, first, use_multipart=False)
            else:
                obstore.put(
                    self._store,
                    key,
                    chain((first,), parts),
                    chunk_size=part_bytes,
                    max_concurrency=_PARTS_AT_ONCE,
                )

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> ArtifactReader:
        """See `ArtifactStore.open`."""
        checked_name(key)
        options: GetOptions = {}
        if start or length is not None:
            stat = self.stat(key)
            end = stat.size_bytes if length is None else min(start + length, stat.size_bytes)
            if start >= end:  # object stores refuse an empty range
                return _ObjectReader(key, stat, None)
            options = {"range": (start, end)}
        with self._errors_of_reading(key):
            found = obstore.get(self._store, key, options=options)
            return _ObjectReader(key, _stat_of(found.meta), found.stream(min_chunk_size=CHUNK_BYTES))

    def stat(self, key: str) -> ArtifactStat:
        """See `ArtifactStore.stat`."""
        checked_name(key)
        with self._errors_of_reading(key):
            return _stat_of(obstore.head(self._store, key))

    def list(self, folder: str) -> list[ArtifactEntry]:
        """See `ArtifactStore.list`."""
        prefix = checked_name(folder) if folder else None
        with _errors_of(folder):
            found = obstore.list_with_delimiter(self._store, prefix)
        entries = [
            ArtifactEntry(name=path.rpartition("/")[2], size_bytes=None) for path in found["common_prefixes"]
        ]
        entries += [
            ArtifactEntry(name=entry["path"].rpartition("/")[2], size_bytes=entry["size"])
            for entry in found["objects"]
        ]
        return sorted(entries, key=lambda entry: entry.name)

    def delete(self, key: str) -> None:
        """See `ArtifactStore.delete`."""
        checked_name(key)
        with _errors_of(key):
            self._delete([key])
            for found in obstore.list(self._store, key, chunk_size=_DELETE_AT_ONCE):
                self._delete([entry["path"] for entry in found])

    @contextmanager
    def _errors_of_reading(self, key: str) -> Iterator[None]:
        try:
            with _errors_of(key):
                yield
        except NotFound as error:
            if self.list(key):
                raise InvalidRequest(f"The artifact {key!r} is a folder.") from error
            raise

    def _delete(self, keys: Sequence[str]) -> None:
        """Delete objects. Some stores refuse a batch in which one is missing: then one by one."""
        try:
            obstore.delete(self._store, keys)
        except FileNotFoundError:
            for key in keys:
                with suppress(FileNotFoundError):
                    obstore.delete(self._store, key)


class SigningStore(BucketStore):
    """A store whose service takes signed requests from anybody.

    Args:
        store: The bucket.
        put_headers: Headers that the service wants with a signed upload.
    """

    def __init__(
        self,
        store: S3Store | GCSStore | AzureStore,
        *,
        put_headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(store)
        self._signer = store
        self._put_headers = put_headers or {}

    def sign_get(self, key: str, *, expires_in_s: int) -> SignedRequest:
        """See `PresigningStore.sign_get`."""
        return SignedRequest(url=self._sign("GET", key, expires_in_s))

    def sign_put(self, key: str, *, expires_in_s: int) -> SignedRequest:
        """See `PresigningStore.sign_put`."""
        return SignedRequest(url=self._sign("PUT", key, expires_in_s), headers=self._put_headers)

    def _sign(self, method: Literal["GET", "PUT"], key: str, expires_in_s: int) -> str:
        checked_name(key)
        with _errors_of(key):
            return obstore.sign(self._signer, method, key, timedelta(seconds=expires_in_s))


class _ObjectReader(ArtifactReader):
    def __init__(self, key: str, stat: ArtifactStat, stream: BytesStream | None) -> None:
        self.stat = stat
        self._key = key
        self._chunks: Iterator[bytes] = iter(stream or ())
        self._rest = memoryview(b"")

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        if not self._rest:
            with _errors_of(self._key):
                self._rest = memoryview(next(self._chunks, b""))
        target = memoryview(buffer)
        n_read = min(len(target), len(self._rest))
        target[:n_read] = self._rest[:n_read]
        self._rest = self._rest[n_read:]
        return n_read

    def close(self) -> None:
        self._chunks = iter(())
        super().close()


def _iter_parts(content: ByteSource, part_bytes: int) -> Iterator[bytes]:
    """The content in parts that are all of one size but the last; `read` may return less."""
    part = bytearray()
    while chunk := content.read(min(CHUNK_BYTES, part_bytes - len(part))):
        part += chunk
        if len(part) == part_bytes:
            yield bytes(part)
            part.clear()
    if part:
        yield bytes(part)


def _stat_of(meta: ObjectMeta) -> ArtifactStat:
    return ArtifactStat(
        size_bytes=meta["size"],
        etag=(meta["e_tag"] or "").strip('"'),
        modified_ms=int(meta["last_modified"].timestamp() * 1000),
    )


@contextmanager
def _errors_of(key: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound(f"No artifact {key!r}.") from error
    except BaseError as error:  # its text names buckets and endpoints: for the log, not the caller
        raise Unavailable(f"The artifact store did not carry out a request for {key!r}.") from error
