"""Artifact names: the one place where a name from outside is judged.

A name is a `/`-separated path below a root that the server chose. It arrives decoded once, as every
HTTP library hands it over, and is kept as it is: `50%25.txt` is a file of that name. But it must also
be harmless for a reader who decodes it again, however often, because some store, proxy or tool
beneath will: so each further decoding is held to the same rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from fluvial.errors import InvalidRequest

MAX_NAME_BYTES = 1024  # the longest key that S3 takes
MAX_SEGMENT_BYTES = 255  # the longest file name of the usual file systems

_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}  # control characters, lone surrogates, line separators
_DRIVE = re.compile(r"[A-Za-z]:")
# One and two dot leaders, the small and fullwidth full stop and solidus, the fullwidth backslash.
_DOT_LOOKALIKES = re.compile("[\u2024\u2025\ufe52\uff0e\uff0f\uff3c]")


def checked_name(name: str) -> str:
    """The name of an artifact, or of a folder of them, if it is one.

    Args:
        name: As it came in, decoded once.

    Returns:
        The name, unchanged.

    Raises:
        InvalidRequest: The name is empty, absolute or too long, has `.`, `..` or empty segments, a
            drive letter, a backslash, `#`, `?` or a control character; or would after more decoding.
    """
    if len(name) > MAX_NAME_BYTES:
        raise InvalidRequest(f"Invalid path: an artifact name has at most {MAX_NAME_BYTES} bytes.")
    for reading in _readings(name):
        fault = _fault(reading)
        if fault:
            raise InvalidRequest(f"Invalid path {name!r}: {fault}.")
    return name


def checked_folder(name: str) -> str:
    """The name of a folder of artifacts; "" is the root, and one `/` at the end is left out.

    Raises:
        InvalidRequest: The name is not one, see `checked_name`.
    """
    trimmed = name.removesuffix("/")
    return checked_name(trimmed) if trimmed or name else ""


def _readings(name: str) -> Iterator[str]:
    """The name, decoded once more each time until nothing changes, and what look-alikes stand for.

    Each decoding shortens the name, so this ends.
    """
    reading = name
    while True:
        yield reading
        decoded = unquote(reading, errors="replace")
        if decoded == reading:
            break
        reading = decoded
    yield _DOT_LOOKALIKES.sub(lambda match: unicodedata.normalize("NFKC", match[0]), reading)


def _fault(name: str) -> str:
    """What is wrong with this reading of a name; "" if nothing is."""
    if not name:
        return "it is empty"
    if name.startswith("/"):
        return "it is absolute"
    if "\\" in name:
        return "it has a backslash"
    if "#" in name or "?" in name:
        return "it has a '#' or a '?'"
    if "\ufffd" in name:
        return "it is not valid UTF-8"
    if any(unicodedata.category(character) in _UNPRINTABLE for character in name):
        return "it has a control character"
    if len(name.encode()) > MAX_NAME_BYTES:
        return f"it is longer than {MAX_NAME_BYTES} bytes"
    for segment in name.split("/"):
        if not segment:
            return "it has an empty segment"
        if not segment.strip(". "):
            return f"{segment!r} is no name"
        if _DRIVE.match(segment):
            return "it has a drive letter"
        if len(segment.encode()) > MAX_SEGMENT_BYTES:
            return f"a segment is longer than {MAX_SEGMENT_BYTES} bytes"
    return ""
