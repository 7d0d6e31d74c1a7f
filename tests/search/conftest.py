from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from fluvial.search.sqlite import sqlite_functions
from fluvial.store import schema
from tests.postgres import Cluster


def sqlite_engine() -> sa.Engine:
    engine = sa.create_engine("sqlite://")

    @sa.event.listens_for(engine, "connect")
    def register_functions(connection: object, _record: object) -> None:
        for function in sqlite_functions():
            connection.create_function(  # type: ignore[attr-defined]
                function.name, function.n_arguments, function.call, deterministic=True
            )

    return engine


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    """A database of each kind with the tables of a search in it, empty."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            engine = sqlite_engine()
        else:
            cluster: Cluster = request.getfixturevalue("postgres_cluster")
            url = cluster.url(stack.enter_context(cluster.database()))
            engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as connection:
            schema._migrate(connection)
        yield engine
        engine.dispose()


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that is taken back at the end of the test."""
    with engine.connect() as connection:
        yield connection
