"""What a reader wants of runs, so that nothing else is read."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from fluvial.errors import InvalidRequest
from fluvial.search import RUNS, parse_order_by

MAX_SELECTED = 1_000
_INPUTS = "inputs"


class Selection(Struct, frozen=True, kw_only=True):
    """Names to read; None for all.

    Attributes:
        params: Of params.
        metrics: Of metrics.
        tags: Of tags.
        has_inputs: Whether datasets and models that a run read or made are wanted.
    """

    params: frozenset[str] | None = None
    metrics: frozenset[str] | None = None
    tags: frozenset[str] | None = None
    has_inputs: bool = True


EVERYTHING = Selection()


def parse(texts: Iterable[str]) -> Selection:
    """The selection that some fields make; none make everything.

    Args:
        texts: `metrics.loss`, `params.*`, `attributes.status` or `inputs`.

    Raises:
        InvalidRequest: One is no field of a run, or there are more than 1,000.
    """
    given = list(texts)
    if not given:
        return EVERYTHING
    if len(given) > MAX_SELECTED:
        raise InvalidRequest(f"select has at most {MAX_SELECTED} fields, not {len(given)}.")
    names: dict[str, set[str]] = {"params": set(), "metrics": set(), "tags": set()}
    for key in parse_order_by((text for text in given if text != _INPUTS), RUNS):
        if key.field.collection:
            names[key.field.collection].add(key.field.name)
    chosen = {kind: None if "*" in found else frozenset(found) for kind, found in names.items()}
    return Selection(**chosen, has_inputs=_INPUTS in given)
