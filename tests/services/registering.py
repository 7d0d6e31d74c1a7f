"""Logged models, registered models and versions for tests of services."""

from __future__ import annotations

from typing import Any

from fluvial.entities.logged_model import LoggedModelStatus
from fluvial.entities.metric import Metric
from fluvial.entities.registered_model import ModelVersion
from fluvial.entities.tag import Tag
from fluvial.services.platform import Platform, somebody
from fluvial.wire.logged_models import (
    CREATE_LOGGED_MODEL,
    FINALIZE_LOGGED_MODEL,
    CreateLoggedModel,
    FinalizeLoggedModel,
)
from fluvial.wire.model_versions import CREATE_MODEL_VERSION, CreateModelVersion
from fluvial.wire.registered_models import (
    CREATE_REGISTERED_MODEL,
    SET_ALIAS,
    CreateRegisteredModel,
    SetAlias,
)
from fluvial.wire.runs import LOG_BATCH, LogBatch
from tests.services.making import start


def log_model(platform: Platform, run_id: str = "", *, name: str = "net", experiment_id: str = "0") -> str:
    """A new logged model's id."""
    made = platform.call(
        CREATE_LOGGED_MODEL,
        CreateLoggedModel(experiment_id=experiment_id, name=name, source_run_id=run_id),
    )
    model_id = made.model.info.model_id
    platform.call(
        FINALIZE_LOGGED_MODEL, FinalizeLoggedModel(model_id=model_id, status=LoggedModelStatus.READY)
    )
    return model_id


def measure(platform: Platform, run_id: str, model_id: str, **values: float) -> None:
    """Log metrics of a model to a run."""
    metrics = tuple(
        Metric(key=key, value=value, timestamp=1000, step=0, model_id=model_id)
        for key, value in values.items()
    )
    platform.call(LOG_BATCH, LogBatch(run_id=run_id, metrics=metrics))


def create(platform: Platform, name: str, *, by: str = "", **more: Any) -> None:
    """A new registered model."""
    platform.call(CREATE_REGISTERED_MODEL, CreateRegisteredModel(name=name, **more), somebody(by))


def register(platform: Platform, name: str, model_id: str = "", *, by: str = "", **tags: str) -> ModelVersion:
    """A new version of a registered model, of a logged model or of a new one."""
    model_id = model_id or log_model(platform, start(platform, experiment_id="0"))
    request = CreateModelVersion(
        name=name,
        source=f"models:/{model_id}",
        model_id=model_id,
        tags=tuple(Tag(key, value) for key, value in tags.items()),
    )
    return platform.call(CREATE_MODEL_VERSION, request, somebody(by)).model_version


def point(platform: Platform, name: str, alias: str, version: int, *, by: str = "") -> None:
    """Let an alias point at a version."""
    platform.call(SET_ALIAS, SetAlias(name=name, alias=alias, version=str(version)), somebody(by))
