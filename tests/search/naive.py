"""What a filter and an ordering mean, straight from docs/search.md and with no database."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cmp_to_key

from fluvial.search import RUNS
from fluvial.search.tree import (
    And,
    Comparison,
    Field,
    Moment,
    Node,
    Not,
    Operator,
    Or,
    SortKey,
    Summary,
    Words,
)
from tests.search.things import Run

Value = str | int | float


def matches(node: Node, run: Run, now_ms: int) -> bool:
    match node:
        case And(operands=operands):
            return all(matches(operand, run, now_ms) for operand in operands)
        case Or(operands=operands):
            return any(matches(operand, run, now_ms) for operand in operands)
        case Not(operand=operand):
            return not matches(operand, run, now_ms)
        case Comparison(operand=Words() as words):
            return any(has_words(text, words) for text in texts(run))
        case Comparison():
            return any(holds(node, value, now_ms) for value in values(node.field, run))


def texts(run: Run) -> list[str]:
    """Every text of the run that words are looked for in."""
    return [run.run_name, *(f"{key} {value}" for key, value in [*run.params.items(), *run.tags.items()])]


def has_words(text: str, words: Words) -> bool:
    found = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    for start in range(len(found)):
        *first, last = found[start : start + len(words.words)]
        is_there = first == list(words.words[:-1]) and len(first) + 1 == len(words.words)
        if is_there and (last == words.words[-1] or (words.is_prefix and last.startswith(words.words[-1]))):
            return True
    return False


def values(field: Field, run: Run) -> list[Value]:
    """The values that the run has of the field: none, one, or one for each dataset."""
    match field.collection:
        case "metrics":
            series = run.metrics.get(field.name)
            return [] if series is None else [summarised(series, field.summary)]
        case "params" | "tags":
            text = getattr(run, field.collection).get(field.name)
            return [] if text is None else [text]
        case "datasets":
            read = [getattr(dataset, field.name) for dataset in run.datasets]
            return [text for text in read if text is not None]
    if field.name == "duration":
        if run.end_time is None:
            return []
        return [run.end_time - run.start_time]
    if field.name == "artifact_uri":
        return [f"mlflow-artifacts:/1/{run.run_id}"]
    if field.name == "experiment_name":
        return []  # there are runs here, and no experiments
    value = getattr(run, field.name)
    return [] if value is None else [value]


def summarised(series: tuple[float, ...], summary: Summary) -> float:
    numbers = [value for value in series if not math.isnan(value)]
    match summary:
        case Summary.LAST:
            return series[-1]
        case Summary.MIN:
            return min(numbers, default=math.nan)
        case Summary.MAX:
            return max(numbers, default=math.nan)
        case Summary.MEAN:
            return sum(numbers) / len(numbers) if numbers else math.nan
        case Summary.COUNT:
            return len(series)


def holds(comparison: Comparison, value: Value, now_ms: int) -> bool:
    return compares(comparison, value, now_ms) is not comparison.is_negated


def compares(comparison: Comparison, value: Value, now_ms: int) -> bool:
    def constant(operand: object) -> object:
        return now_ms + operand.offset_ms if isinstance(operand, Moment) else operand

    operand = comparison.operand
    match comparison.operator, value:
        case Operator.EXISTS, _:
            return True
        case Operator.IS_NAN, (int() | float()):
            return math.isnan(value)
        case Operator.EQUAL, _:
            return value == constant(operand)
        case Operator.IN, _:
            assert isinstance(operand, tuple)
            return value in [constant(item) for item in operand]
        case ((Operator.LIKE | Operator.ILIKE | Operator.MATCHES), str()):
            return matches_text(comparison.operator, str(operand), value)
        case Operator.BETWEEN, (int() | float()):
            assert isinstance(operand, tuple)
            low, high = (constant(item) for item in operand)
            assert isinstance(low, int | float)
            assert isinstance(high, int | float)
            return low <= value <= high
    number = constant(operand)
    assert isinstance(number, int | float)
    assert isinstance(value, int | float)
    match comparison.operator:
        case Operator.LESS:
            return value < number
        case Operator.AT_MOST:
            return value <= number
        case Operator.GREATER:
            return value > number
        case Operator.AT_LEAST:
            return value >= number
    raise AssertionError(comparison)


def matches_text(operator: Operator, pattern: str, text: str) -> bool:
    if operator is Operator.MATCHES:
        # Python's $ also matches before a line end that ends the text.
        at_the_end = re.sub(r"\\.|\$", lambda part: r"\Z" if part[0] == "$" else part[0], pattern)
        return re.search(at_the_end, text, re.DOTALL | re.ASCII) is not None
    if operator is Operator.ILIKE:
        pattern, text = pattern.lower(), text.lower()
    return is_like(pattern, text)


def is_like(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "%":
        return is_like(pattern[1:], text) or (text != "" and is_like(pattern, text[1:]))
    if pattern[0] == "\\":
        pattern = pattern[1:]
    elif pattern[0] == "_":
        return text != "" and is_like(pattern[1:], text[1:])
    return text[:1] == pattern[0] and is_like(pattern[1:], text[1:])


def ordered(runs: Iterable[Run], order: Iterable[SortKey]) -> list[Run]:
    keys = [*order, *RUNS.default_order]

    def compare(left: Run, right: Run) -> int:
        for key in keys:
            difference = compare_by(key, left, right)
            if difference:
                return difference
        return 0

    return sorted(runs, key=cmp_to_key(compare))


def compare_by(key: SortKey, left: Run, right: Run) -> int:
    first, second = rank(key.field, left), rank(key.field, right)
    if first[0] != second[0] or first[0] != 0:
        return first[0] - second[0]
    if first[1] == second[1]:
        return 0
    is_before = first[1] < second[1]  # type: ignore[operator]
    return -1 if is_before is key.is_ascending else 1


def rank(field: Field, run: Run) -> tuple[int, Value]:
    """Numbers and texts, then NaN, then what is missing."""
    found = values(field, run)
    if not found:
        return 2, 0
    if isinstance(found[0], float) and math.isnan(found[0]):
        return 1, 0
    return 0, found[0]
