"""Secrets at rest: AES-256-GCM under one key of the server, never answered to anybody."""

from __future__ import annotations

import base64
import binascii
import os

from fluvial.errors import InternalError, InvalidSetting

_NONCE_BYTES = 12
_KEY_BYTES = 32


class SecretBox:
    """Locks and opens secrets.

    Args:
        key: 32 bytes in base64, as `openssl rand -base64 32` prints them.

    Raises:
        InvalidSetting: It is something else.
    """

    def __init__(self, key: str) -> None:
        try:
            raw = base64.b64decode(key.replace("-", "+").replace("_", "/"), validate=True)
        except binascii.Error as error:
            raise InvalidSetting("The key for secrets is 32 bytes in base64.") from error
        if len(raw) != _KEY_BYTES:
            raise InvalidSetting(f"The key for secrets is 32 bytes in base64, not {len(raw)}.")
        # Only a server that has a key pays for loading it.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        self._cipher = AESGCM(raw)

    def lock(self, secret: str, about: str) -> bytes:
        """A secret as it is kept; it opens only as being about the same thing."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), about.encode())

    def open(self, locked: bytes, about: str) -> str:
        """The secret.

        Raises:
            InternalError: It was locked under another key, or about something else.
        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415

        nonce, sealed = locked[:_NONCE_BYTES], locked[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, sealed, about.encode()).decode()
        except InvalidTag as error:
            raise InternalError("A secret was locked under another key than the server has now.") from error
