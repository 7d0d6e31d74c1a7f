"""Single values of some runs: what the cells of a table show, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from fluvial.search.tree import Field, Summary
from fluvial.store import keys
from fluvial.store.database import Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.runs import RunRow
from fluvial.store.statement import Statement
from fluvial.store.tables import dataset, metric, param, run_input, tag

Cell = float | str
# Of each field, the value by run key.
Cells = Mapping[Field, Mapping[int, Cell]]
DATASETS = Field("datasets", "name")


def _named(table: Any, *columns: Any) -> Statement:
    return Statement(
        select(table.c.run_key, table.c.key_id, *columns).where(
            table.c.experiment_id == bindparam("e"),
            AnyOf(table.c.run_key, "runs"),
            AnyOf(table.c.key_id, "keys"),
        )
    )


_TEXTS = {"params": _named(param, param.c.value), "tags": _named(tag, tag.c.value)}
_METRICS = _named(
    metric,
    metric.c.last_value,
    metric.c.min_value,
    metric.c.max_value,
    metric.c.sum_value,
    metric.c.n_points,
    metric.c.n_nan,
)
_DATASETS = Statement(
    select(run_input.c.run_key, dataset.c.name)
    .join(
        dataset,
        (dataset.c.experiment_id == run_input.c.experiment_id)
        & (dataset.c.dataset_id == run_input.c.dataset_id),
    )
    .where(run_input.c.experiment_id == bindparam("e"), AnyOf(run_input.c.run_key, "runs"))
    .order_by(run_input.c.run_key, dataset.c.name)
)


def read(transaction: Transaction, rows: Iterable[RunRow], fields: Sequence[Field]) -> Cells:
    """Values of params, tags, metrics and the names of datasets; a run that lacks one has no entry."""
    run_keys: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        run_keys[row.experiment_id].append(row.run_key)
    names: defaultdict[str, set[str]] = defaultdict(set)
    for field in fields:
        names[field.collection].add(field.name)
    found: dict[Field, dict[int, Cell]] = {field: {} for field in fields}
    for experiment_id, members in run_keys.items():
        given = {"e": experiment_id, "runs": as_list(transaction.dialect, members)}
        for collection in names:
            if collection == "datasets":
                for run_key, name in transaction.rows(_DATASETS, given):
                    before = found[DATASETS].get(run_key)
                    found[DATASETS][run_key] = name if before is None else f"{before}, {name}"
                continue
            ids = keys.find_ids(transaction.database, names[collection])
            named = {key_id: name for name, key_id in ids.items()}
            given["keys"] = as_list(transaction.dialect, list(named))
            if collection == "metrics":
                _lay_metrics(found, transaction.rows(_METRICS, given), named)
            else:
                for run_key, key_id, value in transaction.rows(_TEXTS[collection], given):
                    found[Field(collection, named[key_id])][run_key] = value
    return found


def _lay_metrics(
    found: Mapping[Field, dict[int, Cell]], rows: Iterable[Sequence[Any]], named: Mapping[int, str]
) -> None:
    wanted = {
        name: [
            (summary, found[field])
            for summary in Summary
            if (field := Field("metrics", name, summary)) in found
        ]
        for name in named.values()
    }
    for run_key, key_id, last, least, greatest, total, n_points, n_nan in rows:
        for summary, cells in wanted[named[key_id]]:
            match summary:
                case Summary.LAST:
                    value = last
                case Summary.MIN:
                    value = least
                case Summary.MAX:
                    value = greatest
                case Summary.MEAN:
                    value = None if total is None or n_points == n_nan else total / (n_points - n_nan)
                case Summary.COUNT:
                    value = n_points
            cells[run_key] = float("nan") if value is None else float(value)
