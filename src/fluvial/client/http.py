"""The platform over HTTP. Import it where it is first needed: urllib3 takes 0.2 s to load."""

from __future__ import annotations

import base64
import email.utils
import ipaddress
import mimetypes
import time
import urllib.request
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec
import urllib3

from fluvial import __version__
from fluvial.client.digests import DigestedReader, FileDigest, OnBytes
from fluvial.client.downloads import Send as SendForFile
from fluvial.client.downloads import checksum, download
from fluvial.errors import FluvialError, InvalidSetting, NotSupported, Unreachable, from_wire
from fluvial.settings import ClientSettings
from fluvial.wire import codec
from fluvial.wire.artifacts import DIGEST, WANT_DIGEST, digest_field
from fluvial.wire.endpoint import Endpoint, Request, Response
from fluvial.wire.journal import INGEST_PATH, MEDIA_TYPE, Ingested, SliceHeader, pack_slice
from fluvial.wire.metrics import POINTS_PATH
from fluvial.wire.runs import GET_RUN, RunId

ARTIFACTS_PATH = "/api/2.0/mlflow-artifacts/artifacts"

CONNECT_TIMEOUT_S = 10.0


class HttpTransport:
    """A server, reached by its URL.

    Args:
        url: `http://` or `https://`; may end in the server's static prefix.
        settings: Who to say that we are, what to trust, how long to wait.
    """

    def __init__(self, url: str, settings: ClientSettings) -> None:
        parts = urlsplit(url)
        if not parts.hostname:
            raise InvalidSetting(f"The tracking URI {url!r} names no host.")
        self.url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl().rstrip("/")
        self._headers = {"User-Agent": f"fluvial-python/{__version__}", **_authorization(url, settings)}
        self._pool = _pool(self.url, settings)
        self._answer_timeout_s = settings.http_timeout_s
        self._compresses = not _is_loopback(parts.hostname)
        self._artifact_roots: dict[str, str] = {}

    def call(self, endpoint: Endpoint[Request, Response], request: Request) -> Response:
        """Call an endpoint."""
        if endpoint.method == "GET":
            query = urlencode(codec.to_query(request))
            answer = self._send("GET", f"{endpoint.path}?{query}" if query else endpoint.path)
        else:
            answer = self._send(
                endpoint.method, endpoint.path, codec.encode(request), {"Content-Type": "application/json"}
            )
        return codec.decode(endpoint.response, answer.data)

    def ingest(self, header: SliceHeader, frames: bytes) -> Ingested:
        """Send a slice of a journal."""
        headers = {"Content-Type": MEDIA_TYPE}
        body = pack_slice(header, frames)
        if self._compresses:
            headers["Content-Encoding"] = "deflate"
            body = zlib.compress(body, 1)
        return codec.decode(Ingested, self._send("POST", INGEST_PATH, body, headers, n_tries=2).data)

    def metric_points(self, run_id: str, key: str) -> bytes:
        """All points of a metric as columns."""
        query = urlencode({"run_id": run_id, "metric_key": key})
        return self._send("GET", f"{POINTS_PATH}?{query}").data

    def upload(self, run_id: str, path: str, source: Path, on_bytes: OnBytes | None = None) -> FileDigest:
        """Keep a file as an artifact of a run."""
        headers = {
            "Content-Type": mimetypes.guess_type(path)[0] or "application/octet-stream",
            "Content-Length": str(source.stat().st_size),
            WANT_DIGEST: "sha-256=1",
        }
        with source.open("rb") as file:
            read = DigestedReader(file, on_bytes)
            answer = self._send("PUT", self._artifact_path(run_id, path), read, headers)
        arrived = answer.headers.get(DIGEST)
        if arrived is not None and arrived != digest_field(bytes.fromhex(read.digest.sha256)):
            raise Unreachable(f"{path} did not arrive as it was sent: the checksums differ.")
        return read.digest

    def download(self, run_id: str, path: str, target: Path, on_bytes: OnBytes | None = None) -> None:
        """Write an artifact of a run to a file; goes on where a connection breaks."""
        download(self._file(run_id, path), path, target, on_bytes)

    def checksum(self, run_id: str, path: str) -> FileDigest:
        """Size and SHA-256 of an artifact of a run, as the server has it."""
        return checksum(self._file(run_id, path))

    def get(self, path: str, query: Mapping[str, str] | None = None) -> urllib3.BaseHTTPResponse:
        """The answer to a GET, its body unread; close it."""
        return self._send("GET", f"{path}?{urlencode(query)}" if query else path, preload=False)

    def close(self) -> None:
        """Let go of connections."""
        self._pool.clear()

    def _artifact_path(self, run_id: str, path: str) -> str:
        root = self._artifact_roots.get(run_id)
        if root is None:
            uri = self.call(GET_RUN, RunId(run_id=run_id)).run.info.artifact_uri
            scheme, _, root = uri.partition(":")
            if scheme != "mlflow-artifacts":
                raise NotSupported(
                    f"The artifacts of run {run_id} are at {uri}, and not served by {self.url}: "
                    "start the server with --serve-artifacts."
                )
            root = self._artifact_roots[run_id] = root.strip("/")
        return f"{ARTIFACTS_PATH}/{quote(root)}/{quote(path)}"

    def _file(self, run_id: str, path: str) -> SendForFile:
        """Sends requests for one artifact."""
        address = self._artifact_path(run_id, path)

        def send(
            method: str, headers: Mapping[str, str], *, more_time_s: float = 0.0
        ) -> urllib3.BaseHTTPResponse:
            return self._send(method, address, headers=headers, preload=False, more_time_s=more_time_s)

        return send

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | DigestedReader | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        n_tries: int = 1,
        preload: bool = True,
        more_time_s: float = 0.0,
    ) -> urllib3.BaseHTTPResponse:
        """Send a request and raise what the server says against it.

        A connection that the server closed while it lay idle breaks at the next request, so that reads,
        and writes that may arrive twice, are tried twice.
        """
        for n_left in reversed(range(2 if method == "GET" else n_tries)):
            try:
                answer = self._pool.urlopen(
                    method,
                    self.url + path,
                    body=body,
                    headers={**self._headers, **(headers or {})},
                    redirect=False,
                    retries=False,
                    preload_content=preload,
                    timeout=urllib3.Timeout(CONNECT_TIMEOUT_S, self._answer_timeout_s + more_time_s),
                )
            except urllib3.exceptions.ProtocolError as error:
                if not n_left:
                    raise Unreachable(f"The server at {self.url} closed the connection: {error}.") from error
            except urllib3.exceptions.HTTPError as error:
                raise Unreachable(f"No server answers at {self.url}: {error}.") from error
            else:
                break
        if answer.status >= 300:
            raise _error(answer, self.url)
        return answer


def _error(answer: urllib3.BaseHTTPResponse, url: str) -> FluvialError:
    """The error that an answer stands for."""
    wait = _retry_after(answer)
    try:
        said: dict[str, Any] = msgspec.json.decode(answer.data, type=dict[str, Any])
    except msgspec.DecodeError:
        text = answer.data[:200].decode(errors="replace").strip()
        reason = f"{url} answered {answer.status}: {text or 'no reason given'}"
        if answer.status == 400:  # from something between us and the server: it says nothing about a record
            return Unreachable(reason)
        return from_wire(answer.status, None, reason, wait)
    code, message = said.pop("error_code", None), said.pop("message", "")
    details = said.pop("details", None) or said
    return from_wire(answer.status, code, str(message), {**details, **wait})


def _retry_after(answer: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    """How long the server asks to wait, as a detail of the error; nothing where it does not ask."""
    text = answer.headers.get("Retry-After")
    if text is None:
        return {}
    try:
        return {"retry_after_s": max(float(text), 0.0)}
    except ValueError:
        pass
    try:
        at_s = email.utils.parsedate_to_datetime(text).timestamp()
    except ValueError:
        return {}
    return {"retry_after_s": max(at_s - time.time(), 0.0)}


def _pool(url: str, settings: ClientSettings) -> urllib3.PoolManager:
    parts = urlsplit(url)
    options: dict[str, Any] = {
        "maxsize": 4,
    }
    if settings.insecure_tls:
        options["cert_reqs"] = "CERT_NONE"
    if settings.server_cert_path:
        options["ca_certs"] = settings.server_cert_path
    if settings.client_cert_path:
        options["cert_file"] = settings.client_cert_path
    proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy and not urllib.request.proxy_bypass(parts.hostname or ""):
        return urllib3.ProxyManager(proxy, **options)
    return urllib3.PoolManager(**options)


def _authorization(url: str, settings: ClientSettings) -> dict[str, str]:
    """The header that says who we are: from the settings, or from the URL itself."""
    parts = urlsplit(url)
    username = settings.tracking_username or parts.username
    if username:
        password = settings.tracking_password or parts.password or ""
        pair = base64.b64encode(f"{username}:{password}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    if settings.tracking_token:
        return {"Authorization": f"Bearer {settings.tracking_token}"}
    return {}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def connect(uri: str, settings: ClientSettings) -> HttpTransport:
    """The way to a server."""
    return HttpTransport(uri, settings)
