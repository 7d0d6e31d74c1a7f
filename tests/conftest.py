"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.postgres import Cluster, shared_cluster, shared_folder

RUN_FOLDER = "TEST_RUN_FOLDER"
AT_END = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Own what the processes of this run share, if this is the one that was started by hand."""
    config.stash[AT_END] = ExitStack()
    if not hasattr(config, "workerinput"):
        os.environ[RUN_FOLDER] = str(config.stash[AT_END].enter_context(shared_folder()))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of it."""
    config.stash[AT_END].close()


@pytest.fixture(scope="session")
def postgres_cluster() -> Cluster:
    """A throwaway PostgreSQL cluster, one for all processes of this run of the tests."""
    return shared_cluster(Path(os.environ[RUN_FOLDER]))


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """The URL of an empty PostgreSQL database that only this test has: `postgresql://…`."""
    with postgres_cluster.database() as name:
        yield postgres_cluster.url(name)
