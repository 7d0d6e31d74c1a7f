"""Artifacts over the wire: what fits a message. Their bytes are streams, see `server/artifact_streams.py`."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from msgspec import field

from fluvial.entities.artifact import FileInfo
from fluvial.wire.endpoint import Endpoint, Message
from fluvial.wire.runs import OfRun

MAX_EXPIRATION_S = 604_800  # a week: the longest that S3 signs for
UPLOAD_EXPIRATION_S = 900
DOWNLOAD_EXPIRATION_S = 300
MAX_PARTS = 10_000  # of an upload; S3 takes no more

# RFC 9530: who sends or reads a file asks for the digest of what is kept, and the answer has it. Of a larger
# file only the answer to HEAD has it: the server has to read it all before it answers.
WANT_DIGEST = "Want-Repr-Digest"
DIGEST = "Repr-Digest"
DIGESTED_BYTES = 16 << 20

_DIGEST_FIELD = re.compile(r"\bsha-256=:([A-Za-z0-9+/]{43}=):")


def digest_field(sha256: bytes) -> str:
    """A SHA-256 digest as the value of the header."""
    return f"sha-256=:{base64.b64encode(sha256).decode()}:"


def parse_digest_field(value: str) -> str | None:
    """The SHA-256 digest that the header has, as 64 hex characters; none if it has none."""
    match = _DIGEST_FIELD.search(value)
    return None if match is None else base64.b64decode(match[1]).hex()


def wants_digest(headers: Mapping[str, str]) -> bool:
    """Whether a request asks for the SHA-256 of what is kept."""
    return "sha-256" in headers.get(WANT_DIGEST, "")


class ListArtifacts(OfRun, frozen=True, kw_only=True):
    """One level of a run's artifacts.

    Attributes:
        path: A folder of it; the root where it is empty.
        page_token: Where the page before ended.
    """

    path: str = ""
    page_token: str | None = None


class ArtifactsPage(Message, frozen=True, kw_only=True):
    """Entries of a folder, by path from the run's root; none for a file or a missing folder.

    Attributes:
        root_uri: Location of the run's artifacts.
        files: Up to 10,000 entries.
        next_page_token: Absent on the last page.
    """

    root_uri: str
    files: tuple[FileInfo, ...] = ()
    next_page_token: str | None = None


class ListProxiedArtifacts(Message, frozen=True, kw_only=True):
    """One level of the server's own store; its root where `path` is empty."""

    path: str = ""


class ProxiedArtifacts(Message, frozen=True, kw_only=True):
    """Entries of a folder, by their last path segment; none for a file or a missing folder."""

    files: tuple[FileInfo, ...] = ()


class CreatePresignedUploadUrl(Message, frozen=True, kw_only=True):
    """Ask for a URL that one artifact of a run can be sent to.

    Attributes:
        run_id: The run.
        path: Name of the artifact.
        expiration: How long the URL holds, seconds, 1 to 604,800.
        model_id: A logged model instead of a run.
    """

    path: str
    run_id: str = ""
    model_id: str = ""
    expiration: int = UPLOAD_EXPIRATION_S


class PresignedUploadUrl(Message, frozen=True, kw_only=True):
    """Where to PUT the bytes, and with which headers."""

    presigned_url: str
    headers: dict[str, str] = field(default_factory=dict)


class CreatePresignedDownloadUrl(Message, frozen=True, kw_only=True):
    """Ask for a URL that one artifact of a run can be read from.

    Attributes:
        run_id: The run.
        path: Name of the artifact.
        expiration: How long the URL holds, seconds, 1 to 604,800.
    """

    run_id: str
    path: str
    expiration: int = DOWNLOAD_EXPIRATION_S


class PresignedDownloadUrl(Message, frozen=True, kw_only=True):
    """Where to GET the bytes, with which headers, and how many there are."""

    presigned_url: str
    headers: dict[str, str] = field(default_factory=dict)
    file_size: int


class CreateMultipartUpload(Message, frozen=True, kw_only=True):
    """Begin an upload in parts; `path` is the file on the caller's machine, of which the name counts."""

    path: str
    num_parts: int = 1


class PartCredential(Message, frozen=True, kw_only=True):
    """Where to PUT one part."""

    url: str
    part_number: int
    headers: dict[str, str] = field(default_factory=dict)


class MultipartUpload(Message, frozen=True, kw_only=True):
    """An upload in parts that has begun."""

    upload_id: str
    credentials: tuple[PartCredential, ...]


class UploadedPart(Message, frozen=True, kw_only=True):
    """A part that was sent, with the ETag that the store answered."""

    part_number: int
    etag: str


class CompleteMultipartUpload(Message, frozen=True, kw_only=True):
    """All parts were sent: make the file of them."""

    path: str
    upload_id: str
    parts: tuple[UploadedPart, ...]


class AbortMultipartUpload(Message, frozen=True, kw_only=True):
    """Forget an upload in parts."""

    path: str
    upload_id: str


class PresignedDownload(Message, frozen=True, kw_only=True):
    """Where to GET a file, and how long it is."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    file_size: int


LIST_ARTIFACTS = Endpoint("GET", "/api/2.0/mlflow/artifacts/list", ListArtifacts, ArtifactsPage)
LIST_PROXIED_ARTIFACTS = Endpoint(
    "GET", "/api/2.0/mlflow-artifacts/artifacts", ListProxiedArtifacts, ProxiedArtifacts
)
CREATE_PRESIGNED_UPLOAD_URL = Endpoint(
    "POST",
    "/api/2.0/mlflow/artifacts/presigned-upload-url",
    CreatePresignedUploadUrl,
    PresignedUploadUrl,
)
CREATE_PRESIGNED_DOWNLOAD_URL = Endpoint(
    "POST",
    "/api/2.0/mlflow/artifacts/presigned-download-url",
    CreatePresignedDownloadUrl,
    PresignedDownloadUrl,
)
