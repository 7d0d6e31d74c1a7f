from __future__ import annotations

from collections.abc import Mapping

import pytest

from fluvial.testing.flavors import Case, FlavorSuite

keras = pytest.importorskip("keras")
numpy = pytest.importorskip("numpy")


class TestKeras(FlavorSuite):
    flavor = "keras"
    tolerance = 1e-5

    @staticmethod
    def cases() -> Mapping[str, Case]:
        data = numpy.linspace(0, 1, 12, dtype="float32").reshape(4, 3)
        model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2)])
        model.compile(loss="mse", optimizer="sgd")
        model.fit(data, numpy.ones((4, 2)), verbose=0)
        return {"a network": Case(model=model, example=data, expected=model.predict(data, verbose=0))}
