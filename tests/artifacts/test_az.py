from __future__ import annotations

from base64 import b64encode

import pytest

from fluvial.artifacts import PresigningStore, StoreOptions, open_store
from fluvial.errors import InvalidSetting


def test_an_azure_container_is_opened_and_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", b64encode(b"key").decode())

    store = open_store("az://container/pre fix", StoreOptions())

    assert isinstance(store, PresigningStore)
    signed = store.sign_put("a b.txt", expires_in_s=60)
    assert "account.blob.core.windows.net/container/pre%20fix/a%20b.txt?" in signed.url
    assert signed.headers == {"x-ms-blob-type": "BlockBlob"}


def test_an_azure_container_without_an_account_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)

    with pytest.raises(InvalidSetting, match="az://container"):
        open_store("az://container", StoreOptions())
