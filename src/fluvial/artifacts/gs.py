"""The store for `gs://bucket/prefix`: Google Cloud Storage.

Credentials come from where Google's own tools look, such as `GOOGLE_APPLICATION_CREDENTIALS`.
"""

from __future__ import annotations

from obstore.store import GCSStore

from fluvial.artifacts import StoreOptions
from fluvial.artifacts._objects import CLIENT, RETRY, SigningStore, bucket_and_prefix, errors_of_opening


def open_store(uri: str, options: StoreOptions) -> SigningStore:  # noqa: ARG001
    """The part of a bucket that the URI names."""
    bucket, prefix = bucket_and_prefix(uri)
    with errors_of_opening(uri):
        return SigningStore(GCSStore(bucket, prefix=prefix, client_options=CLIENT, retry_config=RETRY))
