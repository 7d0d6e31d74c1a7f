"""Runs and points for tests of services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fluvial.entities.metric import Metric
from fluvial.entities.run import Run
from fluvial.entities.tag import Param, Tag
from fluvial.services.platform import Platform
from fluvial.wire.runs import CREATE_RUN, GET_RUN, LOG_BATCH, CreateRun, LogBatch, RunId


def start(platform: Platform, **more: Any) -> str:
    """A new run's id."""
    return platform.call(CREATE_RUN, CreateRun(**more)).run.info.run_id


def get(platform: Platform, run_id: str) -> Run:
    """A run as the platform has it."""
    return platform.call(GET_RUN, RunId(run_id=run_id)).run


def log(
    platform: Platform,
    run_id: str,
    *,
    metrics: Sequence[tuple[str, float, int]] = (),
    params: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Log metrics as (key, value, step), each at its step's time, and params and tags."""
    platform.call(
        LOG_BATCH,
        LogBatch(
            run_id=run_id,
            metrics=tuple(
                Metric(key=key, value=value, step=step, timestamp=1000 + step) for key, value, step in metrics
            ),
            params=tuple(Param(key=key, value=value) for key, value in (params or {}).items()),
            tags=tuple(Tag(key=key, value=value) for key, value in (tags or {}).items()),
        ),
    )


def last_values(run: Run) -> dict[str, float]:
    """The last value of each metric of a run."""
    return {metric.key: metric.value for metric in run.data.metrics}


def params_of(run: Run) -> dict[str, str]:
    """The params of a run."""
    return {param.key: param.value for param in run.data.params}


def tags_of(run: Run) -> dict[str, str]:
    """The tags of a run."""
    return {tag.key: tag.value for tag in run.data.tags}
