"""Make the stored set with the MLflow of this Python: python make.py FOLDER.

Each model is one folder, with what MLflow itself predicted for the input example in `predicted.json`.
They were made with MLflow 2.22.5 and 3.17.2, in environments of their own:

    uv venv ENV && uv pip install -p ENV/bin/python mlflow==3.17.2 skops xgboost-cpu lightgbm catboost \
        onnx onnxruntime skl2onnx statsmodels torch
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
warnings.simplefilter("ignore")

import mlflow
import numpy as np
import pandas as pd
from sklearn.datasets import load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FROM_CODE = """
import mlflow


class Doubled(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        factor = context.model_config["factor"]
        return [factor * value for value in model_input["x"]]


mlflow.models.set_model(Doubled())
"""
FRAME, SPECIES = load_iris(return_X_y=True, as_frame=True)
FRAME.columns = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
FEW = FRAME.iloc[::50]
IS_3 = mlflow.__version__.startswith("3")


class Prefixed(mlflow.pyfunc.PythonModel):
    """A model with an artifact and a param."""

    def load_context(self, context):
        """Read the artifact."""
        self.prefix = Path(context.artifacts["prefix"]).read_text().strip()

    def predict(self, context, model_input, params=None):
        """The texts with the prefix before them, as often as a param says."""
        return [self.prefix * (params or {}).get("times", 1) + text for text in model_input.iloc[:, 0]]


def upper(model_input: list[str]) -> list[str]:
    """The texts in capitals."""
    return [text.upper() for text in model_input]


def save_sklearn(folder: Path) -> None:
    """As MLflow does it by default: skops since 3.11, cloudpickle before."""
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(FRAME, SPECIES)
    mlflow.sklearn.save_model(model, folder, input_example=FEW)


def save_sklearn_array(folder: Path) -> None:
    """Cloudpickle, with a tensor signature."""
    model = LinearRegression().fit(FRAME.values, SPECIES)
    mlflow.sklearn.save_model(model, folder, input_example=FEW.values, serialization_format="cloudpickle")


def save_xgboost_booster(folder: Path) -> None:
    """A native booster."""
    import xgboost

    data = xgboost.DMatrix(FRAME, SPECIES)
    model = xgboost.train({"max_depth": 2}, data, num_boost_round=3)
    mlflow.xgboost.save_model(model, folder, input_example=FEW)


def save_xgboost_classifier(folder: Path) -> None:
    """A classifier of scikit-learn's interface."""
    import xgboost

    model = xgboost.XGBClassifier(n_estimators=3, max_depth=2).fit(FRAME, SPECIES)
    mlflow.xgboost.save_model(model, folder, input_example=FEW)


def save_lightgbm_booster(folder: Path) -> None:
    """A native booster."""
    import lightgbm

    model = lightgbm.train({"verbose": -1, "num_leaves": 4}, lightgbm.Dataset(FRAME, SPECIES), 3)
    mlflow.lightgbm.save_model(model, folder, input_example=FEW)


def save_lightgbm_classifier(folder: Path) -> None:
    """A classifier of scikit-learn's interface."""
    import lightgbm

    model = lightgbm.LGBMClassifier(n_estimators=3, num_leaves=4, verbose=-1).fit(FRAME, SPECIES)
    mlflow.lightgbm.save_model(model, folder, input_example=FEW)


def save_catboost(folder: Path) -> None:
    """A classifier."""
    import catboost

    model = catboost.CatBoostClassifier(iterations=3, depth=2, verbose=False, allow_writing_files=False)
    mlflow.catboost.save_model(model.fit(FRAME, SPECIES), folder, input_example=FEW)


def save_onnx(folder: Path) -> None:
    """What skl2onnx makes of a regression."""
    from skl2onnx import to_onnx

    model = LinearRegression().fit(FRAME.values.astype("float32"), SPECIES)
    converted = to_onnx(model, FEW.values.astype("float32"))
    mlflow.onnx.save_model(converted, folder, input_example=FEW.values.astype("float32"))


def save_statsmodels(folder: Path) -> None:
    """Ordinary least squares."""
    from statsmodels.regression.linear_model import OLS

    mlflow.statsmodels.save_model(OLS(SPECIES, FRAME).fit(), folder, input_example=FEW)


def save_pytorch(folder: Path) -> None:
    """A small network."""
    import torch

    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    mlflow.pytorch.save_model(model, folder, input_example=FEW.values.astype("float32"))


def save_function(folder: Path) -> None:
    """A function with type hints."""
    mlflow.pyfunc.save_model(folder, python_model=upper, input_example=["a", "b"])


def save_class(folder: Path) -> None:
    """A model class with an artifact and a param."""
    artifact = folder.with_name("prefix.txt")
    artifact.write_text("re-")
    mlflow.pyfunc.save_model(
        folder,
        python_model=Prefixed(),
        artifacts={"prefix": str(artifact)},
        input_example=(pd.DataFrame({"text": ["do", "make"]}), {"times": 2}),
    )
    artifact.unlink()


def save_from_code(folder: Path) -> None:
    """A script that names its model."""
    code = folder.with_name("doubled.py")
    code.write_text(FROM_CODE)
    mlflow.pyfunc.save_model(
        folder,
        python_model=str(code),
        model_config={"factor": 2},
        input_example=pd.DataFrame({"x": [1.5, 2.0]}),
    )
    code.unlink()


MODELS: dict[str, Callable[[Path], None]] = {
    name.removeprefix("save_"): found for name, found in list(globals().items()) if name.startswith("save_")
}


def predicted(folder: Path) -> Any:
    """What MLflow predicts for the input example of a model."""
    model = mlflow.pyfunc.load_model(str(folder))
    example = model.input_example
    prediction = model.predict(example, params=getattr(model.metadata.saved_input_example_info, "x", None))
    if isinstance(prediction, pd.DataFrame | pd.Series):
        return prediction.to_numpy().tolist()
    if isinstance(prediction, dict):
        return {key: np.asarray(value).tolist() for key, value in prediction.items()}
    return np.asarray(prediction).tolist()


def main() -> None:
    """Make all of them."""
    out = Path(sys.argv[1], f"mlflow-{mlflow.__version__}")
    wanted = sys.argv[2:] or MODELS
    for name in wanted:
        folder = out / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            MODELS[name](folder)
        except ImportError as error:
            print(f"{name}: {error}")
            continue
        (folder / "predicted.json").write_text(json.dumps(predicted(folder)))
        print(f"{name}: {sum(path.stat().st_size for path in folder.rglob('*') if path.is_file())} bytes")


if __name__ == "__main__":
    main()
