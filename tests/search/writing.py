"""A tree written as a filter, so that a random tree is also a test of the parser."""

from __future__ import annotations

import math

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


def write_filter(node: Node) -> str:
    match node:
        case And(operands=operands):
            return "(" + " AND ".join(map(write_filter, operands)) + ")"
        case Or(operands=operands):
            return "(" + " or ".join(map(write_filter, operands)) + ")"
        case Not(operand=Comparison(operator=Operator.EXISTS, field=field)):
            return f"{write_field(field)} IS NULL"
        case Not(operand=operand):
            return f"NOT {write_filter(operand)}"
        case Comparison():
            return f"{write_field(node.field)} {write_test(node)}"


def write_test(comparison: Comparison) -> str:
    operand = comparison.operand
    negation = "NOT " if comparison.is_negated else ""
    match comparison.operator:
        case Operator.EXISTS:
            return "IS NOT NULL"
        case Operator.IS_NAN:
            return f"IS {negation}NAN"
        case Operator.IN:
            assert isinstance(operand, tuple)
            return f"{negation}IN ({', '.join(map(write_constant, operand))})"
        case Operator.BETWEEN:
            assert isinstance(operand, tuple)
            return f"{negation}BETWEEN {write_constant(operand[0])} AND {write_constant(operand[1])}"
        case Operator.HAS_WORDS:
            assert isinstance(operand, Words)
            return f"""MATCHES '"{" ".join(operand.words)}"{"*" if operand.is_prefix else ""}'"""
        case Operator.EQUAL:
            return f"{'!=' if comparison.is_negated else '='} {write_constant(operand)}"
    return f"{negation}{comparison.operator.value} {write_constant(operand)}"


def write_order(key: SortKey) -> str:
    return f"{write_field(key.field)} {'ASC' if key.is_ascending else 'desc'}"


def write_field(field: Field) -> str:
    if not field.collection:
        return field.name
    name = f"{field.collection}.`{field.name}`"
    return name if field.summary is Summary.LAST else f"{field.summary.value}({name})"


def write_constant(operand: Operand) -> str:
    match operand:
        case str():
            return "'" + operand.replace("'", "''") + "'"
        case Moment(offset_ms=offset_ms):
            return f"now() {'+' if offset_ms >= 0 else '-'} {abs(offset_ms)}ms"
        case float() if math.isinf(operand):
            return "-inf" if operand < 0 else "inf"
        case int() | float():
            return repr(operand)
    raise AssertionError(operand)
