"""Reading views: runs and what was logged to them, as flat tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fluvial.entities.run import RunStatus
from fluvial.errors import InvalidRequest
from fluvial.segments.points import Points
from fluvial.services import rules
from fluvial.services.context import Context
from fluvial.store import metrics, runs, views
from fluvial.store.database import Row
from fluvial.store.runs import RunRow
from fluvial.wire.views import MAX_VIEW_RUNS, VIEWS, Page, Place, ReadView, Repeated

# Of a page of points, unless one series alone has more.
PAGE_POINTS = 1_000_000


def read_view(context: Context, request: ReadView) -> Page:
    """A page of a view.

    Raises:
        InvalidRequest: There is no such view, or the runs are too many.
    """
    if request.view not in VIEWS or request.view == "experiments":
        known = [name for name in VIEWS if name != "experiments"]
        raise InvalidRequest(f"There is no view {request.view[:100]!r}: there is {', '.join(known)}.")
    if len(request.run_ids) > MAX_VIEW_RUNS:
        raise InvalidRequest(f"A call reads up to {MAX_VIEW_RUNS} runs, not {len(request.run_ids)}.")
    for run_id in request.run_ids:
        rules.check_run_id(run_id)
    by_id = {row.run_id: row for row in runs.find_all(context.transaction, request.run_ids)}
    found = [by_id[run_id] for run_id in dict.fromkeys(request.run_ids) if run_id in by_id]
    return page_of(context, request.view, [row for row in found if not row.is_deleted], request.after)


def page_of(context: Context, view: str, rows: Sequence[RunRow], after: Place | None = None) -> Page:
    """A page of a view of some runs."""
    if view == "points":
        return _points(context, rows, after or Place())
    if view == "runs":
        return _runs(rows)
    return _logged(context, view, rows)


def all_experiments(context: Context) -> Page:
    """The view of experiments."""
    found = views.experiments(context.transaction)
    columns = list(zip(*found, strict=True)) or [()] * len(VIEWS["experiments"])
    named = {name: list(column) for name, column in zip(VIEWS["experiments"], columns, strict=True)}
    return Page(n_rows=len(found), columns=named)


def _runs(rows: Sequence[RunRow]) -> Page:
    columns: dict[str, Any] = {
        "run_id": [row.run_id for row in rows],
        "experiment_id": [row.experiment_id for row in rows],
        "run_name": [row.name for row in rows],
        "status": _repeated([RunStatus.from_number(row.status).value for row in rows]),
        "start_time": [row.start_ms for row in rows],
        "end_time": [row.end_ms for row in rows],
        "duration_s": [None if row.end_ms is None else (row.end_ms - row.start_ms) / 1000 for row in rows],
        "user_id": _repeated([row.user_id for row in rows]),
        "artifact_uri": [row.artifact_uri for row in rows],
    }
    return Page(n_rows=len(rows), columns=columns)


_Read = Callable[[Any, int, Sequence[int]], list[Row]]
_READ: dict[str, _Read] = {"params": views.params, "tags": views.tags, "metrics": views.metrics}


def _logged(context: Context, view: str, rows: Sequence[RunRow]) -> Page:
    """Params, tags or metrics."""
    found: list[Row] = []
    for experiment_id, members in _by_experiment(rows).items():
        run_ids = {row.run_key: row.run_id for row in members}
        for run_key, *others in _READ[view](context.transaction, experiment_id, list(run_ids)):
            found.append((run_ids[run_key], experiment_id, *others))
    run_ids_of, experiments_of, names, *values = list(zip(*found, strict=True)) or [()] * 12
    columns: dict[str, Any] = {
        "run_id": _repeated(run_ids_of),
        "experiment_id": list(experiments_of),
        "key": _repeated(names),
    }
    if view == "metrics":
        columns |= _summaries(values)
    else:
        columns["value"] = list(values[0])
    return Page(n_rows=len(found), columns=columns)


def _summaries(values: Sequence[Sequence[Any]]) -> dict[str, Any]:
    last, steps, times, least, greatest, sums, n_points, n_nan = values[:8]
    counts = np.array(n_points, np.float64) - np.array(n_nan, np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = _numbers(sums) / np.where(counts > 0, counts, np.nan)
    return {
        "value": _numbers(last).tobytes(),
        "step": list(steps),
        "timestamp": list(times),
        "min": _numbers(least).tobytes(),
        "max": _numbers(greatest).tobytes(),
        "mean": means.tobytes(),
        "n_points": list(n_points),
        "n_nan": list(n_nan),
    }


def _points(context: Context, rows: Sequence[RunRow], at: Place) -> Page:
    """Points of whole series, until there are enough of them."""
    sizes: dict[int, list[tuple[str, int, int]]] = {row.run_key: [] for row in rows}
    for experiment_id, members in _by_experiment(rows[at.run :]).items():
        keys = [row.run_key for row in members]
        for run_key, key_id, name, n_points in views.sizes(context.transaction, experiment_id, keys):
            sizes[run_key].append((name, key_id, n_points))
    chosen: list[tuple[RunRow, list[tuple[str, int]]]] = []
    n_left = PAGE_POINTS
    after: Place | None = None
    for number, row in enumerate(rows[at.run :], at.run):
        begin = at.key if number == at.run else None
        series: list[tuple[str, int]] = []
        for name, key_id, n_points in sorted(sizes[row.run_key]):
            if begin is not None and name <= begin:
                continue
            if n_points > n_left and n_left < PAGE_POINTS:
                after = Place(run=number, key=series[-1][0] if series else begin)
                break
            series.append((name, key_id))
            n_left -= n_points
        if series:
            chosen.append((row, series))
        if after is not None:
            break
    parts = [part for row, series in chosen for part in _series(context, row, series)]
    return Page(n_rows=sum(len(points) for _, _, points in parts), columns=_columns(parts), after=after)


def _series(
    context: Context, row: RunRow, series: Sequence[tuple[str, int]]
) -> Iterator[tuple[RunRow, str, Points]]:
    points = metrics.read(context.transaction, row, [key_id for _, key_id in series])
    order = np.argsort(points.keys, kind="stable")
    sorted_keys = points.keys[order]
    for name, key_id in series:
        start, end = np.searchsorted(sorted_keys, [key_id, key_id + 1])
        yield row, name, points.where(order[start:end]).in_step_order()


def _columns(parts: Sequence[tuple[RunRow, str, Points]]) -> dict[str, Any]:
    lengths = [len(points) for _, _, points in parts]
    run_ids, run_codes = _coded([row.run_id for row, _, _ in parts])
    names, name_codes = _coded([name for _, name, _ in parts])
    joined = Points.concatenate([points for _, _, points in parts])
    experiment_ids = np.repeat(np.array([row.experiment_id for row, _, _ in parts], np.int64), lengths)
    return {
        "run_id": Repeated(run_ids, np.repeat(run_codes, lengths).tobytes()),
        "experiment_id": experiment_ids.tobytes(),
        "key": Repeated(names, np.repeat(name_codes, lengths).tobytes()),
        "step": joined.steps.tobytes(),
        "timestamp": joined.timestamps.tobytes(),
        "value": joined.values.tobytes(),
    }


def _by_experiment(rows: Sequence[RunRow]) -> dict[int, list[RunRow]]:
    found: dict[int, list[RunRow]] = {}
    for row in rows:
        found.setdefault(row.experiment_id, []).append(row)
    return found


def _repeated(texts: Sequence[str]) -> Repeated:
    values, codes = _coded(texts)
    return Repeated(values, codes.tobytes())


def _coded(texts: Sequence[str]) -> tuple[list[str], NDArray[np.int32]]:
    positions: dict[str, int] = {}
    codes = [positions.setdefault(text, len(positions)) for text in texts]
    return list(positions), np.array(codes, np.int32)


def _numbers(values: Sequence[float | None]) -> NDArray[np.float64]:
    """NULL is NaN."""
    return np.array(values, np.float64)
