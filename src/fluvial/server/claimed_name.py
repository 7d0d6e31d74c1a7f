"""Who a caller says that they are. There are no accounts yet: the name is for the history alone."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote

from starlette.datastructures import Headers

from fluvial.wire.endpoint import USER_HEADER

MAX_NAME_CHARS = 100


def claimed_name(headers: Headers) -> str:
    """The name in our own header, else that of basic authentication; "" where neither says one."""
    said = unquote(headers.get(USER_HEADER, "")) or _basic_name(headers.get("authorization", ""))
    return "".join(character for character in said.strip() if character.isprintable())[:MAX_NAME_CHARS]


def _basic_name(authorization: str) -> str:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
