"""Sign the manifest of a model, and check who signed it.

A signature is a bundle of Sigstore's form, version 0.3, in the file `manifest.sigstore.json`: with an ed25519
key that is somebody's own, or with a certificate that Sigstore gave to an identity
(`fluvial.models.sigstore`). It is over the bytes of `manifest.json`, and so over all files of the model.

Source: the bundle of https://github.com/sigstore/protobuf-specs; ed25519 as in RFC 8032.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from fluvial.errors import InvalidSetting, MissingExtra, ModelDamaged, UntrustedModel
from fluvial.models import manifest
from fluvial.models.sigstore import Certified, TrustedRoot, check_certificate

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
except ImportError as error:
    raise MissingExtra("Signing a model", "models") from error

_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
_MEDIA_TYPES = ("application/vnd.dev.sigstore.bundle", "application/vnd.dev.sigstore.bundle+json")
_MAX_BYTES = 1_000_000
_SUFFIXES_IN_FOLDERS = frozenset({".pub", ".json"})  # private keys may lie beside


class Signature(Struct, frozen=True, kw_only=True):
    """Who signed a model.

    Attributes:
        signer: Id of the key, or the identity in the certificate.
        issuer: Who vouched for the identity; empty for a key.
        signed_at: When, as the transparency log has it, seconds since the Unix epoch; 0 for a key.
    """

    signer: str
    issuer: str = ""
    signed_at: int = 0


class Trusted(Struct, frozen=True, kw_only=True):
    """Whose signatures count.

    Attributes:
        keys: Public ed25519 keys by their ids.
        root: Sigstore's certificate authorities and logs; None where no certificates are trusted.
        identities: Identities and who vouches for them, as pairs.
    """

    keys: dict[str, Any] = {}
    root: TrustedRoot | None = None
    identities: tuple[tuple[str, str], ...] = ()


def make_key(file: Path, *, password: str = "") -> str:
    """Make a pair of keys: the private one in a file, the public one beside it with `.pub`.

    Args:
        file: Does not exist yet; only its owner may read it afterwards.
        password: Encrypts the private key; empty for none.

    Returns:
        The id of the key.

    Raises:
        InvalidSetting: The file exists.
    """
    public_file = file.with_name(f"{file.name}.pub")
    if file.exists() or public_file.exists():
        raise InvalidSetting(f"{file} is there already: a key that is overwritten cannot be had again.")
    key = Ed25519PrivateKey.generate()
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        encryption = serialization.BestAvailableEncryption(password.encode())
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as private:
        form = serialization.PrivateFormat.PKCS8
        private.write(key.private_bytes(serialization.Encoding.PEM, form, encryption))
    public_form = serialization.PublicFormat.SubjectPublicKeyInfo
    public_file.write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, public_form))
    return _id_of(key.public_key())


def sign(folder: Path, key_file: Path, *, password: str = "") -> Signature:
    """Sign a model that has a manifest.

    Args:
        folder: The model.
        key_file: The private key, PEM.
        password: Of the key; empty where it has none.

    Raises:
        ModelDamaged: The model is not what its manifest says.
        UntrustedModel: It has no manifest.
        InvalidSetting: The file is no private ed25519 key, or the password is wrong.
    """
    manifest.check(folder, is_required=True)
    key = _private_key(key_file, password)
    content = (folder / manifest.FILE).read_bytes()
    key_id = _id_of(key.public_key())
    bundle = {
        "mediaType": _MEDIA_TYPE,
        "verificationMaterial": {"publicKey": {"hint": key_id}},
        "messageSignature": {
            "messageDigest": {"algorithm": "SHA2_256", "digest": _base64(sha256(content).digest())},
            "signature": _base64(key.sign(content)),
        },
    }
    (folder / manifest.SIGNATURE_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(bundle), indent=1))
    return Signature(signer=key_id)


def check(folder: Path, trusted: Trusted, *, is_required: bool = False) -> Signature | None:
    """Who signed a model, if somebody did that is trusted.

    The manifest itself is checked by `manifest.check`, before this.

    Args:
        folder: The model.
        trusted: Whose signatures count.
        is_required: Whether a model that nobody trusted signed is refused.

    Returns:
        The signature; None where there is none, or nobody is trusted whose it is.

    Raises:
        ModelDamaged: There is a signature of somebody trusted, and it is not over this manifest.
        UntrustedModel: A signature is required, and there is none, or nobody knows whose it is.
    """
    try:
        return who_signed(folder, trusted)
    except UntrustedModel as error:
        if not is_required:
            return None
        raise UntrustedModel(
            f"The model in {folder} is not signed by anybody who is trusted: {error}. FLUVIAL_TRUSTED_KEYS "
            "names the keys that are; FLUVIAL_REQUIRE_SIGNED=false allows models that nobody signed."
        ) from error


def trusted_of(places: Sequence[str], identities: Sequence[str] = ()) -> Trusted:
    """Whose signatures count, as the settings say it.

    Args:
        places: PEM files of public keys, Sigstore's `trusted_root.json`, and folders of such files.
        identities: Each an identity, a space, and who vouches for it: `ci@example.com
        https://accounts.google.com`.

    Raises:
        InvalidSetting: One of them is none.
    """
    keys: dict[str, Any] = {}
    root: TrustedRoot | None = None
    for file in _files_of(places):
        if file.suffix == ".json":
            root = TrustedRoot.read(file)
        else:
            key = _public_key(file)
            keys[_id_of(key)] = key
    pairs = [tuple(identity.split()) for identity in identities]
    if any(len(pair) != 2 for pair in pairs):
        raise InvalidSetting("A trusted identity is a name and its issuer: 'me@example.com https://issuer'.")
    return Trusted(keys=keys, root=root, identities=tuple((pair[0], pair[1]) for pair in pairs))


def who_signed(folder: Path, trusted: Trusted) -> Signature:
    """Who signed a model.

    Raises:
        ModelDamaged: The signature is not over this manifest.
        UntrustedModel: There is no signature, or nobody knows whose it is; the message says which.
    """
    file, signed = folder / manifest.SIGNATURE_FILE, folder / manifest.FILE
    if not file.is_file() or not signed.is_file():
        raise UntrustedModel(f"it has no {file.name}")
    bundle = _bundle_of(file)
    content = signed.read_bytes()
    try:
        material = bundle["verificationMaterial"]
        message = bundle["messageSignature"]
        signature = base64.b64decode(message["signature"], validate=True)
        digest = base64.b64decode(message["messageDigest"]["digest"], validate=True)
    except (KeyError, TypeError, binascii.Error) as error:
        raise ModelDamaged(f"{file} is no signature of a file: {error}.") from error
    if digest != sha256(content).digest():
        raise ModelDamaged(f"The signature in {file} is of another manifest; nothing was loaded.")
    if "publicKey" in material:
        return _checked_by_key(file, str(material["publicKey"].get("hint", "")), signature, content, trusted)
    certified = check_certificate(material, signature, content, trusted.root)
    return _known_identity(certified, trusted)


def _checked_by_key(file: Path, key_id: str, signature: bytes, content: bytes, trusted: Trusted) -> Signature:
    key = trusted.keys.get(key_id)
    if key is None:
        raise UntrustedModel(f"its key {key_id} is not among the {len(trusted.keys)} trusted ones")
    try:
        key.verify(signature, content)
    except InvalidSignature as error:
        raise ModelDamaged(
            f"The signature in {file} was not made by the key {key_id}; nothing was loaded."
        ) from error
    return Signature(signer=key_id)


def _known_identity(certified: Certified, trusted: Trusted) -> Signature:
    if (certified.identity, certified.issuer) not in trusted.identities:
        raise UntrustedModel(
            f"{certified.identity}, whom {certified.issuer} vouches for, is not among the trusted identities"
        )
    return Signature(signer=certified.identity, issuer=certified.issuer, signed_at=certified.signed_at)


def _bundle_of(file: Path) -> dict[str, Any]:
    if file.stat().st_size > _MAX_BYTES:
        raise ModelDamaged(f"{file} is no signature: it is longer than {_MAX_BYTES} bytes.")
    try:
        bundle = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelDamaged(f"{file} is no signature: {error}.") from error
    if not str(bundle.get("mediaType", "")).startswith(_MEDIA_TYPES):
        raise ModelDamaged(f"{file} is no bundle of Sigstore: its media type is {bundle.get('mediaType')!r}.")
    return bundle


def _files_of(places: Sequence[str]) -> Iterator[Path]:
    for place in map(Path, places):
        if place.is_dir():
            yield from sorted(file for file in place.iterdir() if file.suffix in _SUFFIXES_IN_FOLDERS)
        elif place.is_file():
            yield place
        else:
            raise InvalidSetting(f"There is no public key at {place}.")


def _private_key(file: Path, password: str) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password.encode() or None)
    except FileNotFoundError as error:
        raise InvalidSetting(
            f"There is no private key at {file}. fluvial models keygen makes one."
        ) from error
    except (ValueError, TypeError) as error:
        raise InvalidSetting(f"The private key {file} cannot be read: {error}.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidSetting(f"{file} is no ed25519 key. fluvial models keygen makes one.")
    return key


def _public_key(file: Path) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(file.read_bytes())
    except ValueError as error:
        raise InvalidSetting(f"{file} is no public key: {error}.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise InvalidSetting(f"{file} is no public ed25519 key.")
    return key


def _id_of(key: Ed25519PublicKey) -> str:
    """The SHA-256 of the key as DER has it, in base64: what Sigstore calls its hint."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return _base64(sha256(key.public_bytes(serialization.Encoding.DER, form)).digest())


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
