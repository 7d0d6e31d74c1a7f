"""Models that are written in Python: functions, and classes with `predict`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from fluvial.errors import InvalidModel, NotSupported
from fluvial.models.hints import Hints, as_items, hints_of

__all__ = ["PythonModel", "PythonModelContext"]


class PythonModelContext(Struct, frozen=True):
    """What a model finds when it is loaded.

    Attributes:
        artifacts: Where its files are on this machine, by name.
        model_config: What it was saved or loaded with.
    """

    artifacts: Mapping[str, str]
    model_config: Mapping[str, Any]


class PythonModel:
    """A model that is a class of yours: subclass it, and write `predict`.

    `predict` may leave out the context, the params, or both. With a type hint such as `list[Question]` on its
    data it gets a list of these, and the model's signature follows from it.

    Example:
        >>> class Doubled(fluvial.pyfunc.PythonModel):
        ...     def predict(self, model_input: list[float]) -> list[float]:
        ...         return [2 * value for value in model_input]
        >>> fluvial.pyfunc.save_model("doubled", python_model=Doubled(), allow_pickle=True)
        >>> fluvial.pyfunc.load_model("doubled", allow_pickle=True).predict([1.5])
        [3.0]
    """

    @property
    def predict_type_hints(self) -> Any:
        """The type hint of its data, which MLflow asks for; None where there is none."""
        hints = hints_of_model(self)
        return None if hints is None else list[hints.element]  # type: ignore[name-defined]

    def load_context(self, context: PythonModelContext) -> None:
        """Get ready, once, when the model is loaded: read the artifacts."""

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """The predictions for data that fit the signature."""
        raise NotImplementedError(f"{type(self).__name__} has no predict.")


class FunctionModel(PythonModel):
    """A function as a model.

    Args:
        function: Takes the data, and params as its second argument if it has one.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """What the function returns."""
        del context
        return _called(self.function, None, model_input, params or {})


class PythonPredictor:
    """Predicts with a model that is written in Python.

    Args:
        model: A `PythonModel`, also of MLflow, or whatever has such methods.
        context: What it finds.
        is_typed: Whether its data are what its type hints say.
    """

    def __init__(self, model: Any, context: PythonModelContext, *, is_typed: bool) -> None:
        if not callable(getattr(model, "predict", None)):
            raise InvalidModel(f"{type(model).__name__} is no model: it has no predict.")
        self.model = model
        self._context = context
        self._hints = hints_of_model(model) if is_typed else None

    @property
    def is_typed(self) -> bool:
        """Whether its type hints say what its data are, so that these are checked here."""
        return self._hints is not None

    def __call__(self, data: Any, params: dict[str, Any]) -> Any:
        """The predictions."""
        return _called(self.model.predict, self._context, self._items(data), params)

    def stream(self, data: Any, params: dict[str, Any]) -> Iterator[Any]:
        """The predictions, piece by piece.

        Raises:
            NotSupported: The model has no `predict_stream`.
        """
        if not is_streamable(self.model):
            raise NotSupported(f"{type(self.model).__name__} has no predict_stream.")
        items = self._items(data)
        yield from _called(self.model.predict_stream, self._context, items, params)

    def _items(self, data: Any) -> Any:
        return data if self._hints is None else as_items(data, self._hints)


def as_model(given: Any) -> Any:
    """A function or a class of a model as a model.

    Raises:
        InvalidModel: It is none of these.
    """
    if inspect.isclass(given):
        given = given()
    if callable(getattr(given, "predict", None)):
        return given
    if not callable(given):
        raise InvalidModel(f"A model is a PythonModel, a function or a path to a script, not {given!r}.")
    return FunctionModel(given)


def hints_of_model(model: Any) -> Hints | None:
    """The type hints of a model's `predict`."""
    return hints_of(model.function if isinstance(model, FunctionModel) else model.predict)


def is_streamable(model: Any) -> bool:
    """Whether it has a `predict_stream` of its own; MLflow's base class has one that raises."""
    own = getattr(type(model), "predict_stream", None)
    return own is not None and own.__module__.partition(".")[0] != "mlflow"


def load_context(model: Any, context: PythonModelContext) -> None:
    """Let a model get ready."""
    prepare = getattr(model, "load_context", None)
    if prepare is not None:
        prepare(context)


def _called(method: Callable[..., Any], context: Any, data: Any, params: dict[str, Any]) -> Any:
    """Call with the arguments that a method has: `(context, data, params)`, `(data, params)`, `(data)`."""
    names = [name for name in _arguments(method) if name != "self"]
    more = {"params": params} if "params" in names else {}
    return method(context, data, **more) if names and names[0] == "context" else method(data, **more)


def _arguments(method: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(method).parameters)
