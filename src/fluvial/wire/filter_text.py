"""Texts of people as parts of a filter in the search language."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\%_])")


def literal_pattern(text: str) -> str:
    """A text as it stands between the quotes of a LIKE pattern that is to match it as it is."""
    return _SPECIAL.sub(r"\\\1", text).replace("'", "''")


def quoted(text: str) -> str:
    """A text as a constant of a filter."""
    return "'" + text.replace("'", "''") + "'"
