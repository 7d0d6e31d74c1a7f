"""Metrics of logged models: the last value by step and time, per dataset and run.

A point that names its model is a point of its run, and beside that a row here. Rows with no run hold the
last value over all runs, for orders: of a dataset with its digest, of a dataset of any digest (""), and of
everything ("", "").
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, and_, bindparam, case, or_, select
from sqlalchemy.dialects.postgresql import insert

from fluvial.entities.metric import Metric
from fluvial.segments.cells import last_of, starts_of
from fluvial.segments.points import Points
from fluvial.store import keys, logged_models, metrics
from fluvial.store.database import Transaction
from fluvial.store.registry_tables import logged_model_metric
from fluvial.store.statement import Statement

OVER_ALL = ""

_new = insert(logged_model_metric).excluded
_kept = logged_model_metric.c
_is_newer = or_(
    _new.step > _kept.step,
    and_(_new.step == _kept.step, _new.logged_ms >= _kept.logged_ms),
)
_VALUES = ("value", "step", "logged_ms")
_SEARCHED = (_kept.experiment_id, _kept.model_key, _kept.key, _kept.value)
_KEY = [column.name for column in logged_model_metric.primary_key]
_LAST = Statement(
    select(_kept.value).where(
        _kept.experiment_id == bindparam("e"),
        _kept.model_key == bindparam("m"),
        _kept.key == bindparam("metric"),
        _kept.dataset_name == bindparam("dataset"),
        _kept.dataset_digest == "",
        _kept.run_id == "",
    )
)
_ALL_LAST = Statement(
    select(_kept.key, _kept.value, _kept.step, _kept.logged_ms)
    .where(
        _kept.experiment_id == bindparam("e"),
        _kept.model_key == bindparam("m"),
        _kept.dataset_name == "",
        _kept.dataset_digest == "",
        _kept.run_id == "",
    )
    .order_by(_kept.key)
)
_UPSERT = Statement(
    insert(logged_model_metric)
    .values({column.name: bindparam(column.name) for column in _kept})
    .on_conflict_do_update(
        index_elements=_KEY,
        set_={name: case((_is_newer, _new[name]), else_=_kept[name]) for name in _VALUES},
    )
)


def append(transaction: Transaction, run_id: str, points: Points) -> None:
    """Let models know of points that were measured on them; ids that no model has are passed over."""
    if points.sources is None:
        return
    sources = metrics.sources_of(transaction, np.unique(points.sources).tolist())
    of_models = {number: source for number, source in sources.items() if source[0]}
    places = logged_models.places(transaction, {str(source[0]) for source in of_models.values()})
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    names = keys.names_of(transaction, set(points.keys.tolist())) if places else {}
    for number, (model_id, dataset_name, dataset_digest) in of_models.items():
        place = places.get(str(model_id))
        if place is None:
            continue
        mine = points.where(points.sources == number)
        for at in _last_of_each_key(mine).tolist():
            value = float(mine.values[at])
            for name, digest, run in _scopes(dataset_name or "", dataset_digest or "", run_id):
                row = {
                    "experiment_id": place.experiment_id,
                    "model_key": place.model_key,
                    "key": names[int(mine.keys[at])],
                    "dataset_name": name,
                    "dataset_digest": digest,
                    "run_id": run,
                    "value": None if value != value else value,  # noqa: PLR0124  NaN
                    "step": int(mine.steps[at]),
                    "logged_ms": int(mine.timestamps[at]),
                }
                place_of_row = tuple(row[column] for column in _KEY)
                before = rows.get(place_of_row)
                if before is None or (row["step"], row["logged_ms"]) >= (before["step"], before["logged_ms"]):
                    rows[place_of_row] = row
    # In one order, so that no two writers wait for each other.
    transaction.run_many(_UPSERT, [rows[place_of_row] for place_of_row in sorted(rows)])


def find_last(transaction: Transaction, model_id: str, key: str, dataset: str = "") -> float | None:
    """The last value of a metric of a model over all runs, of a dataset or over all; NaN where it is that."""
    place = logged_models.places(transaction, [model_id]).get(model_id)
    if place is None:
        return None
    given = {"e": place.experiment_id, "m": place.model_key, "metric": key, "dataset": dataset}
    row = transaction.row(_LAST, given)
    return None if row is None else float("nan") if row[0] is None else float(row[0])


def all_last(transaction: Transaction, model_id: str) -> tuple[Metric, ...]:
    """The last value of each metric of a model over all runs and datasets, by name."""
    place = logged_models.places(transaction, [model_id]).get(model_id)
    if place is None:
        return ()
    given = {"e": place.experiment_id, "m": place.model_key}
    return tuple(
        Metric(key=key, value=float("nan") if value is None else value, step=step, timestamp=at)
        for key, value, step, at in transaction.rows(_ALL_LAST, given)
    )


def measured(datasets: list[tuple[str, str | None]]) -> Select[Any]:
    """What a filter looks at: the last value per dataset and run, of some datasets or of all."""
    wanted = [
        _kept.dataset_name == name
        if digest is None
        else and_(_kept.dataset_name == name, _kept.dataset_digest == digest)
        for name, digest in datasets
    ]
    found = select(*_SEARCHED).where(_kept.run_id != OVER_ALL)
    return found.where(or_(*wanted)) if wanted else found


def last_over_runs(dataset: tuple[str, str | None] | None) -> Select[Any]:
    """What an order looks at: one value per model and metric, of one dataset or over all."""
    name, digest = dataset or ("", None)
    return select(*_SEARCHED).where(
        _kept.run_id == OVER_ALL, _kept.dataset_name == name, _kept.dataset_digest == (digest or "")
    )


def _last_of_each_key(points: Points) -> NDArray[np.intp]:
    """Where the last point of each metric is, by step and time; of equals the one logged later."""
    order = np.lexsort((points.timestamps, points.steps, points.keys))
    starts = starts_of(points.keys[order])
    last: NDArray[np.intp] = order[last_of(starts, len(points))]
    return last


def _scopes(name: str, digest: str, run_id: str) -> dict[tuple[str, str, str], None]:
    """Whose last value a point may be."""
    return dict.fromkeys(
        [(name, digest, run_id), (name, digest, OVER_ALL), (name, "", OVER_ALL), ("", "", OVER_ALL)]
    )
