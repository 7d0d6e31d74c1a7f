from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import fluvial
from fluvial import flavors
from fluvial.client.models import LoggedModelInfo
from fluvial.client.process import this_process
from fluvial.errors import InvalidRequest, ModelDamaged, NotFound, UntrustedModel
from tests.flavors.iris import FEW, FRAME, SPECIES

MODEL = LogisticRegression(max_iter=500).fit(FRAME, SPECIES)
PREDICTED = MODEL.predict(FEW).tolist()


def logged(**more: Any) -> LoggedModelInfo:
    with fluvial.start_run():
        fluvial.log_param("solver", "lbfgs")
        return fluvial.sklearn.log_model(MODEL, name="iris", input_example=FEW, **more)


def test_a_logged_model_is_an_output_of_its_run_and_ready(tracking: str) -> None:
    info = logged(params={"C": 1.0}, tags={"team": "churn"}, model_type="classifier", step=3)

    model = fluvial.get_logged_model(info.model_id)
    run = fluvial.get_run(info.run_id)
    assert (model.name, str(model.status), model.model_type) == ("iris", "LOGGED_MODEL_READY", "classifier")
    assert (model.params, model.tags["team"]) == ({"C": "1.0"}, "churn")
    assert [(one.model_id, one.step) for one in run.outputs.model_outputs] == [(info.model_id, 3)]
    assert info.model_uri == f"models:/{info.model_id}"
    assert info.signature is not None


def test_every_uri_of_a_model_loads_it(tracking: str, tmp_path: Path) -> None:
    info = logged(registered_model_name="iris")
    fluvial.FluvialClient().set_registered_model_alias("iris", "champion", "1")
    copied = tmp_path / "copy"

    for uri in (
        info.model_uri,
        f"runs:/{info.run_id}/iris",
        "models:/iris/1",
        "models:/iris/latest",
        "models:/iris@champion",
    ):
        assert fluvial.pyfunc.load_model(uri).predict(FEW).tolist() == PREDICTED
    assert info.registered_model_version == 1
    assert isinstance(fluvial.sklearn.load_model(info.model_uri, dst_path=copied), LogisticRegression)
    assert fluvial.pyfunc.load_model(copied).model_id == info.model_id
    assert fluvial.pyfunc.load_model(copied.as_uri()).predict(FEW).tolist() == PREDICTED


def test_a_folder_among_a_runs_artifacts_is_a_model_too(tracking: str, tmp_path: Path) -> None:
    fluvial.sklearn.save_model(MODEL, tmp_path / "old", input_example=FEW)
    with fluvial.start_run() as run:
        fluvial.log_artifacts(tmp_path / "old", "models/old")

    model = fluvial.pyfunc.load_model(f"runs:/{run.info.run_id}/models/old")

    assert model.predict(FEW).tolist() == PREDICTED


def test_a_model_that_cannot_be_saved_is_marked_failed(tracking: str) -> None:
    fluvial.set_experiment("failures")
    with fluvial.start_run() as run, pytest.raises(UntrustedModel):
        fluvial.sklearn.log_model(MODEL, name="bad", serialization_format="pickle")

    found = fluvial.search_logged_models([run.info.experiment_id])
    assert [str(model.status) for model in found] == ["LOGGED_MODEL_UPLOAD_FAILED"]


def test_what_is_no_model_is_not_found_or_refused(tracking: str) -> None:
    for uri in (f"models:/m-{'0' * 32}", "models:/none/1", "models:/none@best", "/no/such/folder"):
        with pytest.raises(NotFound):
            fluvial.pyfunc.load_model(uri)
    for uri in ("models:/a/b/1", "runs:/abc", "models:/@x", "mailto:me"):
        with pytest.raises(InvalidRequest, match="names no model"):
            fluvial.pyfunc.load_model(uri)


def test_a_model_says_where_it_comes_from(tracking: str, tmp_path: Path) -> None:
    info = logged()
    fluvial.pyfunc.load_model(info.model_uri, dst_path=tmp_path / "a")

    statements = [json.loads(path.read_text()) for path in (tmp_path / "a").glob("*provenance*")]

    details = statements[0]["predicate"]["runDetails"]
    assert details["metadata"]["invocationId"] == info.run_id
    assert statements[0]["predicate"]["buildDefinition"]["externalParameters"]["params"] == {
        "solver": "lbfgs"
    }


def test_what_was_changed_on_its_way_is_refused(tracking: str, tmp_path: Path) -> None:
    info = logged()
    fluvial.pyfunc.load_model(info.model_uri, dst_path=tmp_path / "a")
    (tmp_path / "a" / "requirements.txt").write_text("evil\n")

    with pytest.raises(ModelDamaged, match=r"requirements\.txt"):
        fluvial.pyfunc.load_model(tmp_path / "a")


def test_settings_refuse_models_without_manifest_or_signature(
    fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fluvial.sklearn.save_model(MODEL, tmp_path / "a", input_example=FEW)
    (tmp_path / "a" / "manifest.json").unlink()
    fluvial.pyfunc.load_model(tmp_path / "a")
    monkeypatch.setenv("FLUVIAL_REQUIRE_MANIFEST", "true")
    this_process.cache_clear()

    with pytest.raises(UntrustedModel, match="FLUVIAL_REQUIRE_MANIFEST"):
        fluvial.pyfunc.load_model(tmp_path / "a")


def test_mlflow_loads_what_was_logged_here_and_the_reverse(server: Any, fresh: None) -> None:
    fluvial.set_tracking_uri(server.url)
    mlflow.set_tracking_uri(server.url)
    info = logged()

    assert mlflow.pyfunc.load_model(info.model_uri).predict(FEW).tolist() == PREDICTED
    with mlflow.start_run():
        theirs = mlflow.sklearn.log_model(MODEL, name="theirs", input_example=FEW, pip_requirements=[])
    assert fluvial.pyfunc.load_model(theirs.model_uri).predict(FEW).tolist() == PREDICTED
    assert fluvial.pyfunc.load_model(f"runs:/{theirs.run_id}/theirs").predict(FEW).tolist() == PREDICTED


def test_a_model_written_in_python_is_logged(tracking: str, tmp_path: Path) -> None:
    script = tmp_path / "doubled.py"
    script.write_text(
        "import fluvial\n\n\ndef doubled(data: list[float]) -> list[float]:\n"
        "    return [2 * x for x in data]\n\n\nfluvial.models.set_model(doubled)\n"
    )
    with fluvial.start_run():
        info = fluvial.pyfunc.log_model("doubled", python_model=script)

    assert fluvial.pyfunc.load_model(info.model_uri).predict([1.5]) == [3.0]


def test_every_flavor_is_a_module_with_mlflows_argument_names(tmp_path: Path) -> None:
    fluvial.sklearn.save_model(sk_model=MODEL, path=tmp_path / "a", input_example=pd.DataFrame(FEW))

    assert fluvial.pyfunc.load_model(tmp_path / "a").predict(FEW).tolist() == PREDICTED
    assert set(flavors.names()) <= set(dir(fluvial))
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("fluvial.no_such_flavor")
    assert importlib.import_module("fluvial.sklearn") is fluvial.sklearn
