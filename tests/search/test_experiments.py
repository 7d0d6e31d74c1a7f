from __future__ import annotations

from typing import Literal

import pytest
import sqlalchemy as sa

from fluvial.search import EXPERIMENTS, parse_filter, parse_order_by
from fluvial.search.sql import Scope, interned_keys
from fluvial.search.sql_order import narrow
from fluvial.search.tree import fields
from fluvial.store.experiment_search import TABLES
from fluvial.store.tables import experiment, experiment_tag

NOW_MS = 1_700_000_000_000
DAY_MS = 86_400_000


@pytest.fixture
def experiments(connection: sa.Connection) -> sa.Connection:
    """Experiments 2, 9 and 10, made one day after the other; 9 has no tag."""
    connection.execute(
        experiment.insert(),
        [
            {
                "experiment_id": experiment_id,
                "name": name,
                "artifact_location": f"mlflow-artifacts:/{experiment_id}",
                "is_deleted": 0,
                "created_ms": NOW_MS - days * DAY_MS,
                "updated_ms": NOW_MS,
            }
            for experiment_id, name, days in ((2, "Churn", 3), (9, "churn v2", 2), (10, "Été", 1))
        ],
    )
    connection.execute(
        experiment_tag.insert(),
        [
            {"experiment_id": 2, "key": "team", "value": "growth"},
            {"experiment_id": 10, "key": "team", "value": "a"},
            {"experiment_id": 10, "key": "my key", "value": "x"},
        ],
    )
    return connection


def search(connection: sa.Connection, text: str, *order_by: str) -> list[int]:
    dialect: Literal["sqlite", "postgresql"] = (
        "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
    )
    scope = Scope(tables=TABLES, dialect=dialect, now_ms=NOW_MS)
    node, order = parse_filter(text, EXPERIMENTS), parse_order_by(order_by, EXPERIMENTS)
    assert interned_keys(fields(node), TABLES) == set()
    return list(
        connection.scalars(narrow(sa.select(experiment.c.experiment_id), node, order, scope).statement)
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [10, 9, 2]),
        ("name = 'Churn'", [2]),
        ("name LIKE 'churn%'", [9]),
        ("name ILIKE 'churn%'", [9, 2]),
        ("attribute.name ILIKE 'éT_'", [10]),
        ("experiment_id = '9'", [9]),
        ("experiment_id IN ('2', '10', 'x')", [10, 2]),
        ("experiment_id LIKE '1%'", [10]),
        ("creation_time > now() - 49h", [10, 9]),
        ("tags.team != 'growth'", [10]),
        ("NOT tags.team = 'growth'", [10, 9]),
        ("tags.team IS NULL OR tags.`my key` = 'x'", [10, 9]),
        ("tags.never = 'x'", []),
    ],
)
def test_a_filter_finds_what_the_specification_says(
    experiments: sa.Connection, text: str, found: list[int]
) -> None:
    assert search(experiments, text) == found


@pytest.mark.parametrize(
    ("clauses", "found"),
    [
        (["experiment_id"], [2, 9, 10]),
        (["name DESC"], [10, 9, 2]),
        (["tags.team"], [10, 2, 9]),
        (["tags.team DESC"], [2, 10, 9]),
        (["last_update_time", "creation_time"], [2, 9, 10]),
    ],
)
def test_ids_sort_as_numbers_and_what_is_missing_comes_last(
    experiments: sa.Connection, clauses: list[str], found: list[int]
) -> None:
    assert search(experiments, "", *clauses) == found
