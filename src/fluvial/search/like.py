r"""LIKE patterns: `%` is any text, `_` one character, and `\` takes the next character as it is."""

from __future__ import annotations

import re
from collections.abc import Callable

import re2

from fluvial.search.refusal import Fault

# SQLite's own limit is 50,000 bytes; its matching takes time in proportion to pattern x value.
MAX_PATTERN_CHARS = 5_000

_GLOB_SPECIAL = re.compile(r"([*?[])")
_PARTS = re.compile(r"\\(?P<literal>.)|(?P<wildcard>[%_])|(?P<plain>[^\\%_]+)", re.DOTALL)


def find_fault(pattern: str) -> Fault | None:
    """What is wrong with the pattern, or None."""
    if len(pattern) > MAX_PATTERN_CHARS:
        excess = len(pattern) - MAX_PATTERN_CHARS
        message = f"A pattern has at most {MAX_PATTERN_CHARS} characters."
        return Fault(message, MAX_PATTERN_CHARS, excess)
    # A backslash that is taken by one before it is not pending.
    if (len(pattern) - len(pattern.rstrip("\\"))) % 2:
        return Fault("A \\ at the end of a pattern stands before nothing: write \\\\.", len(pattern) - 1)
    return None


def as_glob(pattern: str) -> str:
    """The same pattern in SQLite's GLOB, which unlike its LIKE tells upper from lower case."""
    return _translated(pattern, {"%": "*", "_": "?"}, lambda text: _GLOB_SPECIAL.sub(r"[\1]", text))


def as_regex(pattern: str) -> str:
    """The same pattern as a regular expression of RE2 that has to match all of a text."""
    return rf"\A{_translated(pattern, {'%': '.*', '_': '.'}, re2.escape)}\z"


def _translated(pattern: str, wildcards: dict[str, str], escape: Callable[[str], str]) -> str:
    return "".join(
        wildcards[part["wildcard"]] if part["wildcard"] else escape(part["literal"] or part["plain"])
        for part in _PARTS.finditer(pattern)
    )
