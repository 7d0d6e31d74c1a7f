"""A certificate authority and a transparency log as Sigstore has them, for tests."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

IDENTITY = "ci@example.com"
ISSUER = "https://accounts.example.com"
SIGNED_AT = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
_ISSUER_EXTENSION = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")


class Authority:
    """Gives certificates, and promises to log what is signed with them."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._log = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
        self._name = name
        self._root = (
            self._builder(name, self._key.public_key(), SIGNED_AT - timedelta(days=300), timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def trusted_root(self, file: Path) -> Path:
        """The file that says whom to trust."""
        public = self._log.public_key()
        content = {
            "certificateAuthorities": [
                {"certChain": {"certificates": [{"rawBytes": encoded(der(self._root))}]}}
            ],
            "tlogs": [{"logId": {"keyId": self._log_id()}, "publicKey": {"rawBytes": encoded(spki(public))}}],
        }
        file.write_text(json.dumps(content))
        return file

    def bundle(
        self, content: bytes, *, at: datetime = SIGNED_AT, logged: bytes | None = None
    ) -> dict[str, Any]:
        """A signature over a content.

        Args:
            content: What is signed.
            at: When the log says that it was.
            logged: What the log says was signed, if something else.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = (
            self._builder(x509.Name([]), key.public_key(), SIGNED_AT, timedelta(minutes=10))
            .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(IDENTITY)]), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
            .add_extension(x509.UnrecognizedExtension(_ISSUER_EXTENSION, utf8(ISSUER)), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        signature = key.sign(content, ec.ECDSA(hashes.SHA256()))
        pem = leaf.public_bytes(serialization.Encoding.PEM)
        spec = {
            "data": {"hash": {"algorithm": "sha256", "value": sha256(logged or content).hexdigest()}},
            "signature": {"content": encoded(signature), "publicKey": {"content": encoded(pem)}},
        }
        entry = {"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": spec}
        body = encoded(json.dumps(entry).encode())
        return {
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {
                "certificate": {"rawBytes": encoded(der(leaf))},
                "tlogEntries": [self._entry(body, int(at.timestamp()))],
            },
            "messageSignature": {
                "messageDigest": {"algorithm": "SHA2_256", "digest": encoded(sha256(content).digest())},
                "signature": encoded(signature),
            },
        }

    def _entry(self, body: str, at_s: int) -> dict[str, Any]:
        log_id = base64.b64decode(self._log_id()).hex()
        promised = {"body": body, "integratedTime": at_s, "logID": log_id, "logIndex": 7}
        text = json.dumps(promised, separators=(",", ":"), sort_keys=True).encode()
        promise = self._log.sign(text, ec.ECDSA(hashes.SHA256()))
        return {
            "logIndex": "7",
            "logId": {"keyId": self._log_id()},
            "integratedTime": str(at_s),
            "inclusionPromise": {"signedEntryTimestamp": encoded(promise)},
            "canonicalizedBody": body,
        }

    def _log_id(self) -> str:
        return encoded(sha256(spki(self._log.public_key())).digest())

    def _builder(
        self, name: x509.Name, key: Any, begin: datetime, length: timedelta
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(begin + length)
        )


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def spki(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    content: bytes = key.public_bytes(serialization.Encoding.DER, form)
    return content


def utf8(text: str) -> bytes:
    return bytes([12, len(text)]) + text.encode()
