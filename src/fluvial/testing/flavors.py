"""What every flavor must do: subclass it, and say how to train a small model.

One fresh process loads all models of a suite, so that a framework is imported twice and no more.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from msgspec import Struct

from fluvial.errors import InvalidRequest, UntrustedModel
from fluvial.models import loading, saving
from fluvial.models.loading import Trust
from fluvial.models.mlmodel import Model
from fluvial.models.saving import Options

_LIMIT_S = 300

_PREDICT = """
import json, sys
from pathlib import Path
from fluvial.models import loading
from fluvial.testing.flavors import as_lists
found = {}
for folder, allow_pickle, trusted in json.loads(sys.argv[1]):
    model = loading.load_pyfunc(Path(folder), loading.Trust(allow_pickle, tuple(trusted)))
    found[folder] = as_lists(model.predict(model.input_example))
Path(sys.argv[2]).write_text(json.dumps(found))
"""


class Case(Struct, frozen=True, kw_only=True):
    """A model to save.

    Attributes:
        model: Trained, as its framework has it.
        example: A few rows that it takes.
        expected: What its framework predicts for these.
        options: For `save_model`.
        allow_pickle: Whether it can only be pickled.
        trusted: Types that whoever loads it has to trust.
        in_mlflow: For MLflow's `save_model` of it; None where MLflow cannot run such a model.
    """

    model: Any
    example: Any
    expected: Any
    options: Mapping[str, Any] = {}
    in_mlflow: Mapping[str, Any] | None = {}
    allow_pickle: bool = False
    trusted: tuple[str, ...] = ()

    @property
    def data(self) -> tuple[Any, dict[str, Any]]:
        """The example without params, and what `predict` takes beside it."""
        if isinstance(self.example, tuple):
            return self.example[0], {"params": self.example[1]}
        return self.example, {}


class Kept(Struct, frozen=True):
    """A case that was saved.

    Attributes:
        case: It.
        folder: Where.
        fresh: What a fresh process predicted.
    """

    case: Case
    folder: Path
    fresh: Any


class FlavorSuite:
    """Subclass it: name the flavor, and make the cases.

    Attributes:
        flavor: Its name.
        tolerance: How far predictions may be apart, relatively.
    """

    flavor: ClassVar[str]
    tolerance: ClassVar[float] = 1e-6

    @staticmethod
    def cases() -> Mapping[str, Case]:
        """Models of each kind that the flavor keeps, by what they are."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def kept(cls, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Kept]:
        """All cases, saved here and loaded in a fresh process."""
        root = tmp_path_factory.mktemp("models")
        cases = cls.cases()
        asked = []
        for name, case in cases.items():
            write = saving.of_flavor(cls.flavor, case.model, case.options)
            options = Options(input_example=case.example, allow_pickle=case.allow_pickle)
            saving.save(root / name, write, options)
            asked.append((str(root / name), case.allow_pickle, case.trusted))
        answers = root / "predicted.json"
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", _PREDICT, json.dumps(asked), str(answers)], check=True, timeout=_LIMIT_S
        )
        found = json.loads(answers.read_text())
        return {name: Kept(case, root / name, found[str(root / name)]) for name, case in cases.items()}

    def test_a_fresh_process_predicts_the_same(self, kept: dict[str, Kept]) -> None:
        for name, one in kept.items():
            assert_equal(one.fresh, as_lists(one.case.expected), self.tolerance, name)

    def test_the_framework_gets_its_model_back(self, kept: dict[str, Kept]) -> None:
        for name, one in kept.items():
            trust = Trust(one.case.allow_pickle, one.case.trusted)
            loaded = loading.load_flavor(self.flavor, one.folder, trust, {})
            assert self.is_same_kind(loaded, one.case.model), name

    def test_the_mlmodel_file_is_one_that_mlflow_reads(self, kept: dict[str, Kept]) -> None:
        for name, one in kept.items():
            model = Model.load(one.folder)
            assert model.pyfunc["loader_module"] == f"mlflow.{self.flavor}", name
            assert self.flavor in model.flavors, name
            assert model.signature is not None, name
            assert model.signature.inputs is not None, name
            assert model.signature.outputs is not None, name

    def test_it_is_pickled_and_unpickled_only_where_that_is_allowed(
        self, kept: dict[str, Kept], tmp_path: Path
    ) -> None:
        for name, one in kept.items():
            if one.case.allow_pickle:
                write = saving.of_flavor(self.flavor, one.case.model, one.case.options)
                with pytest.raises(UntrustedModel):
                    saving.save(tmp_path / name, write, Options(input_example=one.case.example))
                assert not (tmp_path / name).exists()
                with pytest.raises(UntrustedModel):
                    loading.load_pyfunc(one.folder, Trust())
            else:
                pickles = {".pkl", ".pickle", ".pth"} & {path.suffix for path in one.folder.rglob("*")}
                assert pickles == set(), name

    def test_a_folder_that_is_there_is_not_written_over(self, kept: dict[str, Kept]) -> None:
        one = next(iter(kept.values()))
        write = saving.of_flavor(self.flavor, one.case.model, one.case.options)

        with pytest.raises(InvalidRequest, match="there already"):
            saving.save(one.folder, write, Options(allow_pickle=one.case.allow_pickle))

    def test_mlflow_predicts_the_same(self, kept: dict[str, Kept], tmp_path: Path) -> None:
        pyfunc = pytest.importorskip("mlflow.pyfunc")
        for name, one in _those_of_mlflow(kept).items():
            # Of its own: MLflow writes into the folders that it loads.
            folder = shutil.copytree(one.folder, tmp_path / name)
            data, params = one.case.data
            found = as_lists(pyfunc.load_model(str(folder)).predict(data, **params))
            assert_equal(_in_rows(found), _in_rows(as_lists(one.case.expected)), self.tolerance, name)

    def test_what_mlflow_saved_predicts_the_same(self, kept: dict[str, Kept], tmp_path: Path) -> None:
        flavor = pytest.importorskip(f"mlflow.{self.flavor}")
        for name, one in _those_of_mlflow(kept).items():
            folder, (data, params) = tmp_path / name, one.case.data
            flavor.save_model(one.case.model, str(folder), pip_requirements=[], **one.case.in_mlflow or {})
            trust = Trust(allow_pickle=True, trusted=one.case.trusted)
            found = as_lists(loading.load_pyfunc(folder, trust).predict(data, **params))
            assert_equal(_in_rows(found), _in_rows(as_lists(one.case.expected)), self.tolerance, name)

    def is_same_kind(self, loaded: Any, model: Any) -> bool:
        """Whether what was loaded is what was saved, for its framework."""
        return type(loaded) is type(model)


def _those_of_mlflow(kept: dict[str, Kept]) -> dict[str, Kept]:
    """The cases that MLflow can run; the test is skipped where it can run none."""
    found = {name: one for name, one in kept.items() if one.case.in_mlflow is not None}
    return found or pytest.skip("MLflow runs no such model")


def _in_rows(predicted: Any) -> Any:
    """Columns as rows: some tell in a table what others tell in a list."""
    if isinstance(predicted, dict) and all(isinstance(column, list) for column in predicted.values()):
        rows = zip(*predicted.values(), strict=False)
        return [dict(zip(predicted, row, strict=True)) for row in rows]
    return predicted


def as_lists(predicted: Any) -> Any:
    """Predictions as JSON has them."""
    if hasattr(predicted, "to_dict") and hasattr(predicted, "columns"):
        return {str(key): as_lists(value) for key, value in predicted.to_dict(orient="list").items()}
    if isinstance(predicted, Mapping):
        return {str(key): as_lists(value) for key, value in predicted.items()}
    if isinstance(predicted, list | tuple):
        return [as_lists(one) for one in predicted]
    if predicted is None or isinstance(predicted, str | int | float | bool):
        return predicted
    if hasattr(predicted, "isoformat"):
        return predicted.isoformat()
    return as_lists(np.asarray(predicted).tolist())


def assert_equal(found: Any, expected: Any, tolerance: float, what: str) -> None:
    """Compare predictions, numbers within a tolerance."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys(), what
        for key in expected:
            assert_equal(found[key], expected[key], tolerance, f"{what}: {key}")
    elif isinstance(expected, list) and expected and isinstance(expected[0], dict):
        assert len(found) == len(expected), what
        for number, one in enumerate(expected):
            assert_equal(found[number], one, tolerance, f"{what}[{number}]")
    elif _is_numeric(expected):
        np.testing.assert_allclose(np.asarray(found), np.asarray(expected), rtol=tolerance, err_msg=what)
    else:
        assert found == expected, what


def _is_numeric(value: Any) -> bool:
    try:
        return np.asarray(value).dtype.kind in "iufb"
    except ValueError:
        return False
