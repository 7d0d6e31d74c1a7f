"""Licences held to lists of what is allowed and what is not, as packages' metadata say them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

_OR = re.compile(r"\s+OR\s+", re.IGNORECASE)
_AND = re.compile(r"\s+AND\s+|,\s*", re.IGNORECASE)


def refused(licences: Mapping[str, str], allow: Sequence[str], deny: Sequence[str]) -> list[str]:
    """The packages whose licence is denied or not among those allowed, as `name (licence)`, sorted.

    Args:
        licences: By package: an SPDX expression, or names after each other with commas; empty where the
            package does not say, which only `allow` refuses.
        allow: Patterns of licences that are allowed, `*` for any text, in any case; all where there are none.
        deny: Patterns of those that are not.
    """
    found = [
        f"{package} ({licence or 'does not say'})"
        for package, licence in licences.items()
        if not any(all(_is_good(part, allow, deny) for part in parts) for parts in _choices(licence))
    ]
    return sorted(found)


def _choices(licence: str) -> list[list[str]]:
    """What one may choose between, each with all that it takes. Nested choices count as all of them."""
    is_nested = "(" in licence and _AND.search(licence) is not None
    text = licence.replace("(", "").replace(")", "")
    if is_nested:
        return [[part.strip() for choice in _OR.split(text) for part in _AND.split(choice)]]
    return [[part.strip() for part in _AND.split(choice)] for choice in _OR.split(text)]


def _is_good(licence: str, allow: Sequence[str], deny: Sequence[str]) -> bool:
    if any(_matches(licence, pattern) for pattern in deny):
        return False
    return not allow or any(_matches(licence, pattern) for pattern in allow)


def _matches(licence: str, pattern: str) -> bool:
    return fnmatchcase(licence.casefold(), pattern.casefold())
