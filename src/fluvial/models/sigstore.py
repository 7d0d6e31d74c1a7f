"""Check a signature that was made with a certificate of Sigstore, without asking anybody.

Checked here: the certificate comes from a trusted authority and is for signing code; a trusted transparency
log promised, under its own signature, that it holds this very signature, certificate and digest; the log's
time lies within the certificate's; the signature is over the file. Not checked: that the log keeps its
promise (its inclusion proof) and that the certificate itself is in a log (its SCT), which take what a bundle
need not have. Bundles without the log's promise, which newer logs no longer give, are refused.

Source: https://docs.sigstore.dev/about/bundle and Fulcio's list of certificate extensions.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec import Struct

from fluvial.errors import InvalidSetting, MissingExtra, ModelDamaged, UntrustedModel

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.x509.oid import ExtendedKeyUsageOID
except ImportError as error:
    raise MissingExtra("Checking a signature", "models") from error

_ISSUER = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
_ISSUER_OF_OLD = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.1")


class Certified(Struct, frozen=True, kw_only=True):
    """Whose a certificate is.

    Attributes:
        identity: An e-mail address, or the URI of a workflow.
        issuer: Who vouched for that.
        signed_at: When the log saw the signature, seconds since the Unix epoch.
    """

    identity: str
    issuer: str
    signed_at: int


class TrustedRoot(Struct, frozen=True):
    """Sigstore's authorities and logs that are trusted.

    Attributes:
        chains: Of certificates, each from the one that signs others' to the root.
        logs: Public keys of transparency logs, by the ids of the logs.
    """

    chains: tuple[tuple[Any, ...], ...]
    logs: dict[str, Any]

    @classmethod
    def read(cls, file: Path) -> TrustedRoot:
        """What a file `trusted_root.json` of Sigstore holds.

        Raises:
            InvalidSetting: It is none.
        """
        try:
            content = json.loads(file.read_bytes())
            chains = tuple(
                tuple(
                    x509.load_der_x509_certificate(base64.b64decode(one["rawBytes"]))
                    for one in authority["certChain"]["certificates"]
                )
                for authority in content["certificateAuthorities"]
            )
            logs = {
                log["logId"]["keyId"]: serialization.load_der_public_key(
                    base64.b64decode(log["publicKey"]["rawBytes"])
                )
                for log in content["tlogs"]
            }
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidSetting(f"{file} is no trusted_root.json of Sigstore: {error!r}.") from error
        return cls(chains, logs)


def check_certificate(
    material: dict[str, Any], signature: bytes, content: bytes, root: TrustedRoot | None
) -> Certified:
    """Whose signature it is.

    Args:
        material: The bundle's `verificationMaterial`.
        signature: The signature.
        content: What it is over.
        root: Whom to trust.

    Raises:
        UntrustedModel: The certificate or the log is nobody's that is trusted.
        ModelDamaged: The signature is not over this content, or what the log promised is something else.
    """
    if root is None:
        raise UntrustedModel(
            "it is signed by a certificate, and FLUVIAL_TRUSTED_KEYS names no trusted_root.json"
        )
    try:
        leaf = x509.load_der_x509_certificate(_certificate_of(material))
        entry = material["tlogEntries"][0]
        signed_at = _promised_at(entry, root)
    except (KeyError, IndexError, TypeError, ValueError, binascii.Error) as error:
        raise UntrustedModel(
            f"its bundle lacks what can be checked without asking anybody: {error!r}"
        ) from error
    try:
        _check_chain(leaf, root, datetime.fromtimestamp(signed_at, UTC))
        _check_entry(entry, leaf, signature, content)
        _verify(leaf.public_key(), signature, content)
        return Certified(identity=_identity_of(leaf), issuer=_issuer_of(leaf), signed_at=signed_at)
    except InvalidSignature as error:
        raise ModelDamaged("The signature was not made by the key of its certificate.") from error
    except x509.ExtensionNotFound as error:
        raise UntrustedModel(f"its certificate does not say what it is for: {error}") from error


def _certificate_of(material: dict[str, Any]) -> bytes:
    if "certificate" in material:
        return base64.b64decode(material["certificate"]["rawBytes"])
    return base64.b64decode(material["x509CertificateChain"]["certificates"][0]["rawBytes"])


def _promised_at(entry: dict[str, Any], root: TrustedRoot) -> int:
    """When a log took the entry, which its signature over entry and time proves."""
    log_id = entry["logId"]["keyId"]
    key = root.logs.get(log_id)
    if key is None:
        raise UntrustedModel(f"the transparency log {log_id} is not trusted")
    signed_at = int(entry["integratedTime"])
    promised = {
        "body": entry["canonicalizedBody"],
        "integratedTime": signed_at,
        "logID": base64.b64decode(log_id).hex(),
        "logIndex": int(entry["logIndex"]),
    }
    text = json.dumps(promised, separators=(",", ":"), sort_keys=True).encode()
    try:
        _verify(key, base64.b64decode(entry["inclusionPromise"]["signedEntryTimestamp"]), text)
    except InvalidSignature as error:
        raise UntrustedModel("the transparency log did not promise to keep it") from error
    return signed_at


def _check_chain(leaf: x509.Certificate, root: TrustedRoot, at: datetime) -> None:
    if not any(_is_issued(leaf, chain, at) for chain in root.chains):
        raise UntrustedModel("its certificate comes from no trusted authority")
    if not leaf.not_valid_before_utc <= at <= leaf.not_valid_after_utc:
        raise UntrustedModel(f"it was signed at {at:%Y-%m-%d %H:%M} UTC, when its certificate was not valid")
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    if ExtendedKeyUsageOID.CODE_SIGNING not in usage:
        raise UntrustedModel("its certificate is not for signing code")


def _is_issued(leaf: x509.Certificate, chain: Sequence[x509.Certificate], at: datetime) -> bool:
    """Whether each certificate is signed by the next, all of them valid then."""
    try:
        for below, above in zip([leaf, *chain], chain, strict=False):
            below.verify_directly_issued_by(above)
            if not above.not_valid_before_utc <= at <= above.not_valid_after_utc:
                return False
            if not above.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
                return False
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return bool(chain)


def _check_entry(entry: dict[str, Any], leaf: x509.Certificate, signature: bytes, content: bytes) -> None:
    """Hold what the log has to what is here: digest, signature and certificate."""
    try:
        spec = json.loads(base64.b64decode(entry["canonicalizedBody"]))["spec"]
        digest = spec["data"]["hash"]["value"]
        logged = base64.b64decode(spec["signature"]["content"])
        certificate = x509.load_pem_x509_certificate(
            base64.b64decode(spec["signature"]["publicKey"]["content"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelDamaged(f"What the transparency log has is no signature of a file: {error!r}.") from error
    if (digest, logged, certificate) != (sha256(content).hexdigest(), signature, leaf):
        raise ModelDamaged("The transparency log has another signature than the one beside the model.")


def _verify(key: Any, signature: bytes, content: bytes) -> None:
    if isinstance(key, Ed25519PublicKey):
        key.verify(signature, content)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, content, ec.ECDSA(hashes.SHA256()))
    else:
        raise UntrustedModel(f"its key is of the kind {type(key).__name__}, which is not checked here")


def _identity_of(leaf: x509.Certificate) -> str:
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    for kind in (x509.RFC822Name, x509.UniformResourceIdentifier):
        found = names.get_values_for_type(kind)
        if found:
            return str(found[0])
    raise UntrustedModel("its certificate names nobody")


def _issuer_of(leaf: x509.Certificate) -> str:
    """Who vouched for the identity; the newer extension is a UTF8String, with two bytes of DER before it."""
    for extension in leaf.extensions:
        if isinstance(extension.value, x509.UnrecognizedExtension):
            if extension.oid == _ISSUER:
                return extension.value.value[2:].decode()
            if extension.oid == _ISSUER_OF_OLD:
                return extension.value.value.decode()
    raise UntrustedModel("its certificate does not say who vouches for the name in it")
