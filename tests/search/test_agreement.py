"""The SQL finds what the specification says, in that order, on both databases."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fluvial.search import RUNS, parse_filter, parse_order_by
from fluvial.search.sql import Scope
from fluvial.search.sql_order import narrow
from fluvial.search.tree import EVERYTHING, Comparison, Field, Node, Operator, SortKey
from fluvial.store.run_fields import TABLES
from fluvial.store.tables import run
from tests.search import naive, strategies
from tests.search.storing import insert_runs
from tests.search.strategies import NOW_MS
from tests.search.things import Run
from tests.search.writing import write_filter, write_order


@settings(deadline=None, max_examples=60)
@given(strategies.filters(), strategies.orders())
def test_what_is_written_is_what_is_read(node: Node, order: list[SortKey]) -> None:
    assert parse_filter(write_filter(node), RUNS) == node
    assert parse_order_by(map(write_order, order), RUNS) == tuple(order)


# Runs, filters and orders together often are more than Hypothesis draws for one example: it draws again.
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    runs=strategies.runs(),
    nodes=st.lists(strategies.comparisons() | strategies.filters(), min_size=5, max_size=10),
    orders=st.lists(strategies.orders(), min_size=5, max_size=5),
)
def test_the_database_and_the_specification_agree(
    engine: sa.Engine, runs: list[Run], nodes: list[Node], orders: list[list[SortKey]]
) -> None:
    with engine.connect() as connection:
        key_ids = insert_runs(connection, runs)
        found = [found_by_sql(connection, key_ids, node, []) for node in nodes]
        in_order = [found_by_sql(connection, key_ids, EVERYTHING, order) for order in orders]

    for node, run_ids in zip(nodes, found, strict=True):
        matching = [item for item in runs if naive.matches(node, item, NOW_MS)]
        assert run_ids == [item.run_id for item in naive.ordered(matching, [])], node
    for order, run_ids in zip(orders, in_order, strict=True):
        assert run_ids == [item.run_id for item in naive.ordered(runs, order)], order


@settings(deadline=None, max_examples=40)
@given(
    texts=st.lists(st.text("aAbBéÉ0 _'\"\\\\%*?[]^$.\n", max_size=6), max_size=12),
    likes=st.lists(strategies.like_patterns(), max_size=5),
    expressions=st.lists(strategies.regular_expressions(), max_size=10),
)
def test_a_pattern_means_the_same_everywhere(
    engine: sa.Engine, texts: list[str], likes: list[str], expressions: list[str]
) -> None:
    runs = [Run(run_id=f"{number:02}", params={"x": text}) for number, text in enumerate(texts)]
    field = Field("params", "x")
    nodes = [
        *(
            Comparison(field, operator, like)
            for like in likes
            for operator in (Operator.LIKE, Operator.ILIKE)
        ),
        *(Comparison(field, Operator.MATCHES, expression) for expression in expressions),
    ]

    with engine.connect() as connection:
        key_ids = insert_runs(connection, runs)
        found = [found_by_sql(connection, key_ids, node, []) for node in nodes]

    for node, run_ids in zip(nodes, found, strict=True):
        assert parse_filter(write_filter(node), RUNS) == node
        assert run_ids == [item.run_id for item in runs if naive.matches(node, item, NOW_MS)], node


def found_by_sql(
    connection: sa.Connection, key_ids: dict[str, int], node: Node, order: list[SortKey]
) -> list[str]:
    dialect: Literal["sqlite", "postgresql"] = (
        "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
    )
    scope = Scope(tables=TABLES, dialect=dialect, now_ms=NOW_MS, key_ids=key_ids)
    return list(connection.scalars(narrow(sa.select(run.c.run_id), node, order, scope).statement))
