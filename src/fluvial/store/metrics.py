"""Metric points: a segment per batch, and a summary per series for tables and search."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, bindparam, case, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from fluvial.segments.cells import last_of, starts_of
from fluvial.segments.points import Points, pack, unpack
from fluvial.store import chunks, origins
from fluvial.store.database import Transaction
from fluvial.store.ids import hashed_id
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.runs import RunRow
from fluvial.store.statement import Statement
from fluvial.store.tables import key, metric, metric_source, segment

_new = insert(metric).excluded
_is_newer = or_(
    _new.last_step > metric.c.last_step,
    and_(_new.last_step == metric.c.last_step, _new.last_ms > metric.c.last_ms),
    and_(
        _new.last_step == metric.c.last_step,
        _new.last_ms == metric.c.last_ms,
        _new.last_value.is_not(None),
        or_(metric.c.last_value.is_(None), _new.last_value >= metric.c.last_value),
    ),
)
_UPSERT = Statement(
    insert(metric)
    .values({column.name: bindparam(column.name) for column in metric.c})
    .on_conflict_do_update(
        index_elements=["experiment_id", "run_key", "key_id"],
        set_={
            **{
                name: case((_is_newer, _new[name]), else_=metric.c[name])
                for name in ("last_value", "last_step", "last_ms", "last_source_id")
            },
            "min_value": case(
                (or_(metric.c.min_value.is_(None), _new.min_value < metric.c.min_value), _new.min_value),
                else_=metric.c.min_value,
            ),
            "max_value": case(
                (or_(metric.c.max_value.is_(None), _new.max_value > metric.c.max_value), _new.max_value),
                else_=metric.c.max_value,
            ),
            "sum_value": func.coalesce(metric.c.sum_value, 0.0) + func.coalesce(_new.sum_value, 0.0),
            "n_points": metric.c.n_points + _new.n_points,
            "n_nan": metric.c.n_nan + _new.n_nan,
        },
    )
)
_INSERT_SEGMENT = Statement(
    insert(segment).values({column.name: bindparam(column.name) for column in segment.c})
)
_SEGMENTS = Statement(
    select(segment.c.data)
    .where(segment.c.experiment_id == bindparam("e"), segment.c.run_key == bindparam("r"))
    .order_by(segment.c.segment_id)
)
_INSERT_SOURCE = Statement(
    insert(metric_source)
    .values({column.name: bindparam(column.name) for column in metric_source.c})
    .on_conflict_do_nothing()
)
_ALL_SOURCES = select(
    metric_source.c.source_id,
    metric_source.c.model_id,
    metric_source.c.dataset_name,
    metric_source.c.dataset_digest,
)
_SOURCES = Statement(_ALL_SOURCES)
_SOME_SOURCES = Statement(_ALL_SOURCES.where(AnyOf(metric_source.c.source_id, "ids")))
_KEYS = Statement(
    select(metric.c.key_id, key.c.name)
    .join(key, key.c.key_id == metric.c.key_id)
    .where(metric.c.experiment_id == bindparam("e"), metric.c.run_key == bindparam("r"))
    .order_by(key.c.name)
)
_NAMES = Statement(
    select(key.c.name, func.max(case((metric.c.last_step != 0, 1), else_=0)))
    .select_from(metric.join(key, key.c.key_id == metric.c.key_id))
    .where(metric.c.experiment_id == bindparam("e"), AnyOf(metric.c.run_key, "runs"))
    .group_by(key.c.name)
)

Source = tuple[str | None, str | None, str | None]


def source_id(transaction: Transaction, source: Source) -> int:
    """The id of (model id, dataset name, dataset digest); 0 where nothing is said."""
    if source == (None, None, None):
        return 0
    new_id = hashed_id(*source)
    model_id, dataset_name, dataset_digest = source
    transaction.run(
        _INSERT_SOURCE,
        {
            "source_id": new_id,
            "model_id": model_id,
            "dataset_name": dataset_name,
            "dataset_digest": dataset_digest,
        },
    )
    return new_id


def sources(transaction: Transaction) -> dict[int, Source]:
    """What each source id stands for."""
    return {found: (model, name, digest) for found, model, name, digest in transaction.rows(_SOURCES)}


def sources_of(transaction: Transaction, source_ids: Sequence[int]) -> dict[int, Source]:
    """What some source ids stand for."""
    rows = transaction.rows(_SOME_SOURCES, {"ids": as_list(transaction.dialect, source_ids)})
    return {found: (model, name, digest) for found, model, name, digest in rows}


def append(transaction: Transaction, of_runs: Mapping[RunRow, Points]) -> None:
    """Append points to runs: a segment for each run, and the summaries of the series they belong to."""
    transaction.run_many(
        _INSERT_SEGMENT,
        [
            {
                "experiment_id": run.experiment_id,
                "run_key": run.run_key,
                "segment_id": transaction.database.ids.next(),
                "n_points": len(points),
                "data": pack(points),
                "is_folded": 0,
            }
            for run, points in of_runs.items()
        ],
    )
    add_summaries(transaction, of_runs)


def add_summaries(transaction: Transaction, of_runs: Mapping[RunRow, Points]) -> None:
    """Let the summaries of runs' series know of more points."""
    summaries = []
    # In one order, so that no two transactions wait for each other.
    for run in sorted(run for run, points in of_runs.items() if len(points)):
        place = {"experiment_id": run.experiment_id, "run_key": run.run_key}
        summaries += [place | summary for summary in _summaries(of_runs[run])]
        transaction.changed_runs.add((run.experiment_id, run.run_key))
    transaction.run_many(_UPSERT, summaries)
    n_points = sum(map(len, of_runs.values()))
    transaction.after_commit(functools.partial(transaction.database.count_points, n_points))


def read(transaction: Transaction, run: RunRow, key_ids: Sequence[int] | None = None) -> Points:
    """Points of a run, of some series or of all: those of one step and time in the order they came in.

    A run that was forked has those of its origin up to the step first.
    """
    parts: list[Points] = []
    for stretch, until in origins.history(transaction, run):
        found = [
            *chunks.read_series(transaction, stretch.experiment_id, stretch.run_key, key_ids),
            *read_segments(transaction, stretch, key_ids),
        ]
        parts += found if until is None else [points.where(points.steps <= until) for points in found]
    return Points.concatenate(parts)


def read_segments(
    transaction: Transaction, run: RunRow, key_ids: Sequence[int] | None = None
) -> list[Points]:
    """Points that are in no chunk yet, in the order they came in; of some series, or of all."""
    wanted = None if key_ids is None else np.array(key_ids, np.int64)
    parts = []
    for (data,) in transaction.rows(_SEGMENTS, {"e": run.experiment_id, "r": run.run_key}):
        points = unpack(data)
        if wanted is not None:
            mask = points.keys == wanted[0] if len(wanted) == 1 else np.isin(points.keys, wanted)
            if not mask.all():
                points = points.where(mask)
        if len(points):
            parts.append(points)
    return parts


def keys_of(transaction: Transaction, run: RunRow) -> dict[int, str]:
    """The metrics that a run has: names by id, in the order of the names."""
    return dict(transaction.rows(_KEYS, {"e": run.experiment_id, "r": run.run_key}))


def names_of(transaction: Transaction, rows: Sequence[RunRow]) -> dict[str, bool]:
    """The metrics that any of some runs has, in order; True for those that go on past step 0."""
    names: dict[str, bool] = {}
    for experiment_id in {row.experiment_id for row in rows}:
        run_keys = [row.run_key for row in rows if row.experiment_id == experiment_id]
        given = {"e": experiment_id, "runs": as_list(transaction.dialect, run_keys)}
        for name, goes_on in transaction.rows(_NAMES, given):
            names[name] = names.get(name, False) or bool(goes_on)
    return dict(sorted(names.items()))


def _summaries(points: Points) -> list[dict[str, Any]]:
    """One row per series, sorted by key so that writers lock rows in one order."""
    if len(points) == 1:
        return [_summary_of_one(points)]
    points, starts = _by_series(points)
    lasts = last_of(starts, len(points))
    values = points.values
    is_nan = np.isnan(values)
    with np.errstate(invalid="ignore"):  # inf - inf is NaN, as it should be
        sums = np.add.reduceat(np.where(is_nan, 0.0, values), starts)
    columns = (
        points.keys[lasts].tolist(),
        _nullable(values[lasts]),
        points.steps[lasts].tolist(),
        points.timestamps[lasts].tolist(),
        [None] * len(lasts)
        if points.sources is None
        else [s or None for s in points.sources[lasts].tolist()],
        _nullable(np.fmin.reduceat(values, starts)),
        _nullable(np.fmax.reduceat(values, starts)),
        _nullable(sums),
        (lasts + 1 - starts).tolist(),
        np.add.reduceat(is_nan.astype(np.int64), starts).tolist(),
    )
    names = [column.name for column in metric.c][2:]
    return [dict(zip(names, row, strict=True)) for row in sorted(zip(*columns, strict=True))]


def _by_series(points: Points) -> tuple[Points, NDArray[np.intp]]:
    """Points series after series, each ending with its last by step, time and value; where each begins."""
    starts = starts_of(points.keys)
    by_step, by_time = np.diff(points.steps), np.diff(points.timestamps)
    is_in_order = (by_step > 0) | ((by_step == 0) & (by_time > 0))
    is_in_order[starts[1:] - 1] = True
    if is_in_order.all() and len(np.unique(points.keys[starts])) == len(starts):
        return points, starts
    values = points.values  # NaN is below all numbers
    points = points.where(
        np.lexsort((values, ~np.isnan(values), points.timestamps, points.steps, points.keys))
    )
    return points, starts_of(points.keys)


def _summary_of_one(points: Points) -> dict[str, Any]:
    (value,) = _nullable(points.values)
    return {
        "key_id": points.keys.item(),
        "last_value": value,
        "last_step": points.steps.item(),
        "last_ms": points.timestamps.item(),
        "last_source_id": None if points.sources is None else points.sources.item() or None,
        "min_value": value,
        "max_value": value,
        "sum_value": 0.0 if value is None else value,
        "n_points": 1,
        "n_nan": int(value is None),
    }


def _nullable(values: NDArray[np.float64]) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124  NaN
