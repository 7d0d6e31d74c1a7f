from __future__ import annotations

from pathlib import Path

import pytest

import fluvial
from tests.cli.conftest import Invoke


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store with three versions of one registered model."""
    uri = f"sqlite:///{tmp_path}/fluvial.db"
    monkeypatch.setenv("FLUVIAL_HOME", str(tmp_path))
    client = fluvial.FluvialClient(uri)
    client.create_registered_model("churn", tags={"team": "risk"}, description="who leaves")
    for number in range(3):
        client.create_model_version("churn", f"s3://bucket/{number}")
    return uri


def test_a_version_is_promoted_shown_looked_back_at_and_rolled_back(cli: Invoke, store: str) -> None:
    at = ("--tracking-uri", store)
    for version in ("1", "3"):
        assert cli("registry", "promote", "churn", version, "champion", "--reason", "better", *at).status == 0

    assert cli("registry", "list", *at).rows[0]["aliases"] == "champion 3"
    shown = cli("registry", "show", "churn", *at).out
    assert "who leaves" in shown
    assert "team = risk" in shown
    events = cli("registry", "history", "churn", "--field", "alias", "--json", *at).json
    assert (events[0]["before"], events[0]["after"], events[0]["reason"]) == ("1", "3", "better")
    assert cli("registry", "rollback", "churn", "alias:champion", *at).status == 0
    assert cli("registry", "served-on", "churn", "champion", "2999-01-01", *at).out.strip() == "1"
    assert cli("registry", "served-on", "churn", "champion", "2001-01-01", *at).out.strip() == "None."


def test_a_place_that_is_none_is_a_usage_error(cli: Invoke, store: str) -> None:
    failed = cli("registry", "promote", "churn", "1", "shelf:top", "--tracking-uri", store)

    assert failed.status == 2
    assert "alias:NAME" in failed.err


def test_gates_of_a_python_file_run_here_and_are_recorded_for_the_policy(
    cli: Invoke, store: str, tmp_path: Path
) -> None:
    policy = tmp_path / "gates.py"
    policy.write_text(
        "def gate_bucket(version):\n    return version.source.startswith('s3:'), version.source\n"
        "def gate_newest(version):\n    return version.version == '3'\n"
    )
    at = ("--tracking-uri", store)
    fluvial.FluvialClient(store).set_policy("churn", "gates: {it: {recorded: newest}}")
    assert cli("registry", "check", "churn", "3", *at).rows[0]["verdict"] == "unknown"

    good = cli("registry", "check", "churn", "3", "--policy", str(policy), *at)
    bad = cli("registry", "check", "churn", "1", "--policy", str(policy), *at)

    assert (good.status, [row["verdict"] for row in good.rows]) == (0, ["pass", "pass"])
    assert good.rows[0]["why"] == "s3://bucket/2"
    assert (bad.status, [row["verdict"] for row in bad.rows]) == (1, ["pass", "fail"])
    assert cli("registry", "check", "churn", "3", *at).status == 0
    assert cli("registry", "check", "churn", "1", *at).status == 1
