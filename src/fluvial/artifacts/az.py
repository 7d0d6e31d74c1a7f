"""The store for `az://container/prefix`: Azure Blob Storage.

The account and its key come from `AZURE_STORAGE_ACCOUNT_NAME`, `AZURE_STORAGE_ACCOUNT_KEY` and the
other variables of Azure's own tools.
"""

from __future__ import annotations

from obstore.store import AzureStore

from fluvial.artifacts import StoreOptions, Uri
from fluvial.artifacts._objects import CLIENT, RETRY, SigningStore, opening


def open_store(uri: Uri, options: StoreOptions) -> SigningStore:  # noqa: ARG001
    """The part of a container that the URI names."""
    with opening(uri) as (container, prefix):
        return SigningStore(
            AzureStore(container, prefix=prefix, client_options=CLIENT, retry_config=RETRY),
            put_headers={"x-ms-blob-type": "BlockBlob"},
        )
