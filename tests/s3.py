"""An S3 of this process, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    """Address of an S3 of this process, with nobody's credentials but the tests'."""
    from moto.server import ThreadedMotoServer  # takes a second to import

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def s3_credentials() -> Iterator[None]:
    """An access key in the environment, for processes that tests start too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret/with+odd=characters")
        patch.setenv("AWS_REGION", "eu-central-1")
        patch.delenv("AWS_SESSION_TOKEN", raising=False)
        yield


@pytest.fixture
def bucket(s3_url: str, s3_credentials: None) -> str:
    """A new bucket."""
    return make_bucket(s3_url)


def make_bucket(s3_url: str) -> str:
    """Make a bucket; returns its name."""
    import boto3

    name = f"bucket-{uuid4().hex}"
    boto3.client("s3", endpoint_url=s3_url, region_name="us-east-1").create_bucket(Bucket=name)
    return name
