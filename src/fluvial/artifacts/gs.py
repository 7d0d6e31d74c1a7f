"""The store for `gs://bucket/prefix`: Google Cloud Storage.

Credentials come from where Google's own tools look, such as `GOOGLE_APPLICATION_CREDENTIALS`.
"""

from __future__ import annotations

from obstore.store import GCSStore

from fluvial.artifacts import StoreOptions, Uri
from fluvial.artifacts._objects import CLIENT, RETRY, SigningStore, opening


def open_store(uri: Uri, options: StoreOptions) -> SigningStore:  # noqa: ARG001
    """The part of a bucket that the URI names."""
    with opening(uri) as (bucket, prefix):
        return SigningStore(GCSStore(bucket, prefix=prefix, client_options=CLIENT, retry_config=RETRY))
