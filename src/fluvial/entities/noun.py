"""What all nouns have in common."""

from __future__ import annotations

from msgspec import Struct


class Noun(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An immutable value; a field that has its default is not sent.

    Unknown fields are refused by the decoder's quick way alone: `wire.codec` then takes the slow way,
    which knows other spellings and drops what is left.
    """
