"""The platform over HTTP. Import it where it is first needed: urllib3 takes 0.2 s to load."""

from __future__ import annotations

import base64
import email.utils
import ipaddress
import mimetypes
import random
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
from fluvial.client.addresses import Addresses, split_addresses
from fluvial.client.capture.source import user_name
from fluvial.client.downloads import Send as SendForFile
from fluvial.client.downloads import checksum, download
from fluvial.client.uploads import Answer, Measured, measure, upload_in_parts
from fluvial.errors import (
    FluvialError,
    InvalidSetting,
    MethodNotAllowed,
    NotFound,
    NotSupported,
    TooManyRequests,
    Unreachable,
    from_wire,
)
from fluvial.settings import ClientSettings
from fluvial.wire import codec
from fluvial.wire.artifacts import DIGEST, WANT_DIGEST, parse_digest_field
from fluvial.wire.charts import CHARTS_PATH, GetMetricChart
from fluvial.wire.digests import DigestedReader, FileDigest, OnBytes, SentBytes
from fluvial.wire.endpoint import USER_HEADER, Endpoint, Message, Request, Response
from fluvial.wire.journal import INGEST_PATH, MEDIA_TYPE, Ingested, SliceHeader, pack_slice
from fluvial.wire.logged_models import GET_LOGGED_MODEL, LoggedModelId, is_model_id
from fluvial.wire.metrics import POINTS_PATH
from fluvial.wire.runs import GET_RUN, RunId
from fluvial.wire.sql import SQL_PATH, RunSql
from fluvial.wire.uploads import RESUMABLE_FROM_BYTES
from fluvial.wire.views import VIEWS_PATH, Page, ReadView, decode_page

ARTIFACTS_PATH = "/api/2.0/mlflow-artifacts/artifacts"

CONNECT_TIMEOUT_S = 10.0
OVERLOADED_S = 60.0
CONNECT_TIMEOUT_OF_SEVERAL_S = 3.0
_NEVER_SENT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.SSLError,
)
# What a server, or what is before it, answers when it cannot do it and another may.
_GOES_AWAY = (502, 503, 504)


class HttpTransport:
    """A server, or several with the same data, reached by URL.

    A server that does not answer is left for the next; requests that may arrive twice are sent again there.

    Args:
        uri: `http://` or `https://`; may end in the server's static prefix. Several with commas between.
        settings: Who to say that we are, what to trust, how long to wait.
    """

    def __init__(self, uri: str, settings: ClientSettings) -> None:
        urls = split_addresses(uri)
        self._servers = Addresses([_checked(url) for url in urls])
        self._headers = {
            "User-Agent": f"fluvial-python/{__version__}",
            USER_HEADER: quote(user_name(), safe=""),
            **_authorization(urls[0], settings),
        }
        self._pool = _pool(self.url, settings)
        self._connect_timeout_s = CONNECT_TIMEOUT_S if len(urls) == 1 else CONNECT_TIMEOUT_OF_SEVERAL_S
        self._answer_timeout_s = settings.http_timeout_s
        self._compresses = not all(_is_loopback(urlsplit(url).hostname or "") for url in urls)
        self._artifact_roots: dict[str, str] = {}
        self._takes_parts = True
        self._measured: dict[tuple[str, int, int], Measured] = {}

    @property
    def url(self) -> str:
        """The server that is asked at the moment."""
        return self._servers.current

    def call(self, endpoint: Endpoint[Request, Response], request: Request) -> Response:
        """Call an endpoint; waits a while for a server that has more to do than it can hold."""
        until_s = time.monotonic() + OVERLOADED_S
        while True:
            try:
                return self._call(endpoint, request)
            except TooManyRequests as error:  # it was refused before anything was done
                pause_s = max(error.retry_after_s, 0.1) * random.uniform(1.0, 2.0)  # noqa: S311  no secret
                if time.monotonic() + pause_s > until_s:
                    raise
                time.sleep(pause_s)

    def _call(self, endpoint: Endpoint[Request, Response], request: Request) -> Response:
        path = endpoint.path_of(request)
        if endpoint.method == "GET":
            pairs = [pair for pair in codec.to_query(request) if pair[0] not in endpoint.places]
            answer = self._send("GET", f"{path}?{urlencode(pairs)}" if pairs else path)
        else:
            answer = self._send(
                endpoint.method,
                path,
                codec.encode(request),
                {"Content-Type": "application/json"},
                is_repeatable=endpoint.is_repeatable,
            )
        return codec.decode(endpoint.response, answer.data)

    def ingest(self, header: SliceHeader, frames: bytes) -> Ingested:
        """Send a slice of a journal."""
        headers = {"Content-Type": MEDIA_TYPE}
        body = pack_slice(header, frames)
        if self._compresses:
            headers["Content-Encoding"] = "deflate"
            body = zlib.compress(body, 1)
        return codec.decode(Ingested, self._send("POST", INGEST_PATH, body, headers, is_repeatable=True).data)

    def metric_points(self, run_id: str, key: str) -> bytes:
        """All points of a metric as columns."""
        query = urlencode({"run_id": run_id, "metric_key": key})
        return self._send("GET", f"{POINTS_PATH}?{query}").data

    def metric_chart(self, request: GetMetricChart) -> bytes:
        """Series for a chart as an Arrow stream."""
        return self._post(CHARTS_PATH, request)

    def read_view(self, request: ReadView) -> Page:
        """A page of a view."""
        return decode_page(self._post(VIEWS_PATH, request))

    def run_sql(self, request: RunSql) -> bytes:
        """The answer to a query."""
        return self._post(SQL_PATH, request)

    def upload(self, owner: str, path: str, source: Path, on_bytes: OnBytes | None = None) -> FileDigest:
        """Keep a file of a run or a model; a large one goes on where an earlier try broke off."""
        address = self._artifact_path(owner, path)
        found = source.stat()
        if found.st_size < RESUMABLE_FROM_BYTES or not self._takes_parts:
            return self._upload_whole(address, path, source, on_bytes)
        version = (str(source), found.st_size, found.st_mtime_ns)
        # Measured once, however often it is tried.
        file = self._measured[version] = self._measured.get(version) or measure(source)
        try:
            digest = upload_in_parts(self, owner, path, file, on_bytes)
        except (NotFound, NotSupported, MethodNotAllowed):  # no server of ours, or a store that cannot
            digest = self._upload_whole(address, path, source, on_bytes)
            self._takes_parts = False
        self._measured.pop(version, None)
        return digest

    def post(self, path: str, message: Message, answer: type[Answer]) -> Answer:
        """Send a message to what is no endpoint of local mode, and wait for the answer."""
        return codec.decode(answer, self._post(path, message))

    def put(self, path: str, body: DigestedReader, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        """Send a body, once."""
        return self._send("PUT", path, body, headers)

    def download(self, owner: str, path: str, target: Path, on_bytes: OnBytes | None = None) -> None:
        """Write an artifact of a run or a model to a file; goes on where a connection breaks."""
        download(self._file(owner, path), path, target, on_bytes)

    def checksum(self, owner: str, path: str) -> FileDigest:
        """Size and SHA-256 of an artifact of a run or a model, as the server has it."""
        return checksum(self._file(owner, path))

    def get(self, path: str, query: Mapping[str, str] | None = None) -> urllib3.BaseHTTPResponse:
        """The answer to a GET, its body unread; close it."""
        return self._send("GET", f"{path}?{urlencode(query)}" if query else path, preload=False)

    def close(self) -> None:
        """Let go of connections."""
        self._pool.clear()

    def _post(self, path: str, message: Message) -> bytes:
        headers = {"Content-Type": "application/json"}
        return self._send("POST", path, codec.encode(message), headers, is_repeatable=True).data

    def _artifact_path(self, owner: str, path: str) -> str:
        root = self._artifact_roots.get(owner)
        if root is None:
            if is_model_id(owner):
                uri = self.call(GET_LOGGED_MODEL, LoggedModelId(model_id=owner)).model.info.artifact_uri
            else:
                uri = self.call(GET_RUN, RunId(run_id=owner)).run.info.artifact_uri
            scheme, _, root = uri.partition(":")
            if scheme != "mlflow-artifacts":
                raise NotSupported(
                    f"The artifacts of {owner} are at {uri}, and not served by {self.url}: "
                    "start the server with --serve-artifacts."
                )
            root = self._artifact_roots[owner] = root.strip("/")
        return f"{ARTIFACTS_PATH}/{quote(root)}/{quote(path)}"

    def _upload_whole(self, address: str, path: str, source: Path, on_bytes: OnBytes | None) -> FileDigest:
        headers = {
            "Content-Type": mimetypes.guess_type(path)[0] or "application/octet-stream",
            "Content-Length": str(source.stat().st_size),
            WANT_DIGEST: "sha-256=1",
        }
        for n_left in reversed(range(len(self._servers))):
            sent = SentBytes(on_bytes)
            with source.open("rb") as file:
                read = DigestedReader(file, sent)
                try:
                    answer = self.put(address, read, headers)
                except Unreachable:
                    sent.undo()
                    if not n_left:
                        raise
                else:
                    break
        arrived = parse_digest_field(answer.headers.get(DIGEST, ""))
        if arrived is not None and arrived != read.digest.sha256:
            raise Unreachable(f"{path} did not arrive as it was sent: the checksums differ.")
        return read.digest

    def _file(self, owner: str, path: str) -> SendForFile:
        """Sends requests for one artifact."""
        address = self._artifact_path(owner, path)

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
        is_repeatable: bool = False,
        preload: bool = True,
        more_time_s: float = 0.0,
    ) -> urllib3.BaseHTTPResponse:
        """Send a request and raise what the server says against it.

        A connection that the server closed while it lay idle breaks at the next request, so that reads,
        and writes that may arrive twice, are tried twice. What did not reach a server is sent to the next.
        """
        is_repeatable |= method == "GET"
        n_tries = max(2, len(self._servers)) if is_repeatable else 1
        n_unreached = 0
        while True:
            url = self._servers.current
            try:
                answer = self._pool.urlopen(
                    method,
                    url + path,
                    body=body,
                    headers={**self._headers, **(headers or {})},
                    redirect=False,
                    retries=False,
                    preload_content=preload,
                    timeout=urllib3.Timeout(self._connect_timeout_s, self._answer_timeout_s + more_time_s),
                )
            except _NEVER_SENT as error:
                self._servers.leave(url)
                n_unreached += 1
                if n_unreached >= len(self._servers):
                    raise Unreachable(f"No server answers at {url}: {error}.") from error
                continue
            except urllib3.exceptions.ProtocolError as error:
                self._servers.leave(url)
                n_tries -= 1
                if not n_tries:
                    raise Unreachable(f"The server at {url} closed the connection: {error}.") from error
                continue
            except urllib3.exceptions.HTTPError as error:
                self._servers.leave(url)
                raise Unreachable(f"No server answers at {url}: {error}.") from error
            if answer.status in _GOES_AWAY and len(self._servers) > 1:
                self._servers.leave(url)
                n_tries -= 1
                if n_tries > 0:
                    answer.release_conn()
                    continue
            if answer.status >= 300:
                raise _error(answer, url)
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


def _checked(url: str) -> str:
    """The URL without who we are.

    Raises:
        InvalidSetting: It names no host.
    """
    parts = urlsplit(url)
    if not parts.hostname:
        raise InvalidSetting(f"The tracking URI {url!r} names no host.")
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


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
