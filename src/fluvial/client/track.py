"""`@fluvial.track`: a function whose every call is a run."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ParamSpec, TypeVar, overload

from fluvial.client.active_run import ActiveRun, active_runs
from fluvial.client.fluent import log_params, start_run

__all__ = ["track"]

MAX_PARAM_CHARS = 500

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@overload
def track(function: Callable[Parameters, Result], /) -> Callable[Parameters, Result]: ...
@overload
def track(
    *,
    run_name: str | None = None,
    experiment_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    log_system_metrics: bool | None = None,
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]: ...
def track(
    function: Callable[..., Any] | None = None,
    /,
    *,
    run_name: str | None = None,
    experiment_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    log_system_metrics: bool | None = None,
) -> Any:
    """Make each call of a function a run, which is active within it.

    The arguments become params, defaults too; a dict within them has its names behind a `/`, and an array is
    told by its type and shape. The numbers of a dict that it returns become metrics. An exception makes the
    run FAILED. Within another run, the run is its child. `async def` is taken too.

    Args:
        function: The function, where it is decorated without arguments.
        run_name: Name of the runs; the function's where it is not given.
        experiment_id: Their experiment; the one that is set where it is not given.
        tags: Their labels.
        log_system_metrics: Whether the machine is measured.

    Example:
        >>> @fluvial.track
        ... def train(rate, layers=3):
        ...     return {"loss": rate / layers}
        >>> train(0.3)
        {'loss': 0.09999999999999999}
    """

    def tracked(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)

        def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> ActiveRun:
            given = signature.bind(*args, **kwargs)  # a wrong call raises before there is a run
            given.apply_defaults()
            run = start_run(
                experiment_id=experiment_id,
                run_name=run_name or function.__name__,
                nested=bool(active_runs()),
                tags=tags,
                log_system_metrics=log_system_metrics,
            )
            log_params(dict(_params(given.arguments)))
            return run

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def call_async(*args: Any, **kwargs: Any) -> Any:
                with begin(args, kwargs) as run:
                    result = await function(*args, **kwargs)
                    _log_result(run, result)
                return result

            return call_async

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with begin(args, kwargs) as run:
                result = function(*args, **kwargs)
                _log_result(run, result)
            return result

        return call

    return tracked if function is None else tracked(function)


def _log_result(run: ActiveRun, result: Any) -> None:
    if isinstance(result, Mapping):
        numbers = dict(_numbers(result, ""))
        if numbers:
            run.tracker.log_metrics(run.run_id, numbers)


def _numbers(values: Mapping[Any, Any], prefix: str) -> Iterator[tuple[str, float]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{prefix}{key}/")
        elif not isinstance(value, str | bytes) and hasattr(value, "__float__") and _is_single(value):
            yield f"{prefix}{key}", float(value)


def _is_single(value: Any) -> bool:
    return math.prod(getattr(value, "shape", ())) == 1


def _params(arguments: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in arguments.items():
        if not prefix and name in ("self", "cls"):
            continue
        if isinstance(value, Mapping) and value:
            yield from _params({str(key): item for key, item in value.items()}, f"{prefix}{name}/")
        else:
            yield f"{prefix}{name}", _as_text(value)


def _as_text(value: Any) -> str:
    shape = getattr(value, "shape", None)
    if shape:
        return f"{type(value).__name__}{tuple(shape)}"
    return str(value)[:MAX_PARAM_CHARS]
