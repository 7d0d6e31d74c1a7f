"""Runs and experiments as users hold them: params, tags and metrics are dicts, as in MLflow's client."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import msgspec

from fluvial.client.display import ReadSeries, run_html
from fluvial.entities.dataset import DatasetInput
from fluvial.entities.experiment import Experiment as ExperimentEntity
from fluvial.entities.experiment import LifecycleStage
from fluvial.entities.metric import Metric
from fluvial.entities.run import ModelInput, ModelOutput, RunInfo
from fluvial.entities.run import Run as RunEntity
from fluvial.errors import FluvialError

__all__ = ["Experiment", "Run"]


class Experiment:
    """A named group of runs.

    Of an experiment that was only named so far (`set_experiment`) the rest is read when it is asked for.

    Args:
        name: Its name; empty where only the id is known.
        read: Reads it.
    """

    def __init__(self, name: str, read: Callable[[], ExperimentEntity]) -> None:
        self._name = name
        self._read = read
        self._entity: ExperimentEntity | None = None

    @classmethod
    def of(cls, entity: ExperimentEntity) -> Experiment:
        """An experiment that was read."""
        return cls(entity.name, lambda: entity)

    @property
    def entity(self) -> ExperimentEntity:
        """All of it, as the server has it."""
        if self._entity is None:
            self._entity = self._read()
        return self._entity

    @property
    def name(self) -> str:
        """Unique, also among deleted experiments."""
        return self._name or self.entity.name

    @property
    def experiment_id(self) -> str:
        """Decimal digits."""
        return self.entity.experiment_id

    @property
    def artifact_location(self) -> str:
        """Where the artifacts of its runs are kept."""
        return self.entity.artifact_location

    @property
    def lifecycle_stage(self) -> LifecycleStage:
        """Whether it is in the trash."""
        return self.entity.lifecycle_stage

    @property
    def creation_time(self) -> int:
        """When it was made, ms since the epoch."""
        return self.entity.creation_time

    @property
    def last_update_time(self) -> int:
        """When its name, tags or lifecycle stage last changed, ms since the epoch."""
        return self.entity.last_update_time

    @property
    def tags(self) -> dict[str, str]:
        """Labels, by key."""
        return {tag.key: tag.value for tag in self.entity.tags}

    def __repr__(self) -> str:
        return f"<Experiment {self.name!r}>"


class RunData:
    """What was logged to a run.

    Attributes:
        metrics: Last value of each metric, by key.
        params: By key.
        tags: By key.
    """

    def __init__(self, run: RunEntity) -> None:
        self._metrics = run.data.metrics
        self.metrics = {metric.key: metric.value for metric in run.data.metrics}
        self.params = {param.key: param.value for param in run.data.params}
        self.tags = {tag.key: tag.value for tag in run.data.tags}

    def metric_points(self) -> tuple[Metric, ...]:
        """The last point of each metric, with its step and time."""
        return self._metrics

    def to_dictionary(self) -> dict[str, dict[str, Any]]:
        """The same as plain dicts."""
        return {"metrics": dict(self.metrics), "params": dict(self.params), "tags": dict(self.tags)}


class RunInputs:
    """What a run read.

    Attributes:
        dataset_inputs: Datasets, each with what it was read for.
        model_inputs: Logged models.
    """

    def __init__(self, run: RunEntity) -> None:
        self.dataset_inputs: list[DatasetInput] = list(run.inputs.dataset_inputs)
        self.model_inputs: list[ModelInput] = list(run.inputs.model_inputs)


class RunOutputs:
    """What a run made.

    Attributes:
        model_outputs: Logged models.
    """

    def __init__(self, run: RunEntity) -> None:
        self.model_outputs: list[ModelOutput] = list(run.outputs.model_outputs) if run.outputs else []


class Run:
    """A run as the server had it when it was read.

    Attributes:
        info: What it is.
        data: What was logged.
        inputs: What it read.
        outputs: What it made.
    """

    def __init__(self, entity: RunEntity, read_series: ReadSeries | None = None) -> None:
        self.info: RunInfo = entity.info
        self.data = RunData(entity)
        self.inputs = RunInputs(entity)
        self.outputs = RunOutputs(entity)
        self._entity = entity
        self._read_series = read_series

    def to_dictionary(self) -> dict[str, Any]:
        """The same as plain dicts and lists."""
        whole: dict[str, Any] = msgspec.to_builtins(self._entity)
        return {**whole, "data": self.data.to_dictionary()}

    def __repr__(self) -> str:
        return f"<Run {self.info.run_id} {self.info.run_name!r} {self.info.status}>"

    def _repr_html_(self) -> str:
        """The run as a notebook shows it, with charts of its metrics as they are now."""
        if self._read_series is None:
            return html.escape(repr(self))
        try:
            return run_html(self, self._read_series)
        except FluvialError as error:
            return html.escape(f"{self!r}: {error}")

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_read_series": None}  # the way to the platform stays in this process
