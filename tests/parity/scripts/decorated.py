"""Training wrapped by a decorator that the team wrote."""

import functools
from collections.abc import Callable

import mlflow


def tracked(train: Callable[..., float]) -> Callable[..., float]:
    """Each call is a run: arguments are params, the result is a metric."""

    @functools.wraps(train)
    def wrapper(**settings: object) -> float:
        with mlflow.start_run(run_name=train.__name__, nested=True):
            mlflow.log_params(settings)
            result = train(**settings)
            mlflow.log_metric("result", result)
            return result

    return wrapper


@tracked
def fit(rate: float, depth: int) -> float:
    """Train."""
    return rate * depth


fit(rate=0.1, depth=3)
fit(rate=0.2, depth=4)
