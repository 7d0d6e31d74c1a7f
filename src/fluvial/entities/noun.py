"""What all nouns have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct


class Noun(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An immutable value; a field that has its default is not sent.

    Unknown fields are refused by the decoder's quick way alone: `wire.codec` then takes the slow way,
    which knows other spellings and drops what is left.
    """

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Its fields, so that `dict(noun)` has them by name."""
        return ((name, getattr(self, name)) for name in self.__struct_fields__)
