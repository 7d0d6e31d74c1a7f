"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.postgres import Cluster, shared_cluster, shared_folder
from tests.server_process import ServerProcess, running_server

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


@pytest.fixture(scope="module")
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of the empty database that this module's server keeps: SQLite, unless the module says.

    A module that is to hold on both databases says
    `pytestmark = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)`.
    """
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('backend')}/fluvial.db"
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    with cluster.database() as name:
        yield cluster.url(name)


@pytest.fixture(scope="module")
def server(backend: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A real server that the tests of this module share."""
    with running_server(tmp_path_factory.mktemp("server"), backend_store_uri=backend) as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the server printed beside a test that failed."""
    report = yield
    running = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(running, ServerProcess):
        report.sections.append(("The server's log", running.log.read_text()))
    return report
