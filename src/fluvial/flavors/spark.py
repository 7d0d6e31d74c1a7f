"""PySpark ML: fitted models and pipelines, in Spark's own folders: Parquet and JSON, no pickles.

What is saved or loaded lies on the disk of this machine; executors on other machines need to see it there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import pyspark
from pyspark.ml import PipelineModel, Transformer
from pyspark.ml.functions import array_to_vector
from pyspark.ml.util import MLWritable
from pyspark.sql import SparkSession

from fluvial.errors import InvalidModel, UntrustedModel
from fluvial.flavors import Loading, Predict, Saved, Saving

ARGUMENT = "spark_model"
NAME = "sparkml"
# Spark's own, which only compute. An SQLTransformer is none of them: SQL can call any method of Java.
OWN = ("org.apache.spark.ml.*", "pyspark.ml.*")
NOT_OWN = ("*.SQLTransformer",)


def save(model: Any, saving: Saving) -> Saved:
    """Write a fitted model, or a pipeline of such."""
    if not isinstance(model, Transformer) or not isinstance(model, MLWritable):
        raise InvalidModel(f"{type(model).__name__} is no fitted model of PySpark ML that can be written.")
    pipeline = model if isinstance(model, PipelineModel) else PipelineModel([model])
    pipeline.write().save(_uri(saving.folder / NAME))
    keys = {
        "pyspark_version": pyspark.__version__,
        "model_class": _class_of(model),
        "model_data": NAME,
        "code": None,
    }
    return Saved(keys=keys, pyfunc={"data": NAME}, modules=("pyspark", "pandas"))


def load(loading: Loading) -> Any:
    """The pipeline; a session of Spark on this machine is begun where there is none.

    Raises:
        UntrustedModel: It names classes that are not Spark's own, or that run what they are given.
        InvalidModel: It is no pipeline of Spark.
    """
    folder = loading.folder / str(loading.keys.get("model_data", NAME))
    named = set(_named_in(folder))
    if not named:
        raise InvalidModel(f"There is no pipeline of Spark in {folder}.")
    unknown = sorted(name for name in named if not _is_own(name) and name not in loading.trusted)
    if unknown:
        raise UntrustedModel(
            "The model names classes that nothing vouches for; nothing was loaded. Look at them, then load "
            "it with trusted=[…] if they are what you expect:",
            tuple(unknown),
        )
    _session()
    return PipelineModel.load(_uri(folder))


def predictor(model: Any, loading: Loading) -> Predict:
    """The column `prediction` of what a frame becomes, as a list.

    Frames are of pandas or Spark; columns with lists of numbers become vectors.
    """
    del loading

    def predict(data: Any, params: dict[str, Any]) -> Any:
        frame = data
        if not isinstance(data, pyspark.sql.DataFrame):
            frame = _session().createDataFrame(data)
            for name in data.columns:
                first: Any = data[name].iloc[0] if len(data) else None
                if isinstance(first, list | np.ndarray) and len(first) and isinstance(first[0], float):
                    frame = frame.withColumn(name, array_to_vector(frame[name]))
        transformed = model.transform(frame, model.extractParamMap() | params if params else None)
        return [row[0] for row in transformed.select("prediction").collect()]

    return predict


def _uri(folder: Path) -> str:
    """A folder of this machine as Spark names it, which takes names as they are: `%20` is no blank."""
    return f"file://{folder.resolve()}"


def _session() -> Any:
    return SparkSession.getActiveSession() or SparkSession.builder.master("local[1]").getOrCreate()


def _named_in(folder: Path) -> Iterator[str]:
    """The classes that Spark would make of a folder: each stage says its own in its metadata."""
    for file in folder.rglob("metadata/part-*"):
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                yield str(json.loads(line)["class"])
            except (ValueError, KeyError, TypeError) as error:
                raise InvalidModel(f"{file} does not say what it is of.") from error


def _is_own(name: str) -> bool:
    is_computing = not any(fnmatchcase(name, pattern) for pattern in NOT_OWN)
    return is_computing and any(fnmatchcase(name, pattern) for pattern in OWN)


def _class_of(model: Any) -> str:
    return f"{type(model).__module__}.{type(model).__qualname__}"
