from __future__ import annotations

from collections.abc import Mapping

import onnx
from skl2onnx import to_onnx
from sklearn.linear_model import LinearRegression

from fluvial.testing.flavors import Case, FlavorSuite
from tests.flavors.iris import FEW, FRAME, SPECIES


def sum_of(*names: str) -> onnx.ModelProto:
    floats = onnx.TensorProto.FLOAT
    inputs = [onnx.helper.make_tensor_value_info(name, floats, [None, 1]) for name in names]
    output = onnx.helper.make_tensor_value_info("sum", floats, [None, 1])
    graph = onnx.helper.make_graph([onnx.helper.make_node("Sum", names, ["sum"])], "sum", inputs, [output])
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)


class TestONNX(FlavorSuite):
    flavor = "onnx"
    tolerance = 1e-5

    @staticmethod
    def cases() -> Mapping[str, Case]:
        line = LinearRegression().fit(FRAME.values, SPECIES)
        array = FEW.values.astype("float32")
        predicted = line.predict(FEW.values)
        graph = to_onnx(line, array)
        return {
            "of an array": Case(model=graph, example=array, expected={"variable": predicted.reshape(-1, 1)}),
            "of a frame": Case(model=graph, example=FEW, expected={"variable": predicted}),
            "of named columns": Case(
                model=sum_of("sepal_length", "petal_length"),
                example=FEW[["petal_length", "sepal_length"]],
                expected={"sum": FEW["sepal_length"] + FEW["petal_length"]},
                in_mlflow=None,  # it hands on columns without their second dimension
            ),
        }
