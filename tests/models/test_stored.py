"""Models that MLflow 2 and 3 saved, made by tests/models/stored/make.py, and ours in MLflow's hands."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from fluvial.errors import UntrustedModel
from fluvial.models import loading, python_saving, saving
from fluvial.models.loading import Trust
from fluvial.models.mlmodel import Model
from fluvial.models.saving import Options
from fluvial.testing.flavors import as_lists, assert_equal
from tests.flavors.iris import FEW, FRAME, SPECIES

STORED = sorted(path.parent for path in Path(__file__, "..", "stored").resolve().glob("*/*/MLmodel"))
NAMES = [f"{path.parent.name}/{path.name}" for path in STORED]
PARAMS = {"class": {"times": 2}}
# What these saved, they saved as pickles.
PICKLED = {
    *(f"mlflow-{version}/{name}" for version in ("2.22.5", "3.17.2") for name in
      ("sklearn_array", "statsmodels", "function", "class")),
    "mlflow-2.22.5/sklearn",
    "mlflow-2.22.5/lightgbm_classifier",
}  # fmt: skip

SCRIPT = """
import fluvial


class Doubled(fluvial.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [context.model_config["factor"] * value for value in model_input["x"]]


fluvial.models.set_model(Doubled())
"""


@pytest.mark.parametrize("folder", STORED, ids=NAMES)
def test_what_mlflow_saved_predicts_the_same_here(folder: Path) -> None:
    if "pytorch" in folder.name:
        pytest.importorskip("torch")
    is_pickled = f"{folder.parent.name}/{folder.name}" in PICKLED
    model = loading.load_pyfunc(folder, Trust(allow_pickle=is_pickled))

    predicted = as_lists(model.predict(model.input_example, PARAMS.get(folder.name)))

    assert_equal(predicted, json.loads((folder / "predicted.json").read_text()), 1e-6, folder.name)


@pytest.mark.parametrize("name", sorted(PICKLED))
def test_what_mlflow_pickled_is_loaded_only_where_that_is_allowed(name: str) -> None:
    with pytest.raises(UntrustedModel, match="allow_pickle=True"):
        loading.load_pyfunc(Path(__file__).parent / "stored" / name, Trust())


@pytest.mark.parametrize("folder", STORED, ids=NAMES)
def test_an_mlmodel_file_is_written_as_it_was_read(folder: Path, tmp_path: Path) -> None:
    before = Model.load(folder)
    before.save(tmp_path)
    again = Model.load(tmp_path)

    assert again.to_dict() == before.to_dict()
    assert again.signature == before.signature


def predictions_of_mlflow(folder: Path, data: Any) -> Any:
    return as_lists(mlflow.pyfunc.load_model(str(folder)).predict(data))


def test_mlflow_predicts_the_same_with_a_flavor_of_ours(tmp_path: Path) -> None:
    import lightgbm
    import xgboost

    models: dict[str, Any] = {
        "sklearn": LogisticRegression(max_iter=500),
        "xgboost": xgboost.XGBClassifier(n_estimators=3, max_depth=2),
        "lightgbm": lightgbm.LGBMClassifier(n_estimators=3, num_leaves=4, verbose=-1),
    }
    for name, unfitted in models.items():
        model = unfitted.fit(FRAME, SPECIES)
        saving.save(tmp_path / name, saving.of_flavor(name, model, {}), Options(input_example=FEW))

        assert predictions_of_mlflow(tmp_path / name, FEW) == model.predict(FEW).tolist()
        assert mlflow.models.Model.load(str(tmp_path / name)).signature is not None


def test_mlflow_predicts_the_same_with_a_function_of_ours(tmp_path: Path) -> None:
    def shout(model_input: list[str]) -> list[str]:
        return [text.upper() for text in model_input]

    write = python_saving.of_python(shout, None, None)
    saving.save(tmp_path / "a", write, Options(input_example=["a", "b"], allow_pickle=True))

    assert predictions_of_mlflow(tmp_path / "a", ["a", "b"]) == ["A", "B"]


def test_mlflow_predicts_the_same_with_a_script_of_mlflow_that_we_saved(tmp_path: Path) -> None:
    (tmp_path / "doubled.py").write_text(SCRIPT.replace("fluvial", "mlflow"))
    data = pd.DataFrame({"x": [1.5, 2.0]})
    write = python_saving.of_python(tmp_path / "doubled.py", None, {"factor": 2})
    saving.save(tmp_path / "a", write, Options(input_example=data))

    # Of its own: MLflow writes bytecode into the folder, which is then not what was saved.
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    assert predictions_of_mlflow(tmp_path / "b", data) == [3.0, 4.0]
    assert loading.load_pyfunc(tmp_path / "a", Trust()).predict(data) == [3.0, 4.0]
