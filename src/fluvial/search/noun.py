"""What a searchable noun declares: its attributes and collections, their types and spellings."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from fluvial.search.tree import Operator, SortKey, Summary


class Type(Enum):
    """What a field holds, and so what it may be compared with."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    TIME = "time"
    DURATION = "duration"
    WORDS = "words"

    @property
    def is_text(self) -> bool:
        """Whether values are written in quotes and compared as text."""
        return self in {Type.TEXT, Type.CHOICE}

    @property
    def operators(self) -> frozenset[Operator]:
        """The operators that make sense for it."""
        if self.is_text:
            return _TEXT_OPERATORS
        if self is Type.WORDS:
            return frozenset({Operator.HAS_WORDS})
        return _NUMBER_OPERATORS


_ALWAYS = {Operator.EQUAL, Operator.IN, Operator.EXISTS}
_TEXT_OPERATORS = frozenset(_ALWAYS | {Operator.LIKE, Operator.ILIKE, Operator.MATCHES})
_NUMBER_OPERATORS = frozenset(
    _ALWAYS | {Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST, Operator.BETWEEN}
)


class Attribute(Struct, frozen=True, kw_only=True):
    """One value that every thing of the noun has, or may lack.

    Attributes:
        aliases: Other spellings that MLflow takes.
    """

    name: str
    type: Type
    aliases: tuple[str, ...] = ()


class Collection(Struct, frozen=True, kw_only=True):
    """Values by key, such as metrics, or several rows with the same members, such as datasets.

    Attributes:
        name: Plural name, the one that messages use.
        aliases: Other spellings that MLflow takes.
        type: Type of the values. A number may be NaN.
        members: The only keys there are; empty where users choose the keys. Several rows may then
            have the member, and a comparison is true if it is for one of them.
        summaries: The functions of a series that may be asked for.
    """

    name: str
    type: Type
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    summaries: tuple[Summary, ...] = ()


class Noun(Struct, frozen=True, kw_only=True, eq=False):
    """A kind of thing that can be searched. Compared by identity: each is declared once.

    Attributes:
        name: Singular, for messages.
        prefixes: What may stand before an attribute's name, with a dot.
        default_order: Breaks ties, and orders a search that names no order; its last key is unique.
    """

    name: str
    prefixes: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    collections: tuple[Collection, ...]
    default_order: tuple[SortKey, ...]

    def find_attribute(self, name: str) -> Attribute | None:
        """The attribute of that name or alias."""
        return next((a for a in self.attributes if name == a.name or name in a.aliases), None)

    def find_collection(self, name: str) -> Collection | None:
        """The collection of that name or alias."""
        return next((c for c in self.collections if name == c.name or name in c.aliases), None)

    def attribute(self, name: str) -> Attribute:
        """The attribute of exactly that name."""
        return next(a for a in self.attributes if a.name == name)

    def collection(self, name: str) -> Collection:
        """The collection of exactly that name."""
        return next(c for c in self.collections if c.name == name)
