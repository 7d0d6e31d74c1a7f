"""The data that the tests of flavors train on: iris, which scikit-learn ships."""

from __future__ import annotations

from typing import Any

from sklearn.datasets import load_iris

FRAME, SPECIES = load_iris(return_X_y=True, as_frame=True)
FRAME.columns = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
FEW: Any = FRAME.iloc[::30]
