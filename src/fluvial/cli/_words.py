"""Plain words where a filter may stand: what people type who look for a run that they remember."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"""[\w\-/:@.*" ]+""")
_LANGUAGE = re.compile(r"\b(?:and|or|not|in|is|r?like|ilike|between|matches|null)\b", re.IGNORECASE)


def as_filter(text: str) -> str:
    """A filter as it is; plain words as a search of all texts for them."""
    if not _PLAIN.fullmatch(text) or _LANGUAGE.search(text):
        return text
    return f"text MATCHES '{text}'"
