"""Random runs, filters and orderings, from pools so small that they often meet.

A strategy is built once: building one anew for each draw takes longer than all the searches.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from hypothesis import strategies as st

from fluvial.search import RUNS, Type
from fluvial.search.tree import (
    And,
    Comparison,
    Field,
    Moment,
    Node,
    Not,
    Operand,
    Operator,
    Or,
    SortKey,
    Summary,
    Words,
)
from tests.search.things import DatasetRead, Run

NOW_MS = 1_700_000_000_000

KEYS = st.sampled_from(["x", "val/loss.mean", "my key"])
NUMBERS = st.sampled_from([0.0, -0.0, 0.1, 1.0, -1.5, 1e300, math.inf, -math.inf])
TEXTS = st.sampled_from(
    ["", "a", "A", "ab", "aB", "éa", "Éa", "a'b", "a\\", "a%", "a_b", "a\nb", "[a]", "a*"]
)
TIMES = st.sampled_from([NOW_MS - 60_000, NOW_MS - 1, NOW_MS, NOW_MS + 1, 0, -5])
STATUSES = st.sampled_from(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"])


@cache
def runs() -> st.SearchStrategy[list[Run]]:
    """A few runs, each with another id."""
    series = st.lists(NUMBERS | st.just(math.nan), min_size=1, max_size=3).map(tuple)
    metrics = st.dictionaries(KEYS, series, max_size=3)
    texts = st.dictionaries(KEYS, TEXTS, max_size=3)
    read = st.builds(DatasetRead, TEXTS, TEXTS, st.none() | TEXTS)
    datasets = st.lists(read, unique_by=lambda read: (read.name, read.digest), max_size=2).map(tuple)
    run = st.builds(
        Run,
        run_id=st.sampled_from("abcABC"),
        run_name=TEXTS,
        user_id=TEXTS,
        status=STATUSES,
        start_time=TIMES,
        end_time=st.none() | TIMES,
        metrics=metrics,
        params=texts,
        tags=texts,
        datasets=datasets,
    )
    return st.lists(run, unique_by=lambda run: run.run_id, min_size=2, max_size=5)


@cache
def like_patterns() -> st.SearchStrategy[str]:
    """LIKE patterns, none of which ends in a backslash that stands before nothing."""
    parts = ["%", "%", "_", "a", "A", "É", "'", "*", "[", "]", r"\%", r"\_", r"\\", r"\a", "\n"]
    return st.lists(st.sampled_from(parts), max_size=4).map("".join)


@cache
def regular_expressions() -> st.SearchStrategy[str]:
    """Regular expressions of the syntax that is taken."""
    characters = ["a", "A", "é", "0", "'", r"\.", r"\\", r"\[", r"\$", r"\n", "^", "$"]
    classes = [".", "[ab]", "[^a]", "[a-b0]", r"[\]\-^]", "[]a]", r"\d", r"\w", r"\s", r"\W", r"[\d.]"]
    atoms = st.sampled_from(characters + classes)
    repeats = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,2}", "{1,}", "*?"])

    def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        group = st.tuples(st.sampled_from(["(", "(?:"]), inner).map(lambda parts: f"{parts[0]}{parts[1]})")
        repeated = st.tuples(group | atoms.filter(lambda atom: atom not in {"^", "$"}), repeats).map("".join)
        return st.lists(repeated | st.sampled_from(["^", "$"]), max_size=3).map("".join) | st.tuples(
            inner, inner
        ).map("|".join)

    return st.recursive(atoms, extend, max_leaves=5)


@cache
def fields() -> st.SearchStrategy[Field]:
    """Every field of a run, and keys that no run has."""
    keys = KEYS | st.just("never")
    last = st.builds(Field, st.just("metrics"), keys)
    metrics = st.builds(Field, st.just("metrics"), keys, st.sampled_from(Summary))
    texts = st.builds(Field, st.sampled_from(["params", "tags"]), keys)
    datasets = st.builds(Field, st.just("datasets"), st.sampled_from(["name", "digest", "context"]))
    attributes = st.sampled_from([Field("", attribute.name) for attribute in RUNS.attributes])
    return st.one_of(last, metrics, texts, datasets, attributes)


def field_type(field: Field) -> Type:
    """What the field holds."""
    if field.collection:
        return RUNS.collection(field.collection).type
    return RUNS.attribute(field.name).type


@cache
def constants(of: Type) -> st.SearchStrategy[Any]:
    """Constants that a field of that type may be compared with."""
    match of:
        case Type.TEXT:
            return TEXTS
        case Type.CHOICE:
            return STATUSES | TEXTS
        case Type.NUMBER:
            return NUMBERS
        case Type.TIME:
            moments = st.sampled_from([0, -60_000, 1]).map(Moment)
            return TIMES | moments | st.sampled_from([NOW_MS - 0.5, math.inf])
        case Type.WORDS:
            words = st.sampled_from(["a", "ab", "b", "x", "éa", "val", "mean", "never"])
            return st.builds(Words, st.lists(words, min_size=1, max_size=3).map(tuple), st.booleans())
        case Type.DURATION:
            return st.sampled_from([0, 1, 60_000, -1, 0.5])


@st.composite
def comparisons(draw: st.DrawFn) -> Node:
    """Any comparison that the grammar can say."""
    field = draw(fields())
    holds = field_type(field)
    operators = set(holds.operators)
    if field.collection and holds is Type.NUMBER:
        operators.add(Operator.IS_NAN)
    operator = draw(st.sampled_from(sorted(operators, key=lambda operator: operator.value)))
    one = constants(holds)
    operand: Operand = None
    match operator:
        case Operator.EXISTS:
            exists = Comparison(field, operator)
            return exists if draw(st.booleans()) else Not(exists)
        case Operator.IN:
            operand = tuple(draw(st.lists(one, min_size=1, max_size=3)))
        case Operator.BETWEEN:
            operand = draw(st.tuples(one, one))
        case Operator.LIKE | Operator.ILIKE:
            operand = draw(like_patterns())
        case Operator.MATCHES:
            operand = draw(regular_expressions())
        case operator if operator is not Operator.IS_NAN:
            operand = draw(one)
    if isinstance(operand, Words):
        return Comparison(field, operator, operand)
    has_negation = operator.value not in {"<", "<=", ">", ">="}
    return Comparison(field, operator, operand, has_negation and draw(st.booleans()))


@cache
def filters() -> st.SearchStrategy[Node]:
    """Any filter."""

    def extend(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return inner.map(Not) | several.map(And) | several.map(Or)

    return st.recursive(comparisons(), extend, max_leaves=6)


@cache
def orders() -> st.SearchStrategy[list[SortKey]]:
    """Any ordering."""
    sortable = fields().filter(lambda field: field.collection != "datasets" and field.name != "text")
    return st.lists(st.builds(SortKey, sortable, st.booleans()), max_size=3)
