from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote, unquote

import boto3
import pytest
import urllib3
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from fluvial.artifacts import (
    ArtifactStore,
    MultipartStore,
    PresigningStore,
    StoreOptions,
    open_store,
)
from fluvial.artifacts.s3 import AccessKey, MultipartBucket, signed_url
from fluvial.errors import InvalidRequest, InvalidSetting, Unavailable
from fluvial.testing.artifacts import ArtifactStoreSuite, Trickle, read, write

_MIB = 1 << 20


@pytest.fixture
def store(bucket: str, s3_url: str) -> MultipartBucket:
    opened = open_store(f"s3://{bucket}/team/some prefix", StoreOptions(s3_endpoint_url=s3_url))
    assert isinstance(opened, MultipartBucket)
    return opened


class TestS3(ArtifactStoreSuite):
    @pytest.fixture
    def store(self, bucket: str, s3_url: str) -> ArtifactStore:
        return open_store(f"s3://{bucket}/team/some prefix", StoreOptions(s3_endpoint_url=s3_url))


def test_keys_lie_below_the_prefix(store: MultipartBucket, bucket: str, s3_url: str) -> None:
    write(store, "a b/c.txt", b"x")

    found = boto3.client("s3", endpoint_url=s3_url).list_objects_v2(Bucket=bucket)["Contents"]
    assert [entry["Key"] for entry in found] == ["team/some prefix/a b/c.txt"]


def test_an_upload_that_breaks_off_leaves_no_parts(store: MultipartBucket, bucket: str, s3_url: str) -> None:
    with pytest.raises(ConnectionResetError):
        store.write("big", Trickle(bytes(20 * _MIB), breaks_off=True))

    uploads = boto3.client("s3", endpoint_url=s3_url).list_multipart_uploads(Bucket=bucket)
    assert "Uploads" not in uploads


def test_a_folder_of_more_files_than_one_page_is_listed_and_deleted(
    store: MultipartBucket,
) -> None:
    for number in range(1005):
        write(store, f"many/{number:04}", b"")

    assert len(store.list("many")) == 1005

    store.delete("many")
    assert store.list("many") == []


def test_anybody_may_send_a_signed_request(store: MultipartBucket) -> None:
    put = store.sign_put("odd name+~%.txt", expires_in_s=60)
    get = store.sign_get("odd name+~%.txt", expires_in_s=60)

    urllib3.request("PUT", put.url, body=b"straight", headers=put.headers)

    assert urllib3.request("GET", get.url).data == b"straight"
    assert read(store, "odd name+~%.txt") == b"straight"


def test_a_file_is_joined_of_the_parts_that_others_sent(store: MultipartBucket) -> None:
    parts = {1: b"a" * 5 * _MIB, 2: b"b" * 5 * _MIB, 3: b"c"}
    upload = store.create_upload("odd name+~%.bin")

    etags = {}
    for number in (3, 1, 2):
        request = store.sign_part("odd name+~%.bin", upload, number, expires_in_s=60)
        answer = urllib3.request("PUT", request.url, body=parts[number], headers=request.headers)
        etags[number] = answer.headers["ETag"]
    store.complete_upload("odd name+~%.bin", upload, etags)

    assert read(store, "odd name+~%.bin") == b"".join(parts[number] for number in (1, 2, 3))


def test_parts_that_are_not_there_cannot_be_joined(store: MultipartBucket) -> None:
    upload = store.create_upload("a.bin")

    with pytest.raises(InvalidRequest, match="multipart upload"):
        store.complete_upload("a.bin", upload, {1: '"no such part"'})


def test_an_upload_that_is_given_up_leaves_nothing(store: MultipartBucket, bucket: str, s3_url: str) -> None:
    upload = store.create_upload("a.bin")

    store.abort_upload("a.bin", upload)
    store.abort_upload("a.bin", upload)

    uploads = boto3.client("s3", endpoint_url=s3_url).list_multipart_uploads(Bucket=bucket)
    assert "Uploads" not in uploads


def test_without_an_access_key_there_are_no_multipart_uploads(
    bucket: str, s3_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    store = open_store(f"s3://{bucket}", StoreOptions(s3_endpoint_url=s3_url))

    assert isinstance(store, PresigningStore)
    assert not isinstance(store, MultipartStore)


def test_a_store_that_is_away_is_unavailable_and_its_address_is_not_told(
    s3_credentials: None,
) -> None:
    store = open_store("s3://bucket", StoreOptions(s3_endpoint_url="http://127.0.0.1:9"))

    for call in (store.open, store.stat, store.list, store.delete):
        with pytest.raises(Unavailable) as caught:
            call("a")
        assert "127.0.0.1" not in caught.value.message


def test_half_an_access_key_is_refused(s3_credentials: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")

    with pytest.raises(InvalidSetting, match="AccessKeyId"):
        open_store("s3://bucket", StoreOptions())


@pytest.mark.parametrize("uri", ["s3:bucket", "s3:///key", "s3://me:pw@bucket/x"])
def test_a_location_of_another_form_is_refused(uri: str) -> None:
    with pytest.raises(InvalidSetting, match="bucket/prefix"):
        open_store(uri, StoreOptions())


@pytest.mark.parametrize("session_token", [None, "token/+="])
def test_signatures_are_those_of_botocore(session_token: str | None) -> None:
    key = AccessKey(key_id="id", secret="s/e+c", session_token=session_token, region="eu-west-3")
    url = f"https://s3.example.org:9000/bucket/{quote('a b/ü~+.txt', safe='/~')}"
    query = {"partNumber": "2", "uploadId": "x/y+z=="}

    ours = signed_url("PUT", url, query, key, now=datetime.now(UTC), expires_in_s=90)

    theirs = AWSRequest(method="PUT", url=url, params=query)
    S3SigV4QueryAuth(Credentials("id", "s/e+c", session_token), "s3", "eu-west-3", expires=90).add_auth(
        theirs
    )
    wanted = dict(pair.split("=") for pair in str(theirs.url).split("?")[1].split("&"))
    given = dict(pair.split("=") for pair in ours.split("?")[1].split("&"))
    assert given.keys() == wanted.keys()
    if given["X-Amz-Date"] == wanted["X-Amz-Date"]:
        assert unquote(given["X-Amz-Signature"]) == unquote(wanted["X-Amz-Signature"])
