"""Rules that many requests share: names, lengths, pages, ids."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Sequence

from fluvial.errors import InvalidRequest

_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,255}")
_RUN_ID = re.compile(r"[0-9a-f]{32}")
MAX_EXPERIMENT_ID = 2**63 - 1
MAX_PAGE = 50_000

_log = logging.getLogger(__name__)


def cut(kind: str, key: str, value: str, limit: int) -> str:
    """A value cut to its limit, as MLflow's protocol has it; the cut is logged."""
    if len(value) <= limit:
        return value
    _log.warning("The value of %s %r has %d characters; kept the first %d.", kind, key, len(value), limit)
    return value[:limit]


def check_length(what: str, value: str, limit: int) -> None:
    """Refuse a text over its limit.

    Raises:
        InvalidRequest: It is longer.
    """
    if len(value) > limit:
        raise InvalidRequest(f"{what} has at most {limit} characters, not {len(value)}.")


def check_int64(what: str, value: int) -> None:
    """Refuse a number that no database keeps.

    Raises:
        InvalidRequest: It is beyond 64 bits.
    """
    if not -(2**63) <= value < 2**63:
        raise InvalidRequest(f"{what} is a 64-bit number, not {value}.")


def experiment_id(text: str) -> int:
    """An experiment id as the store has it.

    Raises:
        InvalidRequest: It is not decimal digits.
    """
    if not (text.isascii() and text.isdigit()) or int(text) > MAX_EXPERIMENT_ID:
        raise InvalidRequest(f"An experiment id is a whole number, not {text[:64]!r}.")
    return int(text)


def whole_id(what: str, text: str) -> int:
    """The number of an id that grows with time.

    Raises:
        InvalidRequest: It is not decimal digits, or beyond 64 bits.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > 19 or int(text) >= 2**63:
        raise InvalidRequest(f"The id of {what} is a whole number, not {text[:64]!r}.")
    return int(text)


def experiment_ids(texts: Sequence[str]) -> list[int]:
    """Experiment ids as the store has them, each once."""
    return list(dict.fromkeys(experiment_id(text) for text in texts))


def check_run_id(text: str) -> None:
    """Refuse what can be no run's id.

    Raises:
        InvalidRequest: It has other characters or is too long.
    """
    if not _ID.fullmatch(text):
        raise InvalidRequest(f"A run id has letters, digits, - and _, up to 256; not {text[:64]!r}.")


def check_new_run_id(text: str) -> None:
    """Refuse what a new run cannot be named.

    Raises:
        InvalidRequest: It is not 32 hex characters.
    """
    if not _RUN_ID.fullmatch(text):
        raise InvalidRequest(f"A new run's id is 32 lower-case hex characters, not {text[:64]!r}.")


def page_size(given: int, *, maximum: int = MAX_PAGE, name: str = "max_results") -> int:
    """The size of a page.

    Raises:
        InvalidRequest: It is not from 1 to the maximum.
    """
    if not 1 <= given <= maximum:
        raise InvalidRequest(f"{name} is from 1 to {maximum}, not {given}.")
    return given


def page_offset(token: str | None) -> int:
    """Where a page begins.

    Raises:
        InvalidRequest: The token was not made by `page_token`.
    """
    if not token:
        return 0
    try:
        offset = json.loads(base64.b64decode(token, validate=True))["offset"]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidRequest("The page token is not one that this server gave.") from error
    if not isinstance(offset, int) or isinstance(offset, bool) or not 0 <= offset < 2**63:
        raise InvalidRequest("The page token is not one that this server gave.")
    return offset


def page_token(offset: int) -> str:
    """An opaque token for the page that begins at an offset."""
    return base64.b64encode(json.dumps({"offset": offset}).encode()).decode()
