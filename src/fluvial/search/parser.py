"""From the text of a filter or an ordering to its tree.

`grammar.lark` says what is well-formed, `binding.py` what it means for the noun. A filter that was
parsed lately is not parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from fluvial.errors import InvalidFilter
from fluvial.search.binding import Binding
from fluvial.search.noun import Noun
from fluvial.search.refusal import either, refuse
from fluvial.search.tree import EVERYTHING, Node, SortKey

MAX_FILTER_CHARS = 200_000
_MAX_CACHED_CHARS = 4_000

# What a terminal begins, in the order in which a message lists them.
_PHRASES = {
    "KEY": "a field, such as {field}",
    "COMPARATOR": "a comparison, such as = or LIKE",
    "STRING": "a value: a number, or text in quotes",
    "NULL": "NULL, NAN or NOT",
    "LIKE": "LIKE, IN or BETWEEN",
    "SIGN": "+ or - and a duration",
    "DURATION": "a duration, such as 7d or 12h",
    "_COMMA": "a comma",
    "_AND": "AND",
    "_OR": "OR",
    "ASCENDING": "ASC or DESC",
    "_OPEN": "(",
    "_CLOSE": ")",
    "$END": "the end",
}
# These go without saying where the other terminal is said.
_SAID_BY = {"DURATION": "STRING", "LIKE": "COMPARATOR", "_OPEN": "KEY"}
_QUOTES = {"'", '"', "`"}
_WORD = re.compile(r"[\w.]+|.", re.DOTALL)


def parse_filter(text: str, noun: Noun) -> Node:
    """The tree of a filter; a blank one matches everything.

    Raises:
        InvalidFilter: It is no filter of the noun. Says where and why.
    """
    if len(text) > _MAX_CACHED_CHARS:
        return _parse_filter(text, noun)
    return _parse_filter_once(text, noun)


def parse_order_by(clauses: Iterable[str], noun: Noun) -> tuple[SortKey, ...]:
    """The sort keys of an ordering, each written `<field> [ASC|DESC]`, without the default ones.

    Raises:
        InvalidFilter: A clause is no ordering of the noun. The position is within that clause.
    """
    return tuple(_parse_ordering_once(clause, noun) for clause in clauses)


def _parse_filter(text: str, noun: Noun) -> Node:
    if len(text) > MAX_FILTER_CHARS:
        raise refuse(
            text,
            MAX_FILTER_CHARS,
            len(text) - MAX_FILTER_CHARS,
            f"A filter has at most {MAX_FILTER_CHARS} characters, this one has {len(text)}.",
        )
    _refuse_unstorable(text)
    parsed = _parse(text, "filter", noun)
    if not parsed.children:
        return EVERYTHING
    return Binding(text, noun).filter(cast("Tree[Token]", parsed.children[0]))


@lru_cache(maxsize=1024)
def _parse_filter_once(text: str, noun: Noun) -> Node:
    return _parse_filter(text, noun)


@lru_cache(maxsize=1024)
def _parse_ordering_once(clause: str, noun: Noun) -> SortKey:
    _refuse_unstorable(clause)
    return Binding(clause, noun).ordering(_parse(clause, "ordering", noun))


def _refuse_unstorable(text: str) -> None:
    """Refuse what no database takes as text, before it gets there."""
    bad = next((i for i, c in enumerate(text) if c == "\0" or "\ud800" <= c <= "\udfff"), None)
    if bad is not None:
        raise refuse(text, bad, 1, "No text has this character: NUL or half of a surrogate pair.")


@cache
def _grammar() -> Lark:
    text = files("fluvial.search").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", start=["filter", "ordering"], maybe_placeholders=False)


def _parse(text: str, start: str, noun: Noun) -> Tree[Token]:
    try:
        return _grammar().parse(text, start=start)
    except UnexpectedToken as error:
        token = error.token
        position = len(text) if token.type == "$END" else cast("int", token.start_pos)
        accepted = _accepted(text, position, start)
        raise _unexpected_token(text, position, token, accepted, noun) from None
    except UnexpectedCharacters as error:
        position = cast("int", error.pos_in_stream)
        accepted = _accepted(text, position, start)
        raise _unexpected_character(text, position, accepted, noun) from None


def _accepted(text: str, position: int, start: str) -> set[str]:
    """The terminals that could stand at `position`; the parser that failed has forgotten some of them."""
    parser: Any = _grammar().parse_interactive(text, start=start)
    if text[:position].strip():
        for token in parser.lexer_thread.lex(parser.parser_state):
            parser.feed_token(token)
            if not text[token.end_pos : position].strip():
                break
    return cast("set[str]", parser.accepts())


def _unexpected_token(
    text: str, position: int, token: Token, accepted: set[str], noun: Noun
) -> InvalidFilter:
    expected = _in_words(accepted, noun)
    if token.type == "$END":
        return refuse(text, position, 0, f"Expected {expected}, but nothing follows.")
    message = f"Expected {expected}, found {token}.{_hint(token, accepted)}"
    return refuse(text, position, len(token), message)


def _hint(found: Token, accepted: set[str]) -> str:
    if "STRING" in accepted:
        if found.type in {"NULL", "NAN"}:
            return f" Write IS {found.upper()}."
        if found.type == "KEY" and "." in found:
            return " A field is compared with a constant."
        if found.type == "KEY":
            return f" Text needs quotes: '{found.strip('`')}'."
    if "COMPARATOR" in accepted and found.type == "KEY":
        return " A key with spaces needs backticks, as in tags.`my key`."
    if "KEY" in accepted and found.type in {"STRING", "NUMBER"}:
        return " The field comes first, then the value."
    return ""


def _unexpected_character(text: str, position: int, accepted: set[str], noun: Noun) -> InvalidFilter:
    word = _WORD.match(text, position)
    found = word[0] if word else ""
    if found == "." and "COMPARATOR" in accepted:
        if text[position + 1 : position + 2] not in _QUOTES or _is_closed(text, position + 1):
            return refuse(text, position, 1, "A key follows the dot, as in metrics.loss.")
        position += 1
        found = text[position]
    if found in _QUOTES:
        return refuse(text, position, len(text) - position, f"This {found} is never closed.")
    message = f"Expected {_in_words(accepted, noun)}, found {found}"
    return refuse(text, position, len(found), message)


def _is_closed(text: str, position: int) -> bool:
    return text[position] in text[position + 1 :]


def _in_words(accepted: set[str], noun: Noun) -> str:
    phrases = [
        phrase
        for terminal, phrase in _PHRASES.items()
        if terminal in accepted and _SAID_BY.get(terminal) not in accepted
    ]
    example = noun.attributes[0].name
    return either(phrases).format(field=example)
