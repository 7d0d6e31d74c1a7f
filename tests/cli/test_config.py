from __future__ import annotations

from typing import Any

from fluvial.settings import ClientSettings, ServerSettings
from tests.cli.conftest import Invoke, Invoked


def by_name(shown: Invoked) -> dict[str, Any]:
    """Settings as they were printed, by name."""
    return {setting["name"]: setting for setting in shown.json}


def test_every_setting_is_shown_with_its_meaning(cli: Invoke) -> None:
    shown = by_name(cli("config", "--json"))

    assert set(shown) == {*ClientSettings.__struct_fields__, *ServerSettings.__struct_fields__}
    assert all(setting["meaning"] for setting in shown.values())


def test_a_setting_says_which_variable_gave_it(cli: Invoke) -> None:
    variables = {"FLUVIAL_PORT": "81", "MLFLOW_EXPERIMENT_NAME": "churn", "MLFLOW_PORT": "82"}

    shown = by_name(cli("config", "--changed", "--json", **variables))

    assert (shown["port"]["value"], shown["port"]["source"]) == ("81", "FLUVIAL_PORT")
    assert shown["experiment_name"]["source"] == "MLFLOW_EXPERIMENT_NAME"
    assert "http_timeout_s" not in shown
    assert by_name(cli("config", "http_timeout_s", "--json"))["http_timeout_s"]["source"] == "default"


def test_secrets_are_masked(cli: Invoke) -> None:
    shown = cli(
        "config",
        FLUVIAL_TRACKING_TOKEN="t0ken",
        FLUVIAL_TRACKING_PASSWORD="passw0rd",
        FLUVIAL_TRACKING_URI="https://ada:l0velace@tracking.example",
        FLUVIAL_BACKEND_STORE_URI="postgresql://ada:l0velace@db/fluvial",
    ).out

    for secret in ("t0ken", "passw0rd", "l0velace"):
        assert secret not in shown
    assert "postgresql://ada:********@db/fluvial" in shown


def test_a_name_that_is_no_setting_is_a_usage_error(cli: Invoke) -> None:
    shown = cli("config", "FLUVIAL_TRACKING_URL")

    assert shown.status == 2
    assert "Did you mean tracking_uri?" in shown.err
