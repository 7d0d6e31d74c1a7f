from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from fluvial.artifacts import PresigningStore, StoreOptions, open_store
from fluvial.errors import InvalidSetting


def test_a_google_bucket_is_opened_and_signs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    account = {
        "type": "service_account",
        "private_key": key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
        "private_key_id": "id",
        "client_email": "tests@example.org",
    }
    (tmp_path / "account.json").write_text(json.dumps(account))
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT", str(tmp_path / "account.json"))

    store = open_store("gs://bucket/pre fix", StoreOptions())

    assert isinstance(store, PresigningStore)
    signed = store.sign_get("a b.txt", expires_in_s=60)
    assert signed.url.startswith("https://storage.googleapis.com/bucket/pre%20fix/a%20b.txt?")


def test_a_google_bucket_with_a_broken_account_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "account.json").write_text("{}")
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT", str(tmp_path / "account.json"))

    with pytest.raises(InvalidSetting, match="gs://bucket"):
        open_store("gs://bucket", StoreOptions())
