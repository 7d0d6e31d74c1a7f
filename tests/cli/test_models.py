from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fluvial
from fluvial.client.process import this_process
from fluvial.models import manifest, python_saving, saving
from fluvial.models.saving import Options
from fluvial.wire.promotions import LIST_EVIDENCE, ListEvidence
from tests.cli.conftest import Invoke

SCRIPT = """
from fluvial.models import set_model
set_model(lambda model_input: [float(number) * 2 for number in model_input])
"""


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("environments"))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    said = Options(pip_requirements=[], input_example=np.array([1.0, 2.5]))
    saving.save(tmp_path / "model", python_saving.of_python(script, None, None), said)
    return tmp_path / "model"


def test_a_model_is_verified_and_what_is_not_known_is_said(cli: Invoke, model: Path, cache: str) -> None:
    said = {"FLUVIAL_CACHE": cache, "FLUVIAL_VULNERABILITY_URL": "http://127.0.0.1:9"}
    shown = cli("models", "verify", str(model), "--load-test", "0.05", **said)
    again = cli("models", "verify", str(model), "--load-test", "0", "--json", **said)

    assert shown.status == 0
    assert "runs elsewhere as it did" in shown.out
    assert "? vulnerabilities not known" in shown.out
    found = again.json[0]
    assert found["verification"]["verdict"] == "pass"
    assert found["verification"]["was_cached"]
    verdicts = {one["kind"]: one["verdict"] for one in found["evidence"]}
    assert verdicts == {
        "environment": "pass",
        "licences": "unknown",
        "vulnerabilities": "unknown",
        "format": "pass",
    }


def test_drift_of_evaluation_data_is_measured_and_kept(cli: Invoke, model: Path, tmp_path: Path) -> None:
    for name, values in (("before", range(100)), ("now", range(50, 150))):
        (tmp_path / f"{name}.csv").write_text("x\n" + "".join(f"{value}\n" for value in values))
    files = ("--reference", str(tmp_path / "before.csv"))

    moved = cli("models", "drift", str(model), *files, "--current", str(tmp_path / "now.csv"))
    same = cli("models", "drift", str(model), *files, "--current", str(tmp_path / "before.csv"), "--json")

    assert moved.status == 1
    assert "of x, the farthest of all" in moved.out
    assert (same.status, same.json[0]["evidence"]["details"]["max_psi"]) == (0, 0.0)


def test_a_model_that_fails_says_why_and_fails_the_command(cli: Invoke, model: Path, cache: str) -> None:
    (model / "expected_output.json").write_text("[2.0, 4.0]")
    manifest.write(model)

    shown = cli("models", "verify", str(model), "--load-test", "0", FLUVIAL_CACHE=cache)

    assert shown.status == 1
    assert "answer[1] is 5.0 instead of 4.0" in shown.out


def test_a_model_predicts_in_its_own_environment_and_here(
    cli: Invoke, model: Path, cache: str, tmp_path: Path
) -> None:
    request = tmp_path / "request.json"
    request.write_text(json.dumps({"inputs": [3, 4]}))

    isolated = cli("models", "predict", str(model), FLUVIAL_CACHE=cache)
    here = cli("models", "predict", str(model), "-i", str(request), "--here", "-o", str(tmp_path / "answer"))

    assert isolated.json == [{"predictions": [2.0, 5.0]}]
    assert here.status == 0
    assert json.loads((tmp_path / "answer").read_text()) == {"predictions": [6.0, 8.0]}


def test_a_model_is_inspected_without_being_loaded(cli: Invoke, model: Path) -> None:
    (model / "script.py").write_text("raise RuntimeError")
    manifest.write(model)

    found: dict[str, Any] = cli("models", "inspect", str(model), "--json").json[0]
    assert found["manifest"] == "valid"
    assert found["flavors"] == ["python_function"]
    assert found["pickles"] == []
    assert not found["is_signed"]
    assert "manifest     valid" in cli("models", "inspect", str(model)).out


def test_a_card_is_kept_in_the_model_and_covered_by_its_manifest(cli: Invoke, model: Path) -> None:
    assert cli("models", "card", str(model), "--write").status == 0

    text = (model / "model_card.md").read_text()
    assert "## Intended use and limits" in text
    assert "| manifest | valid |" in text
    checked = manifest.check(model)
    assert checked is not None
    assert "model_card.md" in [file.path for file in checked.files]


def test_requirements_are_changed_in_all_files(cli: Invoke, model: Path) -> None:
    shown = cli("models", "update-requirements", str(model), "--add", "rich", "--remove", "mlflow")

    assert shown.out.splitlines() == ["rich"]
    assert (model / "requirements.txt").read_text() == "rich\n"
    assert "rich==" in (model / "requirements.lock").read_text()
    assert "- rich" in (model / "conda.yaml").read_text()
    assert manifest.check(model) is not None
    unknown = cli("models", "update-requirements", str(model), "--remove", "nothing")
    assert unknown.status == 1
    assert "does not name nothing" in unknown.err


def test_a_lock_of_what_is_not_installed_here_is_left_out(cli: Invoke, model: Path) -> None:
    cli("models", "update-requirements", str(model), "--add", "rich==0.0.1")

    assert not (model / "requirements.lock").exists()


def test_a_signature_is_made_checked_and_required(cli: Invoke, model: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    assert cli("models", "keygen", str(key), "--json").json[0]["public"] == f"{key}.pub"

    unsigned = cli("models", "verify-signature", str(model), "--trust", f"{key}.pub")
    assert cli("models", "sign", str(model), "--key", str(key)).status == 0
    signed = cli("models", "verify-signature", str(model), "--trust", f"{key}.pub")
    (model / "script.py").write_text("")
    tampered = cli("models", "verify-signature", str(model), "--trust", f"{key}.pub")

    assert (unsigned.status, signed.status, tampered.status) == (1, 0, 1)
    assert "is signed by" in signed.out
    assert "script.py" in tampered.err
    assert "Say which key" in cli("models", "sign", str(model)).err


def test_a_model_that_is_nowhere_is_not_found(cli: Invoke, tmp_path: Path) -> None:
    shown = cli("models", "inspect", str(tmp_path / "nothing"))

    assert shown.status == 3
    assert "There is no model" in shown.err


@pytest.mark.parametrize(
    "command", ["verify", "predict", "inspect", "drift", "card", "update-requirements", "sign", "keygen"]
)
def test_each_command_shows_examples(cli: Invoke, command: str) -> None:
    assert f"fluvial models {command}" in cli("models", command, "--help").out.partition("Examples:")[2]


def test_what_a_verification_shows_is_kept_with_the_model(
    cli: Invoke, demo_home: Path, tmp_path: Path, cache: str
) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    process = this_process()
    before = process.tracking_uri
    process.use(f"sqlite:///{demo_home}/fluvial.db")
    try:
        with fluvial.start_run():
            info = fluvial.pyfunc.log_model(
                "doubles", python_model=script, pip_requirements=[], input_example=np.array([1.0, 2.0])
            )
        shown = cli("models", "verify", info.model_uri, "--load-test", "0", "--json", FLUVIAL_CACHE=cache)
        asked = ListEvidence(model_id=info.model_id)
        kept = process.tracker().call(LIST_EVIDENCE, asked).evidence
        card = cli("models", "card", info.model_uri).out
    finally:
        process.use(before)

    assert shown.json[0]["is_kept"]
    assert {(one.kind, str(one.verdict)) for one in kept} == {
        ("environment", "pass"),
        ("licences", "unknown"),
        ("vulnerabilities", "unknown"),
        ("format", "pass"),
    }
    assert info.run_id in card
    assert "| environment | pass |" in card
