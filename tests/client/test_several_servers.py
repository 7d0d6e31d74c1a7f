from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from fluvial.client.http import HttpTransport
from fluvial.client.targets import find_target
from fluvial.errors import InvalidSetting, NotFound, Unreachable
from fluvial.settings import ClientSettings
from fluvial.wire.experiments import (
    CREATE_EXPERIMENT,
    GET_EXPERIMENT_BY_NAME,
    SEARCH_EXPERIMENTS,
    CreateExperiment,
    ExperimentName,
    SearchExperiments,
)
from tests.client.conftest import Script
from tests.server_process import ServerProcess, free_port

# Whichever a client begins with, at least one of so many begins with each.
N_CLIENTS = 12


@contextmanager
def breaking_server() -> Iterator[str]:
    """The URL of a server that takes requests and answers none."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connection.recv(1)
                connection.close()

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_server_that_is_away_is_passed_over(server: ServerProcess) -> None:
    uri = f"http://127.0.0.1:{free_port()},{server.url},http://127.0.0.1:{free_port()}"

    for _ in range(N_CLIENTS):
        with closing(HttpTransport(uri, ClientSettings())) as transport:
            made = transport.call(CREATE_EXPERIMENT, CreateExperiment(name=uuid4().hex))
            assert made.experiment_id
            assert transport.url == server.url


def test_what_may_arrive_twice_is_sent_again_where_a_server_breaks_off(server: ServerProcess) -> None:
    with breaking_server() as broken:
        for _ in range(N_CLIENTS):
            with closing(HttpTransport(f"{broken},{server.url}", ClientSettings())) as transport:
                assert transport.call(SEARCH_EXPERIMENTS, SearchExperiments(max_results=1)).experiments


def test_what_may_not_arrive_twice_is_not(server: ServerProcess) -> None:
    n_broken = 0
    with breaking_server() as broken:
        for _ in range(N_CLIENTS):
            with closing(HttpTransport(f"{broken},{server.url}", ClientSettings())) as transport:
                name = uuid4().hex
                try:
                    transport.call(CREATE_EXPERIMENT, CreateExperiment(name=name))
                except Unreachable:
                    n_broken += 1
                    with pytest.raises(NotFound):
                        transport.call(GET_EXPERIMENT_BY_NAME, ExperimentName(experiment_name=name))

    assert 0 < n_broken < N_CLIENTS


def test_a_program_logs_to_whichever_of_its_servers_is_there(
    server: ServerProcess, run_script: Script
) -> None:
    printed = run_script(
        """
import fluvial
with fluvial.start_run() as run:
    fluvial.log_metric("m", 1.0)
    fluvial.log_text("kept", "a.txt")
print(fluvial.get_run(run.info.run_id).data.metrics["m"], fluvial.artifacts.load_text(
    f"runs:/{run.info.run_id}/a.txt"))
""",
        FLUVIAL_TRACKING_URI=f"http://127.0.0.1:{free_port()}, {server.url}/",
    )

    assert "1.0 kept" in printed.stdout


def test_each_of_several_servers_is_a_url() -> None:
    with pytest.raises(InvalidSetting, match=r"'other:5000' is none"):
        find_target("http://one:5000,other:5000", Path())
