"""What a well-formed filter means for one noun: names resolved, values typed, nonsense refused."""

from __future__ import annotations

import re
from typing import cast

from lark import Token, Tree

from fluvial.errors import InvalidFilter
from fluvial.search import like, regex, words
from fluvial.search.noun import Noun, Type
from fluvial.search.operands import read_operand
from fluvial.search.refusal import Fault, either, refuse, suggestion
from fluvial.search.tree import (
    And,
    Comparison,
    Field,
    Node,
    Not,
    Operator,
    Or,
    Scalar,
    SortKey,
    Summary,
    fields,
)

# Past these a filter is a mistake or an attack; the databases' own limits are a little further.
MAX_DEPTH = 30
MAX_COMPARISONS = 300
MAX_LISTED_VALUES = 20_000

_COMPARATORS = {
    "=": (Operator.EQUAL, False),
    "==": (Operator.EQUAL, False),
    "!=": (Operator.EQUAL, True),
    "<>": (Operator.EQUAL, True),
    "<": (Operator.LESS, False),
    "<=": (Operator.AT_MOST, False),
    ">": (Operator.GREATER, False),
    ">=": (Operator.AT_LEAST, False),
}
_KEY = re.compile(r"""(?P<head>[^\W\d]\w*|`[^`]+`|"[^"]+")(?:\.(?P<tail>.+))?""", re.DOTALL)
_SUMMARY_NAMES = tuple(summary.value for summary in Summary)


class Binding:
    """One filter or ordering being bound to its noun.

    Args:
        text: What was parsed, for messages.
        noun: What is searched.
    """

    def __init__(self, text: str, noun: Noun) -> None:
        self._text = text
        self._noun = noun
        self._n_comparisons = 0
        self._n_values = 0

    def filter(self, parsed: Tree[Token], depth: int = 0) -> Node:
        """The tree of a filter."""
        if depth > MAX_DEPTH:
            raise self._refuse(_first_token(parsed), f"Nested more than {MAX_DEPTH} deep.")
        match parsed.data:
            case "any_of":
                return Or(tuple(self.filter(operand, depth + 1) for operand in _trees(parsed)))
            case "all_of":
                return And(tuple(self.filter(operand, depth + 1) for operand in _trees(parsed)))
            case "negation":
                return Not(self.filter(_trees(parsed)[0], depth + 1))
            case _:
                return self._comparison(parsed)

    def ordering(self, parsed: Tree[Token]) -> SortKey:
        """The sort key of one ordering clause."""
        field, field_type = self._field(_trees(parsed)[0])
        if field_type is Type.WORDS:
            raise self._refuse(_first_token(parsed), f"There is no order by {field.name}: it is for MATCHES.")
        collection = self._noun.find_collection(field.collection)
        if collection is not None and collection.members:
            message = f"A {self._noun.name} may have several {collection.name}: no way to sort by them."
            raise self._refuse(_first_token(parsed), message)
        return SortKey(field, is_ascending=not any(t.type == "DESCENDING" for t in _tokens(parsed)))

    def _comparison(self, parsed: Tree[Token]) -> Node:
        self._n_comparisons += 1
        if self._n_comparisons > MAX_COMPARISONS:
            message = f"A filter has at most {MAX_COMPARISONS} comparisons."
            raise self._refuse(_first_token(parsed), message)

        field, field_type = self._field(_trees(parsed)[0])
        tokens = _tokens(parsed)
        is_negated = bool(tokens) and tokens[0].type == "NOT"
        takes_words = any(token.type == "MATCHES" for token in tokens)
        if takes_words is not (field_type is Type.WORDS):
            raise self._refuse(_first_token(parsed), _words_hint(_name(field), field_type))
        if takes_words:
            return self._words(field, cast("Token", parsed.children[-1]), is_negated=is_negated)
        match parsed.data:
            case "is_null":
                exists = Comparison(field, Operator.EXISTS)
                return exists if is_negated else Not(exists)
            case "is_nan":
                if not field.collection or field_type is not Type.NUMBER:
                    raise self._refuse(tokens[-1], f"Only a metric may be NaN, not {_name(field)}.")
                return Comparison(field, Operator.IS_NAN, is_negated=is_negated)
            case "member" | "between":
                values = parsed.children[2:] if is_negated else parsed.children[1:]
                return self._several(parsed, field, field_type, values, is_negated=is_negated)
            case "match":
                word, value = cast("Token", parsed.children[-2]), parsed.children[-1]
                return self._match(field, field_type, word, value, is_negated=is_negated)
            case _:
                word, value = cast("Token", parsed.children[-2]), parsed.children[-1]
                return self._compare(field, field_type, word, value)

    def _compare(
        self, field: Field, field_type: Type, comparator: Token, value: Token | Tree[Token]
    ) -> Comparison:
        operator, is_negated = _COMPARATORS[comparator]
        if operator not in field_type.operators:
            raise self._refuse(
                comparator,
                f"{_name(field)} is text: compare it with =, !=, LIKE, ILIKE, RLIKE or IN, not {comparator}.",
            )
        return Comparison(field, operator, self._value(value, field, field_type), is_negated)

    def _several(
        self,
        parsed: Tree[Token],
        field: Field,
        field_type: Type,
        values: list[Token | Tree[Token]],
        *,
        is_negated: bool,
    ) -> Comparison:
        operator = Operator.IN if parsed.data == "member" else Operator.BETWEEN
        if operator not in field_type.operators:
            message = f"BETWEEN takes numbers and times, and {_name(field)} is text."
            raise self._refuse(_first_token(values[0]), message)
        self._n_values += len(values)
        if self._n_values > MAX_LISTED_VALUES:
            message = f"The lists of a filter have at most {MAX_LISTED_VALUES} values."
            raise self._refuse(_first_token(values[0]), message)
        operand = tuple(self._value(value, field, field_type) for value in values)
        return Comparison(field, operator, operand, is_negated)

    def _match(
        self,
        field: Field,
        field_type: Type,
        word: Token,
        value: Token | Tree[Token],
        *,
        is_negated: bool,
    ) -> Comparison:
        if not field_type.is_text:
            message = f"{word.upper()} takes text, and {_name(field)} is a {field_type.value}."
            raise self._refuse(word, message)
        pattern = cast("str", self._value(value, field, field_type))
        if word.type in {"LIKE", "ILIKE"}:
            operator, fault = Operator(word.upper()), like.find_fault(pattern)
        else:
            operator, fault = Operator.MATCHES, regex.find_fault(pattern)
        if fault is not None:
            raise self._refuse_inside(_first_token(value), fault)
        return Comparison(field, operator, pattern, is_negated or word == "!~")

    def _words(self, field: Field, value: Token, *, is_negated: bool) -> Node:
        text = cast("str", self._value(value, field, Type.TEXT))
        try:
            node = words.parse(text, field)
        except Fault as fault:
            raise self._refuse_inside(value, fault) from None
        self._n_comparisons += sum(1 for _ in fields(node)) - 1
        return Not(node) if is_negated else node

    def _value(self, value: Token | Tree[Token], field: Field, field_type: Type) -> Scalar:
        try:
            return read_operand(value, _name(field), field_type)
        except Fault as fault:
            first, last = _first_token(value), _last_token(value)
            length = (last.end_pos or 0) - (first.start_pos or 0)
            raise refuse(self._text, first.start_pos or 0, length, fault.message) from None

    def _field(self, parsed: Tree[Token]) -> tuple[Field, Type]:
        tokens = _tokens(parsed)
        field, field_type = self._named(tokens[-1])
        if parsed.data == "plain_field":
            return field, field_type

        function = tokens[0]
        collection = self._noun.find_collection(field.collection)
        if collection is None or not collection.summaries:
            raise self._refuse(function, f"{function}() takes a metric, not {_name(field)}.")
        if function.lower() not in _SUMMARY_NAMES:
            raise self._refuse(
                function,
                f"No function {function}(): there are {', '.join(_SUMMARY_NAMES)}."
                + suggestion(function, _SUMMARY_NAMES),
            )
        return Field(field.collection, field.name, Summary(function.lower())), field_type

    def _named(self, key: Token) -> tuple[Field, Type]:
        split = _KEY.fullmatch(key)
        assert split is not None, "the grammar and binding.py disagree about keys"  # noqa: S101
        head, tail = _unquoted(split["head"]), split["tail"]
        if tail is None:
            attribute = self._noun.find_attribute(head)
            if attribute is not None:
                return Field("", attribute.name), attribute.type
            if split["head"] == head or "." not in head:
                raise self._unknown_attribute(key, head)
            head, tail = head.split(".", 1)
        tail = _unquoted(tail)
        if head in self._noun.prefixes:
            attribute = self._noun.find_attribute(tail)
            if attribute is None:
                raise self._unknown_attribute(key, tail)
            return Field("", attribute.name), attribute.type
        collection = self._noun.find_collection(head)
        if collection is None:
            known = [c.name for c in self._noun.collections] + [self._noun.prefixes[0]]
            raise self._refuse(
                key,
                f"A {self._noun.name} has no {head}: write {either([f'{k}.x' for k in known])}."
                + suggestion(head, known),
            )
        if collection.members and tail not in collection.members:
            members = [f"{collection.name}.{member}" for member in collection.members]
            raise self._refuse(
                key,
                f"No {head}.{tail}: there is {either(members)}."
                + suggestion(f"{collection.name}.{tail}", members),
            )
        return Field(collection.name, tail), collection.type

    def _unknown_attribute(self, key: Token, name: str) -> InvalidFilter:
        if self._noun.find_collection(name) is not None:
            return self._refuse(key, f"{name} needs a key, as in {name}.x.")
        names = [attribute.name for attribute in self._noun.attributes]
        return self._refuse(
            key,
            f"A {self._noun.name} has no attribute {name}: there is {either(names)}."
            + suggestion(name, names),
        )

    def _refuse(self, token: Token, message: str) -> InvalidFilter:
        return refuse(self._text, token.start_pos or 0, len(token), message)

    def _refuse_inside(self, string: Token, fault: Fault) -> InvalidFilter:
        """Point into a quoted string, where a doubled quote is one character of the value."""
        quote = string[0]
        before = string[1:-1].replace(quote * 2, quote)[: fault.position].replace(quote, quote * 2)
        start = (string.start_pos or 0) + 1 + len(before)
        return refuse(self._text, start, fault.length, fault.message)


def _words_hint(name: str, field_type: Type) -> str:
    if field_type is Type.WORDS:
        return f"{name} is searched for words: {name} MATCHES 'resnet -baseline'."
    other = "LIKE or RLIKE" if field_type.is_text else "a comparison"
    return f"MATCHES looks for words, as in text MATCHES 'resnet'; {name} takes {other}."


def _trees(parsed: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in parsed.children if isinstance(child, Tree)]


def _tokens(parsed: Tree[Token]) -> list[Token]:
    return [child for child in parsed.children if isinstance(child, Token)]


def _first_token(parsed: Token | Tree[Token]) -> Token:
    while isinstance(parsed, Tree):
        parsed = parsed.children[0]
    return parsed


def _last_token(parsed: Token | Tree[Token]) -> Token:
    while isinstance(parsed, Tree):
        parsed = parsed.children[-1]
    return parsed


def _unquoted(name: str) -> str:
    return name[1:-1] if name[0] in "`\"'" else name


def _name(field: Field) -> str:
    name = f"{field.collection}.{field.name}" if field.collection else field.name
    return name if field.summary is Summary.LAST else f"{field.summary.value}({name})"
