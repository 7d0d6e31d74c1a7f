"""MLflow's own registry client, unmodified: logged models, registered models, versions, aliases, stages."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import mlflow
import pytest
from mlflow.entities import LoggedModelParameter
from mlflow.exceptions import MlflowException

from tests.server_process import ServerProcess, on_both_databases

pytestmark = on_both_databases


@pytest.fixture
def name() -> str:
    return f"model-{uuid.uuid4().hex}"


@pytest.fixture
def model(client: Any, experiment_id: str, run_id: str) -> Any:
    """A logged model of a run, with a file."""
    return client.create_logged_model(
        experiment_id, name="net", source_run_id=run_id, params={"depth": "3"}, tags={"team": "a"}
    )


def test_a_logged_model_lives_from_creation_to_deletion(
    client: Any, fluent: Any, model: Any, run_id: str, experiment_id: str, tmp_path: Path
) -> None:
    model_id = model.model_id
    (tmp_path / "MLmodel").write_text("flavors: {}")
    client.log_model_artifacts(model_id, str(tmp_path))
    client.log_outputs(run_id, [mlflow.entities.LoggedModelOutput(model_id, step=2)])
    client.log_model_params(model_id, {"width": "8"})
    client.set_logged_model_tags(model_id, {"team": "b", "a/b": "c"})
    client.delete_logged_model_tag(model_id, "a/b")
    client.log_metric(run_id, "acc", 0.5, step=1, model_id=model_id, dataset_name="d", dataset_digest="1")
    client.finalize_logged_model(model_id, "READY")

    found = client.get_logged_model(model_id)

    assert (found.status, found.name, found.source_run_id) == ("READY", "net", run_id)
    assert found.params == {"depth": "3", "width": "8"}
    assert found.tags["team"] == "b"
    assert "a/b" not in found.tags
    assert [(m.key, m.value, m.dataset_name, m.run_id) for m in found.metrics] == [("acc", 0.5, "d", run_id)]
    assert [file.path for file in client.list_logged_model_artifacts(model_id)] == ["MLmodel"]
    assert client.get_run(run_id).outputs.model_outputs[0].model_id == model_id
    searched = client.search_logged_models(
        [experiment_id],
        "metrics.acc >= 0.5 AND params.depth = '3'",
        datasets=[{"dataset_name": "d"}],
        order_by=[{"field_name": "metrics.acc", "ascending": False}],
    )
    assert [one.model_id for one in searched] == [model_id]
    client.delete_logged_model(model_id)
    with pytest.raises(MlflowException):
        client.get_logged_model(model_id)


def test_a_model_that_is_registered_by_its_id_is_served_by_alias_stage_and_version(
    client: Any, fluent: Any, model: Any, run_id: str, name: str
) -> None:
    client.finalize_logged_model(model.model_id, "READY")

    first = fluent.register_model(f"models:/{model.model_id}", name, tags={"k": "v"})
    second = client.create_model_version(name, f"runs:/{run_id}/model", run_id, description="second")

    assert (first.version, first.run_id, second.version) == ("1", run_id, "2")
    assert client.get_model_version_download_uri(name, "1") == model.artifact_location
    client.set_registered_model_alias(name, "champion", "1")
    assert client.get_model_version_by_alias(name, "champion").version == "1"
    assert client.get_model_version(name, "1").aliases == ["champion"]
    client.transition_model_version_stage(name, "1", "Production")
    client.transition_model_version_stage(name, "2", "production", archive_existing_versions=True)
    stages = {one.current_stage: one.version for one in client.get_latest_versions(name)}
    assert stages == {"Production": "2", "Archived": "1"}
    copied = client.copy_model_version(f"models:/{name}@champion", f"{name}-copy")
    assert (copied.version, copied.source) == ("1", f"models:/{name}/1")
    assert f'"{name}"' in client.get_logged_model(model.model_id).tags["mlflow.modelVersions"]


def test_a_registered_model_is_described_tagged_searched_renamed_and_deleted(client: Any, name: str) -> None:
    client.create_registered_model(name, tags={"team": "vision"}, description="one")
    client.create_model_version(name, "s3://bucket/model", tags={"gate": "open"})
    client.update_registered_model(name, "two")
    client.update_model_version(name, "1", "first")
    client.set_registered_model_tag(name, "team", "speech")
    client.set_model_version_tag(name, "1", "gate", "shut")

    (found,) = client.search_registered_models(f"name LIKE '{name}%' AND tags.team = 'speech'")
    assert (found.description, found.tags) == ("two", {"team": "speech"})
    (version,) = client.search_model_versions(f"name = '{name}' AND tags.gate = 'shut'")
    assert (version.version, version.description) == ("1", "first")
    client.delete_model_version_tag(name, "1", "gate")
    client.delete_registered_model_tag(name, "team")
    client.rename_registered_model(name, f"{name}-2")
    assert client.get_model_version(f"{name}-2", "1").tags == {}
    client.delete_model_version(f"{name}-2", "1")
    assert client.search_model_versions(f"name = '{name}-2'") == []
    client.delete_registered_model(f"{name}-2")
    with pytest.raises(MlflowException, match=name):
        client.get_registered_model(f"{name}-2")


def test_pages_of_versions_go_on_where_the_last_one_ended(client: Any, name: str) -> None:
    client.create_registered_model(name)
    for number in range(5):
        client.create_model_version(name, f"s3://bucket/{number}")

    found: list[str] = []
    token = None
    while token != "":
        page = client.search_model_versions(
            f"name = '{name}'", max_results=2, order_by=["version_number ASC"], page_token=token
        )
        found += [one.version for one in page]
        token = page.token or ""

    assert found == ["1", "2", "3", "4", "5"]


def test_prompts_are_kept_apart_from_models(client: Any, server: ServerProcess, name: str) -> None:
    message = {"name": name, "tags": [{"key": "mlflow.prompt.is_prompt", "value": "true"}]}
    at = "/api/2.0/mlflow"
    server.request("POST", f"{at}/registered-models/create", message=message)
    server.request("POST", f"{at}/model-versions/create", message={**message, "source": "dummy-source"})

    assert client.search_registered_models(f"name = '{name}'") == []
    assert client.search_model_versions(f"name = '{name}'") == []
    wanted = f"name = '{name}' AND tags.`mlflow.prompt.is_prompt` = 'true'"
    assert [one.version for one in client.search_model_versions(wanted)] == ["1"]


def test_files_of_a_version_and_of_a_logged_model_are_read_by_name(
    client: Any, fluent: Any, server: ServerProcess, model: Any, name: str, tmp_path: Path
) -> None:
    (tmp_path / "MLmodel").write_text("flavors: {}")
    client.log_model_artifacts(model.model_id, str(tmp_path))
    client.finalize_logged_model(model.model_id, "READY")
    fluent.register_model(f"models:/{model.model_id}", name)

    by_version = server.request(
        "GET", "/model-versions/get-artifact", query={"name": name, "version": "1", "path": "MLmodel"}
    )
    by_model = server.request(
        "GET",
        f"/ajax-api/2.0/mlflow/logged-models/{model.model_id}/artifacts/files",
        query={"artifact_file_path": "MLmodel"},
    )
    outside = server.request(
        "GET", "/model-versions/get-artifact", query={"name": name, "version": "1", "path": "../../x"}
    )

    assert by_version.body == by_model.body == b"flavors: {}"
    assert outside.status == 400


def test_params_of_a_logged_model_are_written_once(client: Any, model: Any) -> None:
    assert model.params == {"depth": "3"}
    with pytest.raises(MlflowException, match="written once"):
        client.log_model_params(model.model_id, {"depth": "4"})
    assert LoggedModelParameter("depth", "3").value == client.get_logged_model(model.model_id).params["depth"]


def test_webhooks_are_made_listed_changed_tested_and_deleted_by_mlflows_client(client: Any) -> None:
    made = client.create_webhook("hook", "https://localhost/hook", ["model_version.created"])
    try:
        assert client.get_webhook(made.webhook_id).url == "https://localhost/hook"
        assert made.webhook_id in [one.webhook_id for one in client.list_webhooks()]
        changed = client.update_webhook(made.webhook_id, description="tells nobody", status="DISABLED")
        assert (changed.description, str(changed.status)) == ("tells nobody", "DISABLED")

        tested = client.test_webhook(made.webhook_id)

        assert tested.success is False
        assert "not public" in tested.error_message
        with pytest.raises(MlflowException, match="keeps no secrets"):
            client.update_webhook(made.webhook_id, secret="whisper")
    finally:
        client.delete_webhook(made.webhook_id)
    with pytest.raises(MlflowException):
        client.get_webhook(made.webhook_id)
