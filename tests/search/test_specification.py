"""The examples of docs/search.md are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from fluvial.errors import InvalidFilter
from fluvial.search import RUNS, parse_filter
from fluvial.search.binding import MAX_COMPARISONS, MAX_DEPTH, MAX_LISTED_VALUES
from fluvial.search.like import MAX_PATTERN_CHARS as MAX_LIKE_CHARS
from fluvial.search.parser import MAX_FILTER_CHARS
from fluvial.search.regex import MAX_PATTERN_CHARS as MAX_REGEX_CHARS
from tests.search.storing import insert_runs
from tests.search.test_sql import search
from tests.search.things import Run

TEXT = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")


def table(header: str) -> list[list[str]]:
    """The rows of the table under that header line, as cells without their backticks."""
    rows = TEXT.split(header, 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in rows]


FIRST_EXAMPLES = TEXT.split("```", 2)[1].strip().splitlines()
COMPARISONS = [row[-1] for row in table("| | takes | example |")]
TRUTHS = table("| | `x` is `'a'` | `x` is `'b'` | no `x` |")


@pytest.mark.parametrize("text", FIRST_EXAMPLES + COMPARISONS)
def test_an_example_is_a_filter(text: str) -> None:
    parse_filter(text, RUNS)


@pytest.mark.parametrize("text", re.findall(r"`([^`]+)`(?=[^`.]* is refused)", TEXT))
def test_what_is_said_to_be_refused_is(text: str) -> None:
    with pytest.raises(InvalidFilter):
        parse_filter(text, RUNS)


@pytest.mark.parametrize("row", TRUTHS, ids=lambda row: row[0])
def test_what_is_not_there_counts_as_the_table_says(connection: sa.Connection, row: list[str]) -> None:
    text, *finds = row
    runs = [
        Run(run_id="a", params={"x": "a"}),
        Run(run_id="b", params={"x": "b"}),
        Run(run_id="c", params={"y": "a"}),
    ]
    key_ids = insert_runs(connection, runs)

    found = search(connection, key_ids, text)

    assert found == [run.run_id for run, is_found in zip(runs, finds, strict=True) if is_found]


@pytest.mark.parametrize(
    "limit",
    [MAX_FILTER_CHARS, MAX_COMPARISONS, MAX_LISTED_VALUES, MAX_DEPTH, MAX_LIKE_CHARS, MAX_REGEX_CHARS],
)
def test_the_limits_are_those_that_are_said(limit: int) -> None:
    assert f" {limit:,} " in TEXT
