"""Names of params, metrics and tags: the one rule that client and server check them by."""

from __future__ import annotations

import functools
import posixpath
import re

from fluvial.entities.tag import MAX_KEY_CHARS
from fluvial.errors import InvalidRequest

_KEY = re.compile(r"[/\w.\- :]+")


@functools.lru_cache(maxsize=65_536)
def check_key(kind: str, key: str) -> None:
    """Check the name of a param, metric or tag.

    Raises:
        InvalidRequest: It is empty, too long, has other characters, or would be another path.
    """
    if not key:
        raise InvalidRequest(f"A {kind} needs a name of 1 to {MAX_KEY_CHARS} characters; it has none.")
    if len(key) > MAX_KEY_CHARS:
        raise InvalidRequest(
            f"A {kind} name has at most {MAX_KEY_CHARS} characters; {key[:40]!r}... has {len(key)}."
        )
    if not _KEY.fullmatch(key):
        raise InvalidRequest(
            f"The {kind} name {key!r} is invalid: letters, digits, and _ - . / : and spaces are allowed."
        )
    if posixpath.normpath(key) != key or key == "." or key.startswith(("/", "..")):
        raise InvalidRequest(
            f"The {kind} name {key!r} is invalid: as a path it would be {posixpath.normpath(key)!r}."
        )
