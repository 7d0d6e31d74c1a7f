"""A model that predicts, whatever made it: data are held to its signature, then its framework predicts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fluvial.errors import InvalidRequest, NotSupported
from fluvial.flavors import Predict
from fluvial.models.enforce import enforcer
from fluvial.models.examples import load_example
from fluvial.models.mlmodel import Model
from fluvial.models.python_model import PythonPredictor
from fluvial.models.signature import ModelSignature

_log = logging.getLogger("fluvial")


class PyFuncModel:
    """A loaded model. Any thread may use it, if its framework allows that.

    Args:
        metadata: What its MLmodel file says.
        folder: Where its files are.
        model: As its framework has it.
        predict: How to predict with that.
        model_config: What it was loaded with.
    """

    def __init__(
        self,
        metadata: Model,
        folder: Path,
        model: Any,
        predict: Predict,
        model_config: Mapping[str, Any] | None = None,
    ) -> None:
        signature = metadata.signature
        is_typed = isinstance(predict, PythonPredictor) and predict.is_typed
        self.metadata = metadata
        self.model_config = dict(model_config or {})
        self._folder = folder
        self._model = model
        self._predict = predict
        self._params = signature.params if signature is not None else None
        self._enforce: Callable[[Any], Any] | None = None
        if signature is not None and signature.inputs is not None and not is_typed:
            self._enforce = enforcer(signature.inputs)
        self._has_warned = False

    def predict(self, data: Any, params: Mapping[str, Any] | None = None) -> Any:
        """The predictions for data.

        Args:
            data: What fits the signature: a frame of pandas or polars, arrays, dicts, lists.
            params: What the signature has beside the data; defaults for those that are not given.

        Raises:
            InvalidInput: They do not fit; the message names each column, what is wanted and what was given.
        """
        if self._enforce is not None:
            data = self._enforce(data)
        return self._predict(data, self._enforced_params(params))

    def predict_stream(self, data: Any, params: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """The predictions for data, piece by piece.

        Raises:
            InvalidInput: They do not fit the signature.
            NotSupported: The model does not stream.
        """
        if not isinstance(self._predict, PythonPredictor):
            raise NotSupported("This model does not stream: only models written in Python do.")
        if self._enforce is not None:
            data = self._enforce(data)
        return self._predict.stream(data, self._enforced_params(params))

    @property
    def signature(self) -> ModelSignature | None:
        """What the model takes and gives."""
        return self.metadata.signature

    @property
    def model_id(self) -> str | None:
        """Of the logged model that it is."""
        return self.metadata.model_id

    @property
    def loader_module(self) -> str:
        """Which flavor loaded it, by MLflow's name."""
        return str(self.metadata.pyfunc.get("loader_module"))

    @property
    def input_example(self) -> Any:
        """Data that the model takes, if it was saved with an example."""
        inputs = self.signature.inputs if self.signature is not None else None
        example = load_example(self.metadata.saved_input_example_info, self._folder, inputs)
        return None if example is None else example.data

    def unwrap_python_model(self) -> Any:
        """The object that a model written in Python is.

        Raises:
            InvalidRequest: It is a model of a framework.
        """
        if not isinstance(self._predict, PythonPredictor):
            raise InvalidRequest("This is a model of a framework: get_raw_model gives it.")
        return self._predict.model

    def get_raw_model(self) -> Any:
        """The model as its framework has it."""
        return self._model

    def _enforced_params(self, params: Mapping[str, Any] | None) -> dict[str, Any]:
        if self._params is not None:
            return self._params.enforce(params)
        if params and not self._has_warned:
            self._has_warned = True
            _log.warning("The model's signature has no params; %s left out.", ", ".join(map(repr, params)))
        return {}

    def __repr__(self) -> str:
        flavors = ", ".join(self.metadata.flavors)
        return f"PyFuncModel(model_id={self.model_id!r}, flavors: {flavors}, signature: {self.signature!r})"
