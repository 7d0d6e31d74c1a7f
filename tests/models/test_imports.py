from __future__ import annotations

import builtins
import logging
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fluvial.errors import InvalidRequest
from fluvial.models import code_files, environment, imports, loading, manifest, python_saving, replay, saving
from fluvial.models.loading import Trust
from fluvial.models.saving import Options

# Reading finds `rich`, which is never imported, and neither the package nor the module of one's own that is.
SCRIPT = """
import importlib
from fluvial.models import set_model

def answer(model_input):
    if not len(model_input):
        import rich
    own = importlib.import_module("own_" + "words")
    return [own.doubled(float(number)) for number in model_input]

importlib.import_module("threadpool" + "ctl")
try:
    importlib.import_module("cache" + "tools")
except ImportError:
    pass
set_model(answer)
"""


@pytest.fixture
def own_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    (work / "own_words.py").write_text("def doubled(value):\n    return 2 * value\n")
    monkeypatch.setattr(sys, "path", [str(work), *sys.path])
    return work


def saved(folder: Path, script: str = SCRIPT, **options: Any) -> Path:
    (folder / "script.py").write_text(script)
    said = Options(input_example=np.array([1.0, 2.5]), **options)
    saving.save(folder / "model", python_saving.of_python(folder / "script.py", None, None), said)
    return folder / "model"


@pytest.mark.usefixtures("own_code")
def test_a_model_needs_what_a_fresh_interpreter_imports(tmp_path: Path) -> None:
    model = saved(tmp_path, infer_requirements=True)

    # What is imported only where it is there is left out: the model answers the same without it.
    assert environment.named(model)[1:] == (f"threadpoolctl=={version('threadpoolctl')}",)
    assert (model / "code/own_words.py").is_file()
    assert manifest.check(model) is not None
    sys.path.pop(0)
    assert loading.load_pyfunc(model, Trust()).predict(np.array([3.0])) == [6.0]


@pytest.mark.usefixtures("own_code")
def test_a_saved_model_is_updated_to_what_it_imports(tmp_path: Path) -> None:
    model = saved(tmp_path, extra_pip_requirements=["six"])
    request = replay.Request(folder=str(model))

    lines = imports.update(model, request, add=["cachetools"], limit_s=60)

    assert sorted(line.partition("==")[0] for line in lines) == ["cachetools", "mlflow", "threadpoolctl"]
    assert (model / code_files.FOLDER / "own_words.py").is_file()


def test_a_model_that_a_fresh_interpreter_cannot_load_needs_what_reading_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(builtins, "only_here", 1, raising=False)
    script = "import rich\nfrom fluvial.models import set_model\nonly_here\nset_model(lambda x: [1.0])\n"

    with caplog.at_level(logging.WARNING, logger="fluvial"):
        model = saved(tmp_path, script, infer_requirements=True)

    assert f"rich=={version('rich')}" in environment.named(model)
    assert "a fresh interpreter fails: NameError: name 'only_here' is not defined" in caplog.text


def test_requirements_are_given_or_inferred(tmp_path: Path) -> None:
    script = "from fluvial.models import set_model\nset_model(lambda x: [1.0])\n"

    with pytest.raises(InvalidRequest, match="not both"):
        saved(tmp_path, script, infer_requirements=True, pip_requirements=[])
