from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fluvial.errors import InvalidModel
from fluvial.models import loading, saving
from fluvial.models.loading import Trust
from fluvial.models.saving import Options
from fluvial.testing.flavors import Case, FlavorSuite

torch = pytest.importorskip("torch")
FEW = np.linspace(0, 1, 12, dtype="float32").reshape(3, 4)


def network() -> Any:
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1)).eval()


class TestPyTorch(FlavorSuite):
    flavor = "pytorch"
    tolerance = 1e-5

    @staticmethod
    def cases() -> Mapping[str, Case]:
        model = network()
        expected = model(torch.from_numpy(FEW)).detach().numpy()
        return {
            "exported": Case(model=model, example=FEW, expected=expected, in_mlflow={"input_example": FEW}),
            "one row": Case(
                model=model, example=FEW[:1], expected=expected[:1], in_mlflow={"input_example": FEW}
            ),
            "pickle": Case(
                model=model,
                example=FEW,
                expected=expected,
                options={"serialization_format": "pickle"},
                in_mlflow={"serialization_format": "pickle"},
                allow_pickle=True,
            ),
        }

    def is_same_kind(self, loaded: Any, model: Any) -> bool:  # noqa: ARG002
        return isinstance(loaded, torch.nn.Module)


def test_an_exported_model_takes_any_number_of_rows(tmp_path: Path) -> None:
    saving.save(tmp_path / "a", saving.of_flavor("pytorch", network(), {}), Options(input_example=FEW[:1]))

    assert loading.load_pyfunc(tmp_path / "a", Trust()).predict(FEW).shape == (3, 1)


def test_weights_are_loaded_into_a_module_and_need_no_code(tmp_path: Path) -> None:
    saving.save(tmp_path / "a", saving.of_flavor("pytorch", network(), {}), Options())
    fresh = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))

    loaded = loading.load_flavor("pytorch", tmp_path / "a", Trust(), {"model": fresh})

    assert torch.equal(loaded(torch.from_numpy(FEW)), network()(torch.from_numpy(FEW)))
    assert set(loading.load_flavor("pytorch", tmp_path / "a", Trust(), {})) == set(network().state_dict())
    with pytest.raises(InvalidModel, match="no python_function flavor"):
        loading.load_pyfunc(tmp_path / "a", Trust())
