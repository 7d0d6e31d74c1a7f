"""The examples in docstrings run, and give what they say."""

from __future__ import annotations

import doctest
import importlib
from typing import Any

import pytest

import fluvial

MODULES = [
    importlib.import_module(f"fluvial.{name}")
    for name in (
        "data",
        "client.client",
        "client.datasets",
        "client.fluent",
        "client.fluent_files",
        "client.image",
        "client.queries",
        "client.stored_files",
    )
]
EXAMPLES = [
    pytest.param(found, id=found.name)
    for module in MODULES
    for found in doctest.DocTestFinder(exclude_empty=True).find(module, extraglobs={"fluvial": fluvial})
    if found.examples
]


def test_the_examples_are_found() -> None:
    assert len(EXAMPLES) > 15


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_in_a_docstring_gives_what_it_says(example: Any, fresh: None) -> None:
    report: list[str] = []

    failed, tried = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=report.append)

    assert tried
    assert not failed, "".join(report)
