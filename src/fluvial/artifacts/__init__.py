"""Byte stores: `artifacts/s3.py` is the store for `s3:`, and so on; this is what each of them keeps.

A plugin is a module named after a URI scheme with one function, `open_store(uri, options)`. A store
keeps bytes under keys, which are artifact names (`names.py`) below its root; what may be kept where,
and by whom, is the services' business.
"""

from __future__ import annotations

import io
import re
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, runtime_checkable
from urllib.parse import quote

from msgspec import Struct

from fluvial.artifacts.names import checked_folder, checked_name
from fluvial.errors import InvalidSetting, MissingExtra

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fluvial.client.stored_files import download_artifacts as download_artifacts
    from fluvial.client.stored_files import list_artifacts as list_artifacts
    from fluvial.client.stored_files import load_dict as load_dict
    from fluvial.client.stored_files import load_image as load_image
    from fluvial.client.stored_files import load_text as load_text

_OF_CLIENT = ("download_artifacts", "list_artifacts", "load_dict", "load_image", "load_text")

__all__ = [
    "BUCKETS",
    "CHUNK_BYTES",
    "ArtifactEntry",
    "ArtifactReader",
    "ArtifactStat",
    "ArtifactStore",
    "ByteSource",
    "MultipartStore",
    "PartsStore",
    "PresigningStore",
    "SignedRequest",
    "StoreOptions",
    "Uri",
    "checked_folder",
    "checked_name",
    "open_store",
]

BUCKETS = ("az", "gs", "s3")  # schemes whose locations name a bucket, never a host
CHUNK_BYTES = 1 << 20  # how much of a file is in memory at a time, where nothing else is said

# A single letter before the colon is a drive.
_URI = re.compile(r"([A-Za-z][A-Za-z0-9-]+):(?://([^/?#]*))?([^?#]*)", re.DOTALL)
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class ArtifactStat(Struct, frozen=True, kw_only=True):
    """What a store knows of a file without reading it.

    Attributes:
        size_bytes: Its length.
        etag: Changes whenever the content does; without quotes.
        modified_ms: When it was written, ms since the epoch.
    """

    size_bytes: int
    etag: str
    modified_ms: int


class ArtifactEntry(Struct, frozen=True, kw_only=True):
    """One entry of a folder.

    Attributes:
        name: Its last path segment.
        size_bytes: Its length; None for a folder.
    """

    name: str
    size_bytes: int | None

    @property
    def is_folder(self) -> bool:
        """Whether there are files below it."""
        return self.size_bytes is None


class ArtifactReader(io.RawIOBase):
    """A file, or a range of one, open for reading from front to back; the caller closes it.

    `read(n)` may return fewer than n bytes; b"" is the end.

    Attributes:
        stat: The file it is of: bytes and stat belong to one version of it.
    """

    stat: ArtifactStat

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; all the rest if it is negative."""
        return super().read(size) or b""


class ByteSource(Protocol):
    """What can be read from front to back: an open file, the body of a request."""

    def read(self, size: int, /) -> bytes:
        """1 to `size` bytes; b"" is the end."""


class ArtifactStore(Protocol):
    """Keeps bytes under keys. Safe to use from many threads.

    What the outside raises becomes one of `fluvial.errors`: `StorageFull` where space ran out,
    `Unavailable` where the store cannot be reached or does not let the server in.
    """

    def write(self, key: str, content: ByteSource, *, size_bytes: int | None = None) -> None:
        """Keep all that `content.read(n)` yields, in bounded memory; replace what was there.

        A reader sees the whole file or none, also if the content's `read` raises half-way.

        Args:
            key: Name of the file.
            content: Where it is read from.
            size_bytes: Its length, where known: very large files then get larger parts.

        Raises:
            InvalidRequest: There is a folder of that name, or a file where a folder is needed.
        """

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> ArtifactReader:
        """Open the file from byte `start`, which must lie within it, for at most `length` bytes.

        Raises:
            NotFound: No such file.
            InvalidRequest: It is a folder.
        """

    def stat(self, key: str) -> ArtifactStat:
        """Size and version of the file.

        Raises:
            NotFound: No such file.
            InvalidRequest: It is a folder.
        """

    def list(self, folder: str) -> list[ArtifactEntry]:
        """The entries of one folder, by name; none if it is a file or is missing. "" is the root."""

    def delete(self, key: str) -> None:
        """Delete the file, and all below the folder, of that name; nothing happens if there is none."""


class SignedRequest(Struct, frozen=True, kw_only=True):
    """A request that anybody may send to the store until it runs out.

    Attributes:
        url: Holds the signature.
        headers: Must be sent as they are.
    """

    url: str
    headers: dict[str, str] = {}


@runtime_checkable
class PresigningStore(ArtifactStore, Protocol):
    """A store that lets others in for one request at a time."""

    def sign_get(self, key: str, *, expires_in_s: int) -> SignedRequest:
        """A request that reads the file."""

    def sign_put(self, key: str, *, expires_in_s: int) -> SignedRequest:
        """A request that writes the file."""


@runtime_checkable
class PartsStore(ArtifactStore, Protocol):
    """A store that takes a file in parts, in any order and as often as it takes."""

    def create_upload(self, key: str) -> str:
        """Begin, and return the id of the upload."""

    def write_part(
        self, key: str, upload_id: str, part_number: int, content: ByteSource, *, start: int, length: int
    ) -> str:
        """Keep one part; parts count from 1. When it returns, the part outlives a power cut.

        Args:
            key: Name of the file.
            upload_id: Of the upload.
            part_number: Which part.
            content: Where it is read from: `length` bytes.
            start: Where in the file the part begins.
            length: How long it is; 5 MiB at least, but for the last.

        Returns:
            What `complete_upload` wants to know of the part.

        Raises:
            InvalidRequest: There is no such upload.
        """

    def complete_upload(self, key: str, upload_id: str, etags: dict[int, str]) -> None:
        """Make the file of the parts, in the order of their numbers.

        Raises:
            InvalidRequest: A part or the upload is not there.
        """

    def abort_upload(self, key: str, upload_id: str) -> None:
        """Forget the parts; nothing happens if the upload is not there."""


@runtime_checkable
class MultipartStore(PartsStore, Protocol):
    """A store that takes the parts from others, who send them to it straight."""

    def sign_part(self, key: str, upload_id: str, part_number: int, *, expires_in_s: int) -> SignedRequest:
        """A request that writes one part; parts count from 1."""


class StoreOptions(Struct, frozen=True, kw_only=True):
    """What the administrator says about stores, beside the location.

    Attributes:
        s3_endpoint_url: Where `s3:` is, if not at AWS, such as `http://minio:9000`.
    """

    s3_endpoint_url: str | None = None


class Uri(Struct, frozen=True):
    """A location in its parts.

    Attributes:
        scheme: In lower case; `file` for a plain path.
        authority: The bucket or host after `//`; None where there is no `//`.
        path: The rest as it is written: percent-encoded for `file`, plain for buckets.
    """

    scheme: str
    authority: str | None
    path: str

    @classmethod
    def parse(cls, location: str) -> Uri | None:
        """The parts; None if there is a query or a fragment, which no location has."""
        match = _URI.match(location)
        if match is None:
            return cls("file", None, quote(location))
        return cls(match[1].lower(), match[2], match[3]) if match.end() == len(location) else None

    @property
    def is_bucket(self) -> bool:
        """Whether it names a bucket, or a folder of one."""
        return self.scheme in BUCKETS and _BUCKET.fullmatch(self.authority or "") is not None

    def __str__(self) -> str:
        authority = "" if self.authority is None else f"//{self.authority}"
        return f"{self.scheme}:{authority}{self.path}"


def open_store(uri: str, options: StoreOptions) -> ArtifactStore:
    """The store for a location that the administrator chose. Never call it with a caller's location.

    Raises:
        InvalidSetting: No store handles that scheme, or it cannot be opened.
        MissingExtra: The store needs a package that is not installed.
    """
    parts = Uri.parse(uri)
    if parts is None:
        raise InvalidSetting(f"The artifact location {uri!r} has a query or a fragment.")
    module = f"{__name__}.{parts.scheme}"
    try:
        opener = getattr(import_module(module), "open_store", None) if find_spec(module) else None
    except ModuleNotFoundError as error:
        if error.name != "obstore":
            raise
        raise MissingExtra(f"An artifact store at {parts.scheme}:", "objectstore") from error
    if opener is None:
        raise InvalidSetting(f"No artifact store handles {parts.scheme}: locations.")
    store: ArtifactStore = opener(parts, options)
    return store


def __getattr__(name: str) -> Any:
    """`fluvial.artifacts.download_artifacts` and its relatives, which are the client's.

    MLflow has them under this name, so that programs look for them here.
    """
    if name in _OF_CLIENT:
        return getattr(import_module("fluvial.client.stored_files"), name)
    raise AttributeError(f"module 'fluvial.artifacts' has no attribute {name!r}")
