from __future__ import annotations

from typing import Literal

import pytest
import sqlalchemy as sa

from fluvial.search import RUNS, parse_filter, parse_order_by
from fluvial.search.binding import MAX_COMPARISONS, MAX_DEPTH, MAX_LISTED_VALUES
from fluvial.search.sql import Scope, interned_keys
from fluvial.search.sql_order import narrow
from fluvial.search.tree import fields
from fluvial.store.run_fields import TABLES
from fluvial.store.tables import run
from tests.search.storing import insert_runs
from tests.search.things import DatasetRead, Run

NOW_MS = 1_000_000_000_000
DAY_MS = 86_400_000
NAN = float("nan")


def search(connection: sa.Connection, key_ids: dict[str, int], text: str, *order_by: str) -> list[str]:
    node, order = parse_filter(text, RUNS), parse_order_by(order_by, RUNS)
    mentioned = interned_keys([*fields(node), *(sort_key.field for sort_key in order)], TABLES)
    known = {k: v for k, v in key_ids.items() if k in mentioned}
    dialect: Literal["sqlite", "postgresql"] = (
        "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
    )
    scope = Scope(tables=TABLES, dialect=dialect, now_ms=NOW_MS, key_ids=known)
    return list(connection.scalars(narrow(sa.select(run.c.run_id), node, order, scope).statement))


RUNS_OF_A_STUDY = (
    Run(
        run_id="a",
        run_name="Alpha",
        start_time=NOW_MS - DAY_MS,
        end_time=NOW_MS - DAY_MS + 90_000,
        metrics={"loss": (0.9, 0.1), "acc": (0.5,)},
        params={"lr": "0.1", "model": "ResNet-50"},
        tags={"team": "vision"},
        datasets=(DatasetRead("mnist", "d1", "train"), DatasetRead("cifar", "d2")),
    ),
    Run(
        run_id="b",
        run_name="beta",
        user_id="ann",
        status="FAILED",
        start_time=NOW_MS - 10 * DAY_MS,
        metrics={"loss": (0.5, NAN)},
        params={"lr": "0.2", "model": "resnet_18"},
    ),
    Run(run_id="c", run_name="gamma", status="RUNNING", user_id="cat", tags={"team": "Éclair"}),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "abc"),
        ("metrics.loss < 1", "a"),
        ("metrics.loss = 0.1", "a"),
        ("metrics.loss != 0.1", "b"),
        ("NOT metrics.loss = 0.1", "bc"),
        ("metrics.loss IS NAN", "b"),
        ("metrics.loss IS NOT NAN", "a"),
        ("metrics.loss IS NULL", "c"),
        ("metrics.loss IS NOT NULL", "ab"),
        ("metrics.never = 1", ""),
        ("NOT metrics.never = 1", "abc"),
        ("metrics.loss NOT BETWEEN 0 AND 1", "b"),
        ("min(metrics.loss) = 0.5", "b"),
        ("max(metrics.loss) > 0.8", "a"),
        ("mean(metrics.loss) = 0.5", "ab"),
        ("count(metrics.loss) = 2", "ab"),
        ("params.lr IN ('0.1', '0.3')", "a"),
        ("params.lr NOT IN ('0.1', '0.3')", "b"),
        ("params.model LIKE 'resnet%'", "b"),
        ("params.model ILIKE 'resnet%'", "ab"),
        (r"params.model LIKE 'resnet\_%'", "b"),
        (r"params.model ILIKE 'resnet\_%'", "b"),
        ("params.model RLIKE '-[0-9]+$'", "a"),
        ("params.model !~ '-[0-9]+$'", "b"),
        ("tags.team ILIKE 'éc%'", "c"),
        ("status != 'FINISHED'", "bc"),
        ("status LIKE 'F%'", "ab"),
        ("status IN ('RUNNING', 'KILLED')", "c"),
        ("status = 'nonsense'", ""),
        ("end_time IS NULL", "bc"),
        ("NOT end_time > 0", "bc"),
        ("duration >= 1m30s", "a"),
        ("start_time > now() - 7d", "a"),
        ("start_time <= -1.5", ""),
        ("start_time > '2001-09-01'", "a"),
        ("start_time > 99999999999999999999", ""),
        ("user_id != 'ann'", "ac"),
        ("dataset.name = 'mnist'", "a"),
        ("dataset.name != 'mnist'", "a"),
        ("NOT dataset.name = 'mnist'", "bc"),
        ("datasets.context IS NULL", "bc"),
        ("metrics.loss < 1 AND (params.lr = '0.2' OR tags.team = 'vision')", "a"),
    ],
)
def test_a_filter_finds_what_the_specification_says(connection: sa.Connection, text: str, found: str) -> None:
    key_ids = insert_runs(connection, RUNS_OF_A_STUDY)

    assert "".join(search(connection, key_ids, text, "run_id")) == found


@pytest.mark.parametrize(
    ("clauses", "found"),
    [
        ([], "abc"),
        (["metrics.loss"], "abc"),
        (["metrics.loss DESC"], "abc"),
        (["min(metrics.loss) DESC"], "bac"),
        (["params.lr DESC"], "bac"),
        (["tags.team DESC"], "cab"),
        (["status"], "bac"),
        (["end_time", "run_id DESC"], "acb"),
        (["run_name"], "abc"),
        (["metrics.never DESC", "run_id DESC"], "cba"),
    ],
)
def test_an_ordering_puts_what_is_missing_last(
    connection: sa.Connection, clauses: list[str], found: str
) -> None:
    key_ids = insert_runs(connection, RUNS_OF_A_STUDY)

    assert "".join(search(connection, key_ids, "", *clauses)) == found


def test_the_deepest_and_the_longest_filter_run(connection: sa.Connection) -> None:
    key_ids = insert_runs(connection, RUNS_OF_A_STUDY)
    deepest = "params.lr != '0.1'"
    for level in range(MAX_DEPTH):
        deepest = f"({deepest}) {'AND' if level % 2 else 'OR'} params.lr = '0.1'"
    widest = " OR ".join(["metrics.loss > 1"] * (MAX_COMPARISONS - 1) + ["params.lr = '0.1'"])
    longest = f"run_id IN ({', '.join(['`a`'] * MAX_LISTED_VALUES)})".replace("`", "'")

    assert [search(connection, key_ids, text) for text in (deepest, widest, longest)] == [["a"]] * 3


def test_a_duration_may_be_longer_than_64_bits(connection: sa.Connection) -> None:
    key_ids = insert_runs(connection, [Run(run_id="a", start_time=-(2**63), end_time=2**63 - 1)])

    assert search(connection, key_ids, "duration > 52w", "duration") == ["a"]


def test_the_mean_of_the_smallest_numbers_is_nothing(connection: sa.Connection) -> None:
    key_ids = insert_runs(connection, [Run(run_id="a", metrics={"x": (5e-324, 0.0)})])

    assert search(connection, key_ids, "mean(metrics.x) = 0", "mean(metrics.x)") == ["a"]


@pytest.mark.parametrize(
    "pattern", ["(a?){250}", "((a?){10}){10}", "a" * 500, f"({'a' * 30}){{10}}", "(.?){150}", "(.{0,50}){5}x"]
)
def test_the_largest_regular_expressions_run(connection: sa.Connection, pattern: str) -> None:
    key_ids = insert_runs(connection, [Run(run_id="a", params={"x": "ab" * 3_000})])

    search(connection, key_ids, f"params.x RLIKE '{pattern}'")


def test_no_regular_expression_takes_long(connection: sa.Connection) -> None:
    key_ids = insert_runs(connection, [Run(run_id="a", params={"x": "a" * 6_000 + "!"})])

    assert search(connection, key_ids, "params.x RLIKE '^(a+)+$' OR params.x RLIKE '^(a|aa)+$'") == []
