"""The files that a model names lie within it: looked at before anything is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fluvial.errors import UntrustedModel

# What the model was made from or is told, kept for people and for its own code; nothing here opens it.
# Of `model_code_path`, which MLflow writes as it was on the machine that saved, the last part alone is used.
_NO_PLACES = frozenset({"uri", "config", "model_code_path", "source_model_name"})
_OUTSIDE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\~]|^[A-Za-z]:[/\\]|^file:", re.IGNORECASE)


def check_places(named: Mapping[str, Any]) -> None:
    """Refuse a model whose MLmodel file names files outside of its folder.

    Args:
        named: What that file says: the keys of the flavors, where the input example is.

    Raises:
        UntrustedModel: A file is absolute, or above the folder.
    """
    outside = tuple(f"{place}: {text}" for place, text in _texts(named, "") if _OUTSIDE.search(text))
    if outside:
        raise UntrustedModel("The model names files outside of its folder, and was not loaded.", outside)


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in _NO_PLACES:
                yield from _texts(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, place)
