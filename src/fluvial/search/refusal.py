"""How a filter is refused: the message shows the filter with the fault underlined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from fluvial.errors import InvalidFilter

_LINE_CHARS = 100
_CONTEXT_CHARS = 40


class Fault(Exception):
    """What is wrong with a constant, before it is known where in the filter it stands.

    Always caught in this package, and raised as an InvalidFilter.

    Attributes:
        message: What is wrong and what would be right.
        position: Where in the constant, in characters from 0.
        length: Characters that are at fault.
    """

    def __init__(self, message: str, position: int = 0, length: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.length = length


def refuse(text: str, position: int, length: int, message: str) -> InvalidFilter:
    """The error for a filter with a fault at `position`.

    Args:
        text: The filter, or one ordering clause.
        position: Where the fault begins, in characters from 0; `len(text)` for its end.
        length: Characters that are at fault; at least one is underlined.
        message: What is wrong and what would be right.
    """
    start, end = 0, len(text)
    if end > _LINE_CHARS:
        start = max(0, position - _CONTEXT_CHARS)
        end = min(end, start + _LINE_CHARS)
    before = "…" if start > 0 else ""
    after = "…" if end < len(text) else ""
    # One character for one, so that the caret stays under the fault.
    line = "".join(c if c.isprintable() else " " for c in text[start:end])
    indent = " " * (len(before) + position - start)
    underline = "^" * max(1, min(length, end - position))
    return InvalidFilter(
        f"{message}\n  {before}{line}{after}\n  {indent}{underline}",
        position=position,
        length=length,
    )


def suggestion(word: str, known: Iterable[str]) -> str:
    """` Did you mean …?` where a known word is close, else nothing."""
    by_lower_case = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), by_lower_case, n=1)
    return f" Did you mean {by_lower_case[close[0]]}?" if close else ""


def either(words: Sequence[str]) -> str:
    """`a, b or c`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
