"""Where a gate gets its numbers: a version's metrics, those of runs beside its run, values per example."""

from __future__ import annotations

import math

from fluvial.entities.experiment import ViewType
from fluvial.entities.run import PARENT_TAG
from fluvial.services.context import Context
from fluvial.services.policies import Gate
from fluvial.store import evidence, keys, logged_model_metrics, metrics, run_search, runs
from fluvial.store.model_versions import VersionRow
from fluvial.store.runs import RunRow
from fluvial.store.selection import Selection
from fluvial.wire.filter_text import quoted

EXAMPLES = "examples"
MAX_RUNS = 1000


class NoSamples(Exception):
    """There is nothing to test; says what is missing."""


def value_of(context: Context, row: VersionRow, gate: Gate) -> float | None:
    """The metric of a version: as measured on its logged model, else the last value of its run."""
    found = logged_model_metrics.find_last(context.transaction, row.model_id, gate.metric, gate.dataset)
    if found is None and not gate.dataset and row.run_id:
        found = _last_values(context, [row.run_id], gate.metric).get(row.run_id)
    return None if found is None or math.isnan(found) else found


def samples_of(context: Context, row: VersionRow, gate: Gate) -> list[float]:
    """The numbers of a version that a gate tests.

    Raises:
        NoSamples: There are none.
    """
    if gate.samples == EXAMPLES:
        found = _of_examples(context, row, gate.metric)
    else:
        run = runs.find(context.transaction, row.run_id) if row.run_id else None
        if run is None:
            raise NoSamples(f"Version {row.version} has no run to take {gate.samples} from.")
        found = (
            _of_steps(context, run, gate.metric) if gate.samples == "steps" else _of_runs(context, run, gate)
        )
    found = [value for value in found if math.isfinite(value)]
    if not found:
        raise NoSamples(f"Version {row.version} has no {gate.samples} with {gate.metric}.")
    return found


def _of_examples(context: Context, row: VersionRow, metric: str) -> list[float]:
    for one in evidence.as_evidence(evidence.of_version(context.transaction, row)):
        if one.kind == EXAMPLES and one.details.get("metric") == metric:
            values = one.details.get("values")
            return [float(value) for value in values if isinstance(value, int | float)] if values else []
    return []


def _of_steps(context: Context, run: RunRow, metric: str) -> list[float]:
    key_id = keys.find_ids(context.transaction.database, [metric])[metric]
    values: list[float] = metrics.read(context.transaction, run, [key_id]).values.tolist()
    return values


def _of_runs(context: Context, run: RunRow, gate: Gate) -> list[float]:
    """Last values in the runs below the run, else in those beside it: one parent, several seeds."""
    own = runs.as_entities(context.transaction, [run], Selection(metrics=frozenset(), params=frozenset()))
    tags = {tag.key: tag.value for tag in own[0].data.tags}
    parents = [run.run_id, *([tags[PARENT_TAG]] if PARENT_TAG in tags else [])]
    for parent in parents:
        search = run_search.Search.of(
            [run.experiment_id],
            f"tags.`{PARENT_TAG}` = {quoted(parent)}",
            ViewType.ACTIVE_ONLY,
            context.now_ms,
        )
        found = run_search.find_page(context.transaction, search, (), limit=MAX_RUNS)
        values = _last_values(context, [one.row.run_id for one in found], gate.metric)
        if values:
            return list(values.values())
    return []


def _last_values(context: Context, run_ids: list[str], metric: str) -> dict[str, float]:
    rows = runs.find_all(context.transaction, run_ids)
    wanted = Selection(metrics=frozenset([metric]), params=frozenset(), tags=frozenset(), has_inputs=False)
    return {
        found.info.run_id: found.data.metrics[0].value
        for found in runs.as_entities(context.transaction, rows, wanted)
        if found.data.metrics
    }
