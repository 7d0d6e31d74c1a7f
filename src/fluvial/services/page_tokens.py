"""Tokens of pages: where the page before ended, opaque to the client.

A token holds the place of the last thing on the page, so that the next page begins after it whatever has come
or gone meanwhile. It gives no rights: whoever makes one up sees what a search with another filter shows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence

import msgspec

from fluvial.errors import InvalidRequest
from fluvial.search.sql import Tables
from fluvial.search.sql_order import Place, Position, Rank, complete_order, fits
from fluvial.search.tree import SortKey

_CHECK_BYTES = 8

_Plain = tuple[tuple[int, str | int | float | None], ...]
_decoder = msgspec.msgpack.Decoder(_Plain)


def page_token(place: Place, order: Sequence[SortKey], tables: Tables) -> str:
    """The token of the page that begins after a place."""
    packed = msgspec.msgpack.encode([(int(rank), value) for rank, value in place])
    return base64.urlsafe_b64encode(_check(packed, order, tables) + packed).decode().rstrip("=")


def page_place(token: str | None, order: Sequence[SortKey], tables: Tables) -> Place | None:
    """The place that a token says; None of the first page.

    Raises:
        InvalidRequest: It is no token of a search in this order.
    """
    if not token:
        return None
    try:
        given = base64.b64decode(token.encode() + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
        check, packed = given[:_CHECK_BYTES], given[_CHECK_BYTES:]
        place = tuple(Position(Rank(rank), value) for rank, value in _decoder.decode(packed))
    except (ValueError, binascii.Error, msgspec.MsgspecError) as error:
        raise _refusal() from error
    if check != _check(packed, order, tables) or not fits(place, order, tables):
        raise _refusal()
    return place


def _check(packed: bytes, order: Sequence[SortKey], tables: Tables) -> bytes:
    """Tells a damaged token, and one of another order or noun, from a whole one."""
    digest = hashlib.blake2b(packed, digest_size=_CHECK_BYTES, person=tables.noun.name.encode()[:16])
    digest.update(repr(complete_order(order, tables.noun)).encode())
    return digest.digest()


def _refusal() -> InvalidRequest:
    return InvalidRequest(
        "The page token is not one that this server gave for a search in this order. "
        "Begin again without a token."
    )
