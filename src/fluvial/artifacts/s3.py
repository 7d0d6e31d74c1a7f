"""The store for `s3://bucket/prefix`: Amazon S3 and whatever speaks its protocol.

Credentials and region come from the `AWS_` variables and, on Amazon's machines, from the machine's
role. Taking a file in parts from others needs signatures that the object-store library does not make;
they are made here (AWS Signature Version 4, query form), and only with an access key from
`AWS_ACCESS_KEY_ID`, not with a role.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import os
import re
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape, unescape

import urllib3
from msgspec import Struct
from obstore.store import S3Store

from fluvial.artifacts import CHUNK_BYTES, ByteSource, SignedRequest, StoreOptions, Uri, checked_name
from fluvial.artifacts._objects import CLIENT, RETRY, SigningStore, opening
from fluvial.errors import InvalidRequest, Unavailable

_CALL_EXPIRES_IN_S = 60
_PART_EXPIRES_IN_S = 3600  # a part may come slowly
_HTTP = urllib3.PoolManager(
    timeout=urllib3.Timeout(connect=5, read=60),
    retries=urllib3.Retry(3, redirect=False),
    blocksize=CHUNK_BYTES,
)


class AccessKey(Struct, frozen=True, kw_only=True):
    """Who signs, and for where.

    Attributes:
        key_id: The public half.
        secret: The other half.
        session_token: With keys that run out.
        region: Such as `eu-central-1`.
    """

    key_id: str
    secret: str
    session_token: str | None
    region: str


class MultipartBucket(SigningStore):
    """A bucket, or the part of it below a prefix.

    Args:
        store: The same, for all but multipart uploads.
        url: Address of that part, without a `/` at the end.
        access_key: Signs what belongs to multipart uploads.
    """

    def __init__(self, store: S3Store, *, url: str, access_key: AccessKey) -> None:
        super().__init__(store)
        self._url = url
        self._access_key = access_key

    def create_upload(self, key: str) -> str:
        """See `MultipartStore.create_upload`."""
        answer = self._call("POST", key, {"uploads": ""})
        return unescape(_element("UploadId", answer))

    def sign_part(self, key: str, upload_id: str, part_number: int, *, expires_in_s: int) -> SignedRequest:
        """See `MultipartStore.sign_part`."""
        query = {"partNumber": str(part_number), "uploadId": upload_id}
        return SignedRequest(url=self._signed("PUT", key, query, expires_in_s))

    def write_part(
        self,
        key: str,
        upload_id: str,
        part_number: int,
        content: ByteSource,
        *,
        start: int,  # noqa: ARG002
        length: int,
    ) -> str:
        """See `PartsStore.write_part`. The part is handed on as it comes."""
        url = self.sign_part(key, upload_id, part_number, expires_in_s=_PART_EXPIRES_IN_S).url
        try:
            answer = _HTTP.request(
                "PUT",
                url,
                body=iter(functools.partial(content.read, CHUNK_BYTES), b""),
                headers={"Content-Length": str(length)},
                retries=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable("The artifact store cannot be reached.") from error
        if answer.status == 404:
            raise InvalidRequest(f"No such multipart upload of {key!r}.")
        if answer.status >= 300:
            raise Unavailable(f"The artifact store answered {answer.status} to a part of {key!r}.")
        return answer.headers["ETag"]

    def complete_upload(self, key: str, upload_id: str, etags: dict[int, str]) -> None:
        """See `MultipartStore.complete_upload`."""
        parts = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(etags[number])}</ETag></Part>"
            for number in sorted(etags)
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"
        answer = self._call("POST", key, {"uploadId": upload_id}, body.encode())
        if "<Error>" in answer:  # S3 has sent the status before it joins the parts
            raise Unavailable(f"The artifact store did not join the parts of {key!r}.")

    def abort_upload(self, key: str, upload_id: str) -> None:
        """See `MultipartStore.abort_upload`."""
        self._call("DELETE", key, {"uploadId": upload_id}, missing_ok=True)

    def _call(
        self,
        method: str,
        key: str,
        query: dict[str, str],
        body: bytes = b"",
        *,
        missing_ok: bool = False,
    ) -> str:
        url = self._signed(method, key, query, _CALL_EXPIRES_IN_S)
        try:
            answer = _HTTP.request(method, url, body=body)
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable("The artifact store cannot be reached.") from error
        if answer.status < 300 or (missing_ok and answer.status == 404):
            return answer.data.decode()
        if answer.status in (400, 404):
            raise InvalidRequest(f"No such multipart upload of {key!r}, or not those parts.")
        raise Unavailable(f"The artifact store answered {answer.status} to a request for {key!r}.")

    def _signed(self, method: str, key: str, query: dict[str, str], expires_in_s: int) -> str:
        checked_name(key)
        url = f"{self._url}/{quote(key, safe='/~')}"
        return signed_url(
            method, url, query, self._access_key, now=datetime.now(UTC), expires_in_s=expires_in_s
        )


def signed_url(
    method: str,
    url: str,
    query: dict[str, str],
    access_key: AccessKey,
    *,
    now: datetime,
    expires_in_s: int,
) -> str:
    """The URL with AWS Signature Version 4 in its query, for a body of any content.

    Args:
        method: HTTP method.
        url: Address without a query, its path percent-encoded.
        query: What the request says in its query.
        access_key: Who signs.
        now: When; UTC.
        expires_in_s: How long it holds, at most seven days.

    Source:
        "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)", Amazon S3 API
        Reference. tests/artifacts/test_s3.py compares it with botocore's.
    """
    time = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{time[:8]}/{access_key.region}/s3/aws4_request"
    signing = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{access_key.key_id}/{scope}",
        "X-Amz-Date": time,
        "X-Amz-Expires": str(expires_in_s),
        "X-Amz-SignedHeaders": "host",
    }
    if access_key.session_token:
        signing["X-Amz-Security-Token"] = access_key.session_token
    pairs = sorted((quote(k, safe="~"), quote(v, safe="~")) for k, v in (query | signing).items())
    canonical_query = "&".join(f"{name}={value}" for name, value in pairs)
    parts = urlsplit(url)
    request = f"{method}\n{parts.path}\n{canonical_query}\nhost:{parts.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    key = f"AWS4{access_key.secret}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashed}".encode(), "sha256").hex()
    return f"{url}?{canonical_query}&X-Amz-Signature={signature}"


def open_store(uri: Uri, options: StoreOptions) -> SigningStore:
    """The part of a bucket that the URI names."""
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    endpoint = options.s3_endpoint_url or os.environ.get("AWS_ENDPOINT_URL_S3")
    endpoint = (endpoint or f"https://s3.{region}.amazonaws.com").rstrip("/")
    with opening(uri) as (bucket, prefix):
        store = S3Store(
            bucket,
            prefix=prefix,
            endpoint=endpoint,
            region=region,
            client_options=CLIENT | {"allow_http": endpoint.startswith("http://")},
            retry_config=RETRY,
        )
    access_key = _access_key(region)
    if access_key is None:
        return SigningStore(store)
    url = "/".join([endpoint, bucket, *([quote(prefix, safe="/~")] if prefix else [])])
    return MultipartBucket(store, url=url, access_key=access_key)


def _access_key(region: str) -> AccessKey | None:
    """The access key of the environment, which the object-store library reads too."""
    key_id, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not key_id or not secret:
        return None
    token = os.environ.get("AWS_SESSION_TOKEN")
    return AccessKey(key_id=key_id, secret=secret, session_token=token, region=region)


def _element(name: str, xml: str) -> str:
    found = re.search(f"<{name}>([^<]+)</{name}>", xml)
    if not found:
        raise Unavailable(f"The artifact store's answer has no {name}.")
    return found[1]
