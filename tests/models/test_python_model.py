from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pydantic
import pytest

from fluvial.errors import InvalidInput, InvalidModel, NotSupported, UntrustedModel
from fluvial.models import loading, python_saving, saving
from fluvial.models.loading import Trust
from fluvial.models.pyfunc import PyFuncModel
from fluvial.models.python_model import PythonModel
from fluvial.models.saving import Options

TRUSTED = Trust(allow_pickle=True)


class Question(pydantic.BaseModel):
    text: str
    times: int = 1


class Prefixed(PythonModel):
    def load_context(self, context: Any) -> None:
        self.prefix = Path(context.artifacts["prefix"]).read_text()

    def predict(self, context: Any, model_input: Any, params: Any = None) -> list[str]:  # noqa: ARG002
        return [self.prefix * params["times"] + text for text in model_input["text"]]

    def predict_stream(self, context: Any, model_input: Any, params: Any = None) -> Iterator[str]:
        yield from self.predict(context, model_input, params)


class Answers(PythonModel):
    def predict(self, model_input: list[Question]) -> list[str]:  # type: ignore[override]
        return [question.text * question.times for question in model_input]


def upper(model_input: list[str]) -> list[str]:
    return [text.upper() for text in model_input]


def kept(folder: Path, model: Any, options: Options, **more: Any) -> PyFuncModel:
    write = python_saving.of_python(model, more.get("artifacts"), more.get("model_config"))
    saving.save(folder, write, options)
    return loading.load_pyfunc(folder, TRUSTED, more.get("loaded_with"))


def test_a_class_reads_its_artifacts_and_takes_params_and_streams(tmp_path: Path) -> None:
    (tmp_path / "prefix.txt").write_text("re")
    options = Options(input_example=(pd.DataFrame({"text": ["do"]}), {"times": 2}), allow_pickle=True)

    model = kept(tmp_path / "a", Prefixed(), options, artifacts={"prefix": tmp_path / "prefix.txt"})

    assert model.predict({"text": ["do", "make"]}) == ["reredo", "reremake"]
    assert model.predict({"text": "do"}, {"times": 1}) == ["redo"]
    assert list(model.predict_stream({"text": ["do", "make"]})) == ["reredo", "reremake"]
    assert isinstance(model.unwrap_python_model(), PythonModel)


def test_type_hints_are_the_signature_and_what_the_function_gets(tmp_path: Path) -> None:
    model = kept(tmp_path / "a", upper, Options(allow_pickle=True))

    assert (
        str(model.signature).split()
        == "inputs: [string (required)] outputs: [string (required)] params: None".split()
    )
    assert model.predict(["a"]) == ["A"]
    assert model.predict(pd.DataFrame({"any": ["a", "b"]})) == ["A", "B"]
    with pytest.raises(InvalidInput, match="item 1 is string, and was given 2"):
        model.predict(["a", 2])
    with pytest.raises(NotSupported):
        list(model.predict_stream(["a"]))


def test_pydantic_models_in_hints_are_made_and_checked(tmp_path: Path) -> None:
    model = kept(tmp_path / "a", Answers(), Options(allow_pickle=True))

    assert str(model.metadata.signature and model.metadata.signature.inputs) == (
        "['text': string (required), 'times': long (required)]"
    )
    assert model.predict([{"text": "ab", "times": 2}, Question(text="c")]) == ["abab", "c"]
    assert model.predict(pd.DataFrame({"text": ["x"]})) == ["x"]
    with pytest.raises(InvalidInput, match=r"item 0\.text"):
        model.predict([{"times": 2}])


SCRIPT = """
from words import shouted
import fluvial.models


def answer(model_input: list[str]) -> list[str]:
    return [shouted(text) for text in model_input]


fluvial.models.set_model(answer)
"""


def test_a_script_is_a_model_without_pickles_and_finds_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "words.py").write_text("def shouted(text):\n    return text.upper() + '!'\n")
    (tmp_path / "answer.py").write_text(SCRIPT)
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    write = python_saving.of_python(tmp_path / "answer.py", None, None)
    saving.save(tmp_path / "a", write, Options(code_paths=[tmp_path / "lib" / "words.py"]))
    monkeypatch.undo()
    sys.modules.pop("words", None)

    for _ in range(2):  # what ran the first time left nothing in the folder
        model = loading.load_pyfunc(tmp_path / "a", Trust())
        assert model.predict(["a"]) == ["A!"]
    assert list((tmp_path / "a").rglob("__pycache__")) == []


def test_a_module_of_its_own_loads_a_model(tmp_path: Path) -> None:
    (tmp_path / "tenfold.py").write_text(
        "class Tenfold:\n    def __init__(self, by):\n        self.by = by\n"
        "    def predict(self, data):\n        return [self.by * x for x in data['x']]\n"
        "def _load_pyfunc(path):\n    return Tenfold(int(open(path).read()))\n"
    )
    (tmp_path / "by.txt").write_text("10")
    saving.save(
        tmp_path / "a",
        python_saving.of_loader("tenfold", tmp_path / "by.txt"),
        Options(code_paths=[tmp_path / "tenfold.py"]),
    )

    assert loading.load_pyfunc(tmp_path / "a", Trust()).predict({"x": [1, 2]}) == [10, 20]


def test_objects_are_pickled_and_unpickled_only_where_that_is_allowed(tmp_path: Path) -> None:
    write = python_saving.of_python(upper, None, None)

    with pytest.raises(UntrustedModel, match="from code"):
        saving.save(tmp_path / "a", write, Options())
    saving.save(tmp_path / "a", write, Options(allow_pickle=True))
    with pytest.raises(UntrustedModel):
        loading.load_pyfunc(tmp_path / "a", Trust())


def test_a_script_that_names_no_model_and_a_folder_without_one_are_said(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")

    with pytest.raises(InvalidModel, match="set_model"):
        saving.save(tmp_path / "a", python_saving.of_python(tmp_path / "a.py", None, None), Options())
    with pytest.raises(InvalidModel, match="no file MLmodel"):
        loading.load_pyfunc(tmp_path, Trust())
