from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Invoke, Invoked
from tests.server_process import ServerProcess

LOG = "import fluvial; fluvial.set_tracking_uri('http://127.0.0.1:1'); fluvial.start_run(); fluvial.end_run()"


def findings(shown: Invoked, about: str) -> list[tuple[str, str]]:
    """State and text of what was found about something."""
    return [(found["state"], found["text"]) for found in shown.json if found["about"] == about]


def test_a_store_that_works_is_well(cli: Invoke) -> None:
    shown = cli("doctor")

    assert shown.status == 0
    assert "All is well." in shown.out


def test_a_server_that_works_is_well(cli: Invoke, server: ServerProcess) -> None:
    shown = cli("doctor", "--json", "--tracking-uri", server.url)

    assert shown.status == 0
    for about in ("server", "version", "clock", "store"):
        assert [state for state, _ in findings(shown, about)] == ["ok"]


def test_a_server_that_is_away_is_a_fault_with_a_remedy(cli: Invoke) -> None:
    shown = cli("doctor", FLUVIAL_TRACKING_URI="http://127.0.0.1:1")

    assert shown.status == 1
    assert "-> Start it there (fluvial server)" in shown.out


def test_journals_that_wait_are_a_warning(cli: Invoke, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", LOG],
        check=True,
        env={"FLUVIAL_HOME": str(tmp_path), "FLUVIAL_OFFLINE": "1", "PYTHONPATH": ":".join(sys.path)},
    )

    shown = cli("doctor", "--json", FLUVIAL_HOME=str(tmp_path))

    ((state, text),) = findings(shown, "journals")
    assert (shown.status, state) == (0, "warning")
    assert "1 wait with" in text


@pytest.mark.parametrize(
    ("variables", "state", "part"),
    [
        ({"FLUVIAL_TRACKING_URL": "http://x"}, "fault", "Did you mean FLUVIAL_TRACKING_URI?"),
        ({"FLUVIAL_OFFLINE": "true"}, "warning", "FLUVIAL_OFFLINE is set"),
        (
            {"FLUVIAL_TRACKING_URI": "./a", "MLFLOW_TRACKING_URI": "./b"},
            "warning",
            "MLflow's client logs to ./b",
        ),
    ],
)
def test_settings_that_surprise_are_found(
    cli: Invoke, variables: dict[str, str], state: str, part: str
) -> None:
    found = findings(cli("doctor", "--json", **variables), "settings")

    assert any(each == state and part in text for each, text in found)
