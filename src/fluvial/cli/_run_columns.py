"""What tables say about runs: attributes, metrics, params and tags as columns."""

from __future__ import annotations

import difflib
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from fluvial.cli._output import (
    Cell,
    Column,
    duration_cell,
    number_cell,
    status_cell,
    text_cell,
    time_cell,
)
from fluvial.cli._platform import ID_CHARS
from fluvial.entities.experiment import Experiment
from fluvial.entities.run import NOTE_TAG, PARENT_TAG, USER_TAG, Run

# Metrics that describe the training, not its result: other columns come first.
_SELDOM_WANTED = re.compile(r"(^|[/_.])(lr|learning_rate|epoch|step|grad_norm|time|duration|speed)($|[/_.])")
COLLECTIONS = ("metrics", "params", "tags")
SYSTEM_METRICS = "system/"
PLAIN_DEFAULT = ("run_id", "run_name", "experiment", "status", "start_time", "duration")
_MAX_AUTOMATIC = 6
_GAP = 2
_ATTRIBUTES_WIDTH = 60
_MAX_NAME_WIDTH = 28


def metrics_of(run: Run) -> dict[str, float]:
    """The last value of each metric."""
    return {metric.key: metric.value for metric in run.data.metrics}


def params_of(run: Run) -> dict[str, str]:
    """The params."""
    return {param.key: param.value for param in run.data.params}


def tags_of(run: Run) -> dict[str, str]:
    """The tags."""
    return {tag.key: tag.value for tag in run.data.tags}


def duration_ms(run: Run) -> int | None:
    """How long a run took, if it has ended."""
    return None if run.info.end_time is None else run.info.end_time - run.info.start_time


class RunColumns:
    """Columns of a table of runs.

    Args:
        experiments: All experiments by id.
    """

    def __init__(self, experiments: Mapping[str, Experiment]) -> None:
        self._experiments = experiments
        self._attributes: dict[str, tuple[Column, Callable[[Run], Cell]]] = {
            "run_id": (Column("run_id", style="cyan"), _id_cell),
            "run_name": (Column("run_name"), lambda run: text_cell(run.info.run_name, "bold")),
            "experiment": (Column("experiment"), lambda run: text_cell(self.experiment_of(run))),
            "experiment_id": (Column("experiment_id"), lambda run: text_cell(run.info.experiment_id)),
            "status": (Column("status"), lambda run: status_cell(run.info.status)),
            "start_time": (Column("start_time", "right"), lambda run: time_cell(run.info.start_time)),
            "end_time": (Column("end_time", "right"), lambda run: time_cell(run.info.end_time)),
            "duration": (Column("duration", "right"), lambda run: duration_cell(duration_ms(run))),
            "user": (Column("user"), lambda run: text_cell(tags_of(run).get(USER_TAG, run.info.user_id))),
            "parent": (Column("parent"), lambda run: text_cell(tags_of(run).get(PARENT_TAG))),
            "note": (Column("note"), lambda run: text_cell(tags_of(run).get(NOTE_TAG))),
            "artifact_uri": (Column("artifact_uri"), lambda run: text_cell(run.info.artifact_uri)),
            "lifecycle_stage": (Column("lifecycle_stage"), lambda run: text_cell(run.info.lifecycle_stage)),
        }

    def experiment_of(self, run: Run) -> str:
        """Name of a run's experiment."""
        experiment = self._experiments.get(run.info.experiment_id)
        return experiment.name if experiment else run.info.experiment_id

    def parse(self, text: str) -> tuple[str, ...]:
        """The names in a list with commas between, each checked.

        Raises:
            UsageError: One is neither an attribute nor `metrics.`, `params.` or `tags.` with a key.
        """
        names = tuple(part.strip() for part in text.split(",") if part.strip())
        for name in names:
            collection, _, key = name.partition(".")
            if name in self._attributes or (collection in COLLECTIONS and key):
                continue
            known = [*self._attributes, *(f"{collection}.{name}" for collection in COLLECTIONS)]
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(
                f"--columns: {name!r} is no column.{hint} There are {', '.join(self._attributes)}, and "
                "metrics.KEY, params.KEY and tags.KEY."
            )
        return names

    def default(self, runs: Sequence[Run]) -> tuple[str, ...]:
        """What a terminal has space for: attributes, then the metrics and params that tell runs apart."""
        several = len({run.info.experiment_id for run in runs}) > 1
        names = [
            "run_id",
            "run_name",
            *(["experiment"] if several else []),
            "status",
            "start_time",
            "duration",
        ]
        n_free = shutil.get_terminal_size().columns - _ATTRIBUTES_WIDTH
        if several:
            n_free -= max(len(self.experiment_of(run)) for run in runs) + _GAP
        automatic = [*_frequent_metrics(runs), *_differing_params(runs)]
        for name in automatic[:_MAX_AUTOMATIC]:
            width = max(len(name.partition(".")[2]), *(len(self.cell(run, name).shown) for run in runs))
            if width + _GAP > n_free:
                continue
            n_free -= width + _GAP
            names.append(name)
        return tuple(names)

    def column(self, name: str, *, is_short: bool) -> Column:
        """How a column looks."""
        if name in self._attributes:
            column = self._attributes[name][0]
            if not is_short:
                return column
            titles = {"run_id": "id", "run_name": "name", "start_time": "started", "duration": "took"}
            widths = {"run_id": ID_CHARS, "status": 10, "run_name": 10}
            return Column(titles.get(name, name), column.justify, column.style, min_width=widths.get(name, 8))
        collection, _, key = name.partition(".")
        title = key if is_short else name
        return Column(title, "right" if collection == "metrics" else "left")

    def cell(self, run: Run, name: str) -> Cell:
        """What a column says about a run."""
        if name in self._attributes:
            return self._attributes[name][1](run)
        collection, _, key = name.partition(".")
        if collection == "metrics":
            return number_cell(metrics_of(run).get(key))
        return text_cell((params_of(run) if collection == "params" else tags_of(run)).get(key))

    def value(self, run: Run, name: str) -> Any:
        """The same as a value of JSON."""
        if name in ("start_time", "end_time"):
            return getattr(run.info, name)
        if name == "duration":
            return duration_ms(run)
        if name.startswith("metrics."):
            return metrics_of(run).get(name.partition(".")[2])
        return self.cell(run, name).plain or None

    def as_json(self, run: Run) -> dict[str, Any]:
        """All of a run, with dicts for what was logged."""
        info = run.info
        return {
            "run_id": info.run_id,
            "run_name": info.run_name,
            "experiment_id": info.experiment_id,
            "experiment": self.experiment_of(run),
            "status": info.status,
            "start_time": info.start_time,
            "end_time": info.end_time,
            "duration": duration_ms(run),
            "lifecycle_stage": info.lifecycle_stage,
            "artifact_uri": info.artifact_uri,
            "metrics": metrics_of(run),
            "params": params_of(run),
            "tags": tags_of(run),
            "datasets": [
                {
                    "name": each.dataset.name,
                    "digest": each.dataset.digest,
                    "tags": {t.key: t.value for t in each.tags},
                }
                for each in run.inputs.dataset_inputs
            ],
        }


def _id_cell(run: Run) -> Cell:
    return Cell(run.info.run_id[:ID_CHARS], run.info.run_id)


def _frequent_metrics(runs: Sequence[Run]) -> list[str]:
    """The metrics that most of the runs have, system metrics left out."""
    counts = Counter(key for run in runs for key in metrics_of(run) if not key.startswith(SYSTEM_METRICS))
    frequent = sorted(counts, key=lambda key: (_SELDOM_WANTED.search(key) is not None, -counts[key], key))
    return [f"metrics.{key}" for key in frequent[:3]]


def _differing_params(runs: Sequence[Run]) -> list[str]:
    """The params that most of the runs have, and not all with the same value."""
    values: dict[str, Counter[str]] = {}
    for run in runs:
        for key, value in params_of(run).items():
            values.setdefault(key, Counter())[value] += 1
    differing = {key: counts.total() for key, counts in values.items() if len(counts) > 1}
    return [f"params.{key}" for key in sorted(differing, key=lambda key: (-differing[key], key))[:3]]
