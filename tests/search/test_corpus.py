"""Filters that are taken and filters that are refused, kept as files that anybody can add a line to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mlflow.utils.search_utils import SearchExperimentsUtils, SearchUtils

from fluvial.errors import InvalidFilter
from fluvial.search import EXPERIMENTS, RUNS, parse_filter, parse_order_by
from fluvial.search.noun import Noun

CORPUS = Path(__file__).parent / "corpus"


def lines(name: str) -> list[str]:
    text = (CORPUS / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pairs(name: str) -> Iterator[tuple[str, str]]:
    found = lines(name)
    return zip(found[::2], found[1::2], strict=True)


@pytest.mark.parametrize("text", lines("runs-mlflow.txt"))
def test_a_filter_of_runs_that_mlflow_takes_is_taken(text: str) -> None:
    SearchUtils.parse_search_filter(text)

    parse_filter(text, RUNS)


@pytest.mark.parametrize("text", lines("experiments-mlflow.txt"))
def test_a_filter_of_experiments_that_mlflow_takes_is_taken(text: str) -> None:
    SearchExperimentsUtils.parse_search_filter(text)

    parse_filter(text, EXPERIMENTS)


@pytest.mark.parametrize("text", lines("runs-orders-mlflow.txt"))
def test_an_ordering_of_runs_that_mlflow_takes_is_taken(text: str) -> None:
    _, _, is_ascending = SearchUtils.parse_order_by_for_search_runs(text)

    (key,) = parse_order_by([text], RUNS)

    assert key.is_ascending is is_ascending


@pytest.mark.parametrize("text", lines("experiments-orders-mlflow.txt"))
def test_an_ordering_of_experiments_that_mlflow_takes_is_taken(text: str) -> None:
    _, _, is_ascending = SearchExperimentsUtils.parse_order_by_for_search_experiments(text)

    (key,) = parse_order_by([text], EXPERIMENTS)

    assert key.is_ascending is is_ascending


@pytest.mark.parametrize("line", lines("runs-same.txt"))
def test_two_ways_to_write_a_filter_are_read_as_one(line: str) -> None:
    left, right = re.split(r"\s+===\s+", line)

    assert parse_filter(left, RUNS) == parse_filter(right, RUNS)


def read_filter(text: str, noun: Noun) -> object:
    return parse_filter(text, noun)


def read_order(text: str, noun: Noun) -> object:
    return parse_order_by([text], noun)


@pytest.mark.parametrize(
    ("read", "text", "fault"),
    [(read_filter, *pair) for pair in pairs("runs-refused.txt")]
    + [(read_order, *pair) for pair in pairs("runs-orders-refused.txt")],
)
def test_what_is_refused_is_underlined_and_explained(
    read: Callable[[str, Noun], object], text: str, fault: str
) -> None:
    underline, words = fault.rstrip().rsplit("^", 1)

    with pytest.raises(InvalidFilter) as refusal:
        read(text, RUNS)

    message, shown, carets = refusal.value.message.rsplit("\n", 2)
    assert (shown, carets) == (f"  {text}", f"  {underline}^")
    assert words.strip() in message
    assert refusal.value.position == underline.find("^") % (len(underline) + 1)
    assert refusal.value.length in {len(carets.strip()), 0}
