"""The functions of `import fluvial` about logged and registered models: they wait for their answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from fluvial.client.active_run import active_runs
from fluvial.client.client import FluvialClient
from fluvial.client.paged_list import PagedList
from fluvial.client.queries import experiment_that_is_set
from fluvial.client.registered import LoggedModel, ModelVersion, RegisteredModel

__all__ = [
    "delete_logged_model",
    "delete_logged_model_tag",
    "finalize_logged_model",
    "get_logged_model",
    "initialize_logged_model",
    "log_model_params",
    "register_model",
    "search_logged_models",
    "search_model_versions",
    "search_registered_models",
    "set_logged_model_tags",
]

T = TypeVar("T")

MAX_FOUND = 100_000
MODELS_PAGE = 1000
VERSIONS_PAGE = 10_000


def register_model(
    model_uri: str,
    name: str,
    await_registration_for: int | None = None,  # noqa: ARG001  a version is ready at once
    *,
    tags: Mapping[str, Any] | None = None,
) -> ModelVersion:
    """Register a model as the next version of a registered model, which is made where there is none.

    Args:
        model_uri: `models:/<model id>`, `runs:/<run id>/path`, or a version: `models:/name/1`.
        name: The registered model.
        await_registration_for: Taken, and without effect.
        tags: Tags of the version.

    Example:
        >>> model = fluvial.initialize_logged_model("net")
        >>> version = fluvial.register_model(model.model_uri, "churn")
        >>> version.version, version.model_id == model.model_id
        ('1', True)
    """
    return FluvialClient().register_model(model_uri, name, tags=tags)


def search_registered_models(
    max_results: int | None = None, filter_string: str | None = None, order_by: Sequence[str] | None = None
) -> list[RegisteredModel]:
    """All registered models that match."""
    client = FluvialClient()
    return _all(
        lambda size, token: client.search_registered_models(filter_string, size, order_by, token),
        max_results,
        MODELS_PAGE,
    )


def search_model_versions(
    max_results: int | None = None, filter_string: str | None = None, order_by: Sequence[str] | None = None
) -> list[ModelVersion]:
    """All versions of registered models that match, the last changed first."""
    client = FluvialClient()
    return _all(
        lambda size, token: client.search_model_versions(filter_string, size, order_by, token),
        max_results,
        VERSIONS_PAGE,
    )


def initialize_logged_model(
    name: str | None = None,
    source_run_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    experiment_id: str | None = None,
) -> LoggedModel:
    """Make a logged model, of the active run where there is one, whose files come next."""
    client = FluvialClient()
    runs = active_runs()
    run = runs[-1] if runs and source_run_id is None else None
    if experiment_id is None:
        experiment_id = run.info.experiment_id if run else experiment_that_is_set(client)
    return client.create_logged_model(
        experiment_id, name, run.info.run_id if run else source_run_id, tags, params, model_type
    )


def finalize_logged_model(model_id: str, status: str) -> LoggedModel:
    """Say whether the files of a logged model have arrived: `READY` or `UPLOAD_FAILED`."""
    return FluvialClient().finalize_logged_model(model_id, status)


def get_logged_model(model_id: str) -> LoggedModel:
    """A logged model, by id."""
    return FluvialClient().get_logged_model(model_id)


def delete_logged_model(model_id: str) -> None:
    """Delete a logged model."""
    FluvialClient().delete_logged_model(model_id)


def set_logged_model_tags(model_id: str, tags: Mapping[str, Any]) -> None:
    """Set tags of a logged model."""
    FluvialClient().set_logged_model_tags(model_id, tags)


def delete_logged_model_tag(model_id: str, key: str) -> None:
    """Delete one tag of a logged model."""
    FluvialClient().delete_logged_model_tag(model_id, key)


def log_model_params(params: Mapping[str, Any], model_id: str) -> None:
    """Add params to a logged model; each is written once."""
    FluvialClient().log_model_params(model_id, params)


def search_logged_models(
    experiment_ids: Sequence[str] | None = None,
    filter_string: str | None = None,
    datasets: Sequence[Mapping[str, str]] | None = None,
    max_results: int | None = None,
    order_by: Sequence[Mapping[str, Any]] | None = None,
) -> list[LoggedModel]:
    """All logged models that match; of the experiment that is set where none is named.

    Example:
        >>> with fluvial.start_run():
        ...     model = fluvial.initialize_logged_model("net", params={"depth": 3})
        >>> [found.name for found in fluvial.search_logged_models(filter_string="params.depth = '3'")]
        ['net']
    """
    client = FluvialClient()
    wanted = experiment_ids or [experiment_that_is_set(client)]
    return _all(
        lambda size, token: client.search_logged_models(
            wanted, filter_string, datasets, size, order_by, token
        ),
        max_results,
        MODELS_PAGE,
    )


def _all(read: Callable[[int, str | None], PagedList[T]], max_results: int | None, page_size: int) -> list[T]:
    """What is on all pages, up to a number."""
    limit = MAX_FOUND if max_results is None else max_results
    found: list[T] = []
    token: str | None = None
    while len(found) < limit:
        page = read(min(page_size, limit - len(found)), token)
        found += page
        token = page.token
        if not token:
            break
    return found
