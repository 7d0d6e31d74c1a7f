"""What the fields of runs hold, for requests that name some."""

from __future__ import annotations

from collections.abc import Sequence

from fluvial.errors import InvalidRequest
from fluvial.search import RUNS, Type
from fluvial.search.tree import Field
from fluvial.store import run_search

_NUMBERS = {Type.NUMBER, Type.TIME, Type.DURATION}
_NOT_TEXTS = {Field("", name) for name in ("run_id", "artifact_uri")}


def parse(name: str, texts: Sequence[str], *, least: int, most: int) -> list[Field]:
    """The fields that a request names.

    Args:
        name: What the request calls them.
        texts: `params.lr`, `max(metrics.auc)`, `status`.
        least: How few there may be.
        most: How many there may be.

    Raises:
        InvalidRequest: They are too few or too many.
        InvalidFilter: One is not in the search language.
    """
    if not least <= len(texts) <= most:
        raise InvalidRequest(f"{name} has {least} to {most} fields, not {len(texts)}.")
    return [sort_key.field for sort_key in run_search.parsed_order(texts)]


def is_text(field: Field) -> bool:
    """Whether it holds text that runs may share."""
    return _type(field).is_text and field not in _NOT_TEXTS


def is_number(field: Field) -> bool:
    """Whether it holds numbers, times among them."""
    return _type(field) in _NUMBERS


def _type(field: Field) -> Type:
    return (RUNS.collection(field.collection) if field.collection else RUNS.attribute(field.name)).type
