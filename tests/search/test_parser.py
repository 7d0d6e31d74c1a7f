from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fluvial.errors import InvalidFilter, from_wire
from fluvial.search import EXPERIMENTS, RUNS, parse_filter, parse_order_by
from fluvial.search.binding import MAX_COMPARISONS, MAX_DEPTH, MAX_LISTED_VALUES
from fluvial.search.noun import Noun
from fluvial.search.parser import MAX_FILTER_CHARS
from fluvial.search.tree import EVERYTHING

PIECES = [
    *"metrics.x tags.`a b` status start_time datasets.name max( ( ) , = != < >= =~ !~ AND or".split(),
    *"NOT LIKE ilike RLIKE IN BETWEEN IS NULL NAN now() - + 7d 1 -2.5e3 inf 'a' 'a(' '' ' ` . ; é".split(),
    *('"run name"', '"b"', '"', "\\", "\0", "\ud800", "\n"),
]


@settings(deadline=None, max_examples=300)
@given(
    text=st.lists(st.sampled_from(PIECES)).map(" ".join) | st.lists(st.sampled_from(PIECES)).map("".join),
    noun=st.sampled_from([RUNS, EXPERIMENTS]),
)
@example(text="AND.", noun=RUNS)
@example(text="max (", noun=RUNS)
@example(text="start_time > now", noun=RUNS)
def test_any_text_is_a_filter_or_is_refused_at_a_place_within_it(text: str, noun: Noun) -> None:
    refusal = refusal_of(text, noun)

    if refusal is not None:
        assert 0 <= refusal.position <= len(text)
        assert 0 <= refusal.length <= len(text) - refusal.position


def refusal_of(text: str, noun: Noun) -> InvalidFilter | None:
    try:
        parse_filter(text, noun)
    except InvalidFilter as error:
        return error
    return None


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_a_blank_filter_finds_everything(text: str) -> None:
    assert parse_filter(text, RUNS) == EVERYTHING


@pytest.mark.parametrize(
    "text",
    [
        " OR ".join(["status = 'a'"] * (MAX_COMPARISONS + 1)),
        "(status = 'a' AND " * (MAX_DEPTH + 1) + "status = 'a'" + ")" * (MAX_DEPTH + 1),
        "NOT " * (MAX_DEPTH + 1) + "status = 'a'",
        f"start_time IN ({','.join('1' * (MAX_LISTED_VALUES + 1))})",
        "status = 'a'" + " " * MAX_FILTER_CHARS,
        f"run_name LIKE '{'a' * 5_001}'",
        f"run_name RLIKE '{'a' * 501}'",
        "run_name RLIKE '" + "a{250}" * 5 + "'",
        "run_name = 'a\0'",
        "run_name = '\ud800'",
        "start_time > '0000-01-01'",
        "start_time > '2026-02-30'",
        "start_time > now() - " + "9" * 400 + "w",
    ],
    ids=lambda text: text[:20].encode("unicode_escape").decode(),
)
def test_what_no_database_would_take_is_refused(text: str) -> None:
    with pytest.raises(InvalidFilter):
        parse_filter(text, RUNS)


def test_the_message_shows_only_the_part_of_a_long_filter_that_is_at_fault() -> None:
    text = "status = 'a' AND " * 20 + "statsu = 'a'" + " AND status = 'a'" * 20

    with pytest.raises(InvalidFilter) as refusal:
        parse_filter(text, RUNS)

    _, shown, carets = refusal.value.message.splitlines()
    assert len(shown) < 110
    assert shown[carets.index("^") :].startswith("statsu")


def test_a_refusal_that_crossed_the_wire_still_knows_the_place() -> None:
    with pytest.raises(InvalidFilter) as refusal:
        parse_filter("statsu = 'a'", RUNS)
    error = refusal.value

    received = from_wire(error.status, error.code, error.message, error.details)

    assert isinstance(received, InvalidFilter)
    assert (received.position, received.length) == (0, 6)


def test_an_ordering_keeps_the_order_of_its_clauses() -> None:
    order = parse_order_by(["status", "metrics.x DESC"], RUNS)

    assert [(key.field.name, key.is_ascending) for key in order] == [("status", True), ("x", False)]


def test_parsing_loads_no_database_library() -> None:
    program = (
        "import sys; from fluvial.search import RUNS, parse_filter; parse_filter('metrics.x > 1', RUNS); "
        "print([name for name in ('sqlalchemy', 'numpy', 'sqlite3') if name in sys.modules])"
    )

    printed = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert printed.stdout.strip() == "[]"
