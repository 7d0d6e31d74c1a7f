from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fluvial.models import manifest, python_saving, saving, verify
from fluvial.models.saving import Options

SCRIPT = """
import os
from fluvial.models import set_model

def answer(model_input):
    print("something")
    return [float(number) * 2 for number in model_input]

set_model(answer)
"""


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("environments")


def saved(folder: Path, **options: Any) -> Path:
    script = folder / "script.py"
    script.write_text(SCRIPT)
    said = Options(pip_requirements=[], **options)
    saving.save(folder / "model", python_saving.of_python(script, None, None), said)
    return folder / "model"


def test_a_model_that_answers_elsewhere_as_it_did_passes(tmp_path: Path, cache: Path) -> None:
    model = saved(tmp_path, input_example=np.array([1.0, 2.5]))

    found = verify.verify(model, cache, load_test_s=0.05)

    assert (found.verdict, found.problem, found.compared_with) == ("pass", "", "saved")
    assert found.latency is not None
    assert found.latency.n_requests >= 1
    assert found.cold_start_s > 0
    assert found.environment_bytes > 0
    assert manifest.check(model) is not None


def test_a_model_that_answers_otherwise_fails(tmp_path: Path, cache: Path) -> None:
    model = saved(tmp_path, input_example=np.array([1.0]))
    (model / "expected_output.json").write_text(json.dumps([3]))
    manifest.write(model)

    found = verify.verify(model, cache, load_test_s=0)

    assert found.verdict == "fail"
    assert found.problem == "The model answers otherwise than it did: answer[0] is 2.0 instead of 3"


def test_a_model_that_lacks_a_package_fails(tmp_path: Path, cache: Path) -> None:
    model = saved(tmp_path, input_example=np.array([1.0]))
    (model / "script.py").write_text((model / "script.py").read_text().replace("import os", "import sklearn"))
    manifest.write(model)

    found = verify.verify(model, cache, load_test_s=0)

    assert found.verdict == "fail"
    assert "cannot be loaded there" in found.problem
    assert "sklearn" in found.problem


def test_without_an_example_nothing_is_proven(tmp_path: Path, cache: Path) -> None:
    found = verify.verify(saved(tmp_path), cache, load_test_s=0)

    assert found.verdict == "unknown"
    assert "no input example" in found.problem


def test_an_answer_that_nobody_kept_is_compared_with_the_one_here(tmp_path: Path, cache: Path) -> None:
    model = saved(tmp_path, input_example=np.array([1.0]))
    (model / "expected_output.json").unlink()
    manifest.write(model)

    found = verify.verify(model, cache, load_test_s=0)

    assert (found.verdict, found.compared_with) == ("pass", "here")
