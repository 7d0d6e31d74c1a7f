from __future__ import annotations

import pytest

from fluvial.testing.flavors import FlavorSuite


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker run all tests of a flavor: what they share, a model in a fresh process, is dear."""
    for item in items:
        cls = getattr(item, "cls", None)
        if cls is not None and issubclass(cls, FlavorSuite):
            item.add_marker(pytest.mark.xdist_group(cls.__name__))
