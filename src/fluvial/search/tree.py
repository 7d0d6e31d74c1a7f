"""What a filter means, as a tree of frozen values, and what a search is sorted by.

A filter is true or false of each thing, never unknown. A comparison with something that the thing
does not have is false, and `Not` is plain negation.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct


class Summary(Enum):
    """Which number of a metric's series is meant."""

    LAST = "last"
    MIN = "min"
    MAX = "max"
    MEAN = "mean"
    COUNT = "count"


class Operator(Enum):
    """How a field is compared. The negated form of each is `Comparison.is_negated`."""

    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    IN = "IN"
    BETWEEN = "BETWEEN"
    LIKE = "LIKE"
    ILIKE = "ILIKE"
    MATCHES = "RLIKE"
    HAS_WORDS = "MATCHES"
    IS_NAN = "IS NAN"
    EXISTS = "IS NOT NULL"


class Moment(Struct, frozen=True):
    """A time relative to the one at which the search runs.

    Attributes:
        offset_ms: Added to the time of the search; negative for the past.
    """

    offset_ms: int = 0

    def resolve(self, now_ms: int) -> int:
        """The time that is meant, ms since the Unix epoch, when the search runs at `now_ms`."""
        return now_ms + self.offset_ms


class Words(Struct, frozen=True):
    """Words that a text has side by side, as `words.split` makes them.

    Attributes:
        words: At least one.
        is_prefix: The last of them may go on.
    """

    words: tuple[str, ...]
    is_prefix: bool = False


Scalar = str | int | float | Moment
Operand = Scalar | Words | tuple[Scalar, ...] | None


class Field(Struct, frozen=True):
    """What is compared or sorted by.

    Attributes:
        collection: Name of the noun's collection, "" for an attribute of the thing itself.
        name: Name of the attribute, or the key in the collection.
        summary: Of a metric, which number of its series.
    """

    collection: str
    name: str
    summary: Summary = Summary.LAST


class Comparison(Struct, frozen=True):
    """A field compared with a constant.

    Attributes:
        operand: What it is compared with: a tuple for IN, two values for BETWEEN, None where the
            operator takes nothing.
        is_negated: The field must be there and the comparison must be false.
    """

    field: Field
    operator: Operator
    operand: Operand = None
    is_negated: bool = False


class Not(Struct, frozen=True):
    """True where its operand is false."""

    operand: Node


class And(Struct, frozen=True):
    """True where all operands are; with none of them, of everything."""

    operands: tuple[Node, ...]


class Or(Struct, frozen=True):
    """True where any operand is."""

    operands: tuple[Node, ...]


Node = Comparison | Not | And | Or

EVERYTHING = And(())


class SortKey(Struct, frozen=True):
    """One key of an ordering. Things that lack the field come last in either direction."""

    field: Field
    is_ascending: bool = True


def fields(node: Node) -> Iterator[Field]:
    """Every field that the filter mentions, from left to right."""
    match node:
        case Comparison(field=field):
            yield field
        case Not(operand=operand):
            yield from fields(operand)
        case And(operands=operands) | Or(operands=operands):
            for operand in operands:
                yield from fields(operand)
