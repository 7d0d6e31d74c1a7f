from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from fluvial.errors import UntrustedModel
from fluvial.models import loading, saving
from fluvial.models.infer import infer_signature
from fluvial.models.loading import Trust
from fluvial.models.saving import Options
from fluvial.testing.flavors import Case, FlavorSuite

ml = pytest.importorskip("pyspark.ml")
feature = pytest.importorskip("pyspark.ml.feature")
regression = pytest.importorskip("pyspark.ml.regression")
linalg = pytest.importorskip("pyspark.ml.linalg")
sql = pytest.importorskip("pyspark.sql")
pandas = pytest.importorskip("pandas")
FRAME = pandas.DataFrame({"a": [0.0, 1.0, 2.0, 3.0], "b": [1.0, 0.0, 2.0, 1.0], "y": [1.0, 2.0, 6.0, 7.0]})


def session() -> Any:
    return sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()


def pipeline(*more: Any) -> Any:
    frame = session().createDataFrame(FRAME)
    assembler = feature.VectorAssembler(inputCols=["a", "b"], outputCol="features")
    line = regression.LinearRegression(labelCol="y")
    return ml.Pipeline(stages=[*more, assembler, line]).fit(frame)


class TestSpark(FlavorSuite):
    flavor = "spark"

    @staticmethod
    def cases() -> Mapping[str, Case]:
        model = pipeline()
        example = FRAME[["a", "b"]].head(2)
        answers = model.transform(session().createDataFrame(example)).select("prediction").collect()
        return {"a pipeline": Case(model=model, example=example, expected=[row[0] for row in answers])}


def test_a_signature_follows_from_frames_of_spark() -> None:
    frame = session().createDataFrame(
        [(1, "a", [1.0], linalg.Vectors.dense(1.0))], ["n", "s", "list", "vector"]
    )

    inputs = infer_signature(frame).inputs

    assert inputs is not None
    assert [
        (name, str(kind)) for name, kind in zip(inputs.input_names(), inputs.input_types(), strict=True)
    ] == [
        ("n", "long"),
        ("s", "string"),
        ("list", "array(double)"),
        ("vector", "array(double)"),
    ]


def test_a_model_without_a_pipeline_takes_vectors_and_frames_of_spark(tmp_path: Path) -> None:
    rows = session().createDataFrame(FRAME)
    frame = feature.VectorAssembler(inputCols=["a", "b"], outputCol="features").transform(rows)
    model = regression.LinearRegression(labelCol="y").fit(frame)
    write = saving.of_flavor("spark", model, {})
    saving.save(tmp_path / "a", write, Options(input_example=frame.select("features")))

    loaded = loading.load_pyfunc(tmp_path / "a", Trust())

    expected = [row[0] for row in model.transform(frame).select("prediction").collect()]
    assert loaded.predict(frame.select("features")) == pytest.approx(expected)
    assert loaded.predict({"features": [[0.0, 1.0]]}) == pytest.approx(expected[:1])


def test_a_model_that_runs_sql_is_loaded_only_by_those_who_trust_it(tmp_path: Path) -> None:
    session()
    model = pipeline(feature.SQLTransformer(statement="SELECT * FROM __THIS__"))
    saving.save(tmp_path / "a", saving.of_flavor("spark", model, {}), Options())

    with pytest.raises(UntrustedModel) as refused:
        loading.load_pyfunc(tmp_path / "a", Trust())

    (name,) = refused.value.reasons
    assert name == "org.apache.spark.ml.feature.SQLTransformer"
    loading.load_pyfunc(tmp_path / "a", Trust(trusted=(name,)))
