"""Databases and platforms for tests: each test that asks for one runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fluvial.artifacts import StoreOptions
from fluvial.artifacts.locations import Locations
from fluvial.services.platform import Platform
from fluvial.store.database import Database
from fluvial.store.schema import open_database

START_MS = 1_800_000_000_000


class Clock:
    """A clock that stands still until a test moves it: ms since the epoch."""

    def __init__(self) -> None:
        self.now_ms = START_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture(params=["sqlite", "postgresql"])
def database_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URI of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/fluvial.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def database(database_uri: str) -> Iterator[Database]:
    """An empty database with the current schema."""
    opened = open_database(database_uri)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    """The clock of the platform."""
    return Clock()


@pytest.fixture
def platform(database: Database, clock: Clock, tmp_path: Path) -> Platform:
    """A platform with nothing in it but the experiment `Default`."""
    locations = Locations(destination=str(tmp_path / "artifacts"), options=StoreOptions())
    return Platform(database, locations, clock)
