"""What every test may ask for."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.postgres import Cluster, shared_cluster, shared_folder
from tests.server_process import ServerProcess, running_server

pytest_plugins = ("tests.s3",)
pytest.register_assert_rewrite("fluvial.testing.artifacts")

RUN_FOLDER = "TEST_RUN_FOLDER"
AT_END = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Own what the processes of this run share, if this is the one that was started by hand."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # Started in the background by a shell, whose programs take no Ctrl-C: ours are tested for that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[AT_END] = ExitStack()
    if not hasattr(config, "workerinput"):
        os.environ[RUN_FOLDER] = str(config.stash[AT_END].enter_context(shared_folder()))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of it."""
    config.stash[AT_END].close()


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """A folder for what all processes of this run of the tests share."""
    return Path(os.environ[RUN_FOLDER])


@pytest.fixture(scope="session")
def postgres_cluster(run_folder: Path) -> Cluster:
    """A throwaway PostgreSQL cluster, one for all processes of this run of the tests."""
    return shared_cluster(run_folder)


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """The URL of an empty PostgreSQL database that only this test has: `postgresql://…`."""
    with postgres_cluster.database() as name:
        yield postgres_cluster.url(name)


@pytest.fixture(scope="session")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A real server with defaults."""
    with running_server(tmp_path_factory.mktemp("sqlite-server")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_server(
    postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    """A real server on PostgreSQL."""
    folder = tmp_path_factory.mktemp("postgres-server")
    with (
        postgres_cluster.database() as name,
        running_server(folder, backend_store_uri=postgres_cluster.url(name)) as running,
    ):
        yield running


@pytest.fixture(autouse=True)
def settings_stay() -> Iterator[None]:
    """Take back what a test leaves in the environment: MLflow keeps its server and its experiment there."""
    before = _settings()
    yield
    for name in _settings().keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)


def _settings() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if name.startswith(("FLUVIAL_", "MLFLOW_"))}


@pytest.fixture
def backend() -> str:
    """Which database `server` keeps. A module that is to hold on both says so by `on_both_databases`."""
    return "sqlite"


@pytest.fixture
def server(backend: str, request: pytest.FixtureRequest) -> Iterator[ServerProcess]:
    """A real server, shared by many tests: what a test looks at, it makes itself.

    A test that needs an empty server, or one with other settings, runs its own by `running_server`.
    """
    shared: ServerProcess = request.getfixturevalue(f"{backend}_server")
    before = shared.faults()
    yield shared
    assert shared.faults() == before, shared.log.read_text()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the server printed beside a test that failed."""
    report = yield
    running = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(running, ServerProcess):
        report.sections.append(("The server's log", running.log.read_text()))
    return report
