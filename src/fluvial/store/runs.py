"""Runs in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.entities.experiment import LifecycleStage
from fluvial.entities.metric import Metric
from fluvial.entities.run import Run, RunData, RunInfo, RunInputs, RunOutputs, RunStatus
from fluvial.entities.tag import Param, Tag
from fluvial.errors import InvalidRequest, NotFound
from fluvial.store import inputs, keys
from fluvial.store.database import Row, Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.selection import EVERYTHING, Selection
from fluvial.store.statement import Statement
from fluvial.store.tables import metric, metric_source, param, run, run_place, tag


class RunRow(NamedTuple):
    """A row of the table, its columns in order."""

    experiment_id: int
    run_key: int
    run_id: str
    name: str
    user_id: str
    status: int
    is_deleted: int
    start_ms: int
    end_ms: int | None
    artifact_uri: str


COLUMNS = tuple(run.c)
_BY_KEY = attrgetter("key")
_BY_RUN_ID = Statement(
    select(*COLUMNS)
    .join(
        run_place,
        (run_place.c.experiment_id == run.c.experiment_id) & (run_place.c.run_key == run.c.run_key),
    )
    .where(run_place.c.run_id == bindparam("run_id"))
)
_BY_RUN_IDS = Statement(
    select(*COLUMNS)
    .join(
        run_place,
        (run_place.c.experiment_id == run.c.experiment_id) & (run_place.c.run_key == run.c.run_key),
    )
    .where(AnyOf(run_place.c.run_id, "ids"))
)


def _held(condition: ColumnElement[bool]) -> Statement:
    """Runs by their places, which nobody changes before this transaction has ended."""
    places = select(run_place.c.experiment_id, run_place.c.run_key).where(condition)
    place = places.with_for_update(read=True).cte("place")
    return Statement(
        select(*COLUMNS).join(
            place, (place.c.experiment_id == run.c.experiment_id) & (place.c.run_key == run.c.run_key)
        )
    )


_HELD_BY_RUN_ID = _held(run_place.c.run_id == bindparam("run_id"))
_HELD_BY_RUN_IDS = _held(AnyOf(run_place.c.run_id, "ids"))
_INSERT = Statement(insert(run).values({column.name: bindparam(column.name) for column in COLUMNS}))
_INSERT_PLACE = Statement(
    insert(run_place)
    .values(
        run_id=bindparam("run_id"), experiment_id=bindparam("experiment_id"), run_key=bindparam("run_key")
    )
    .on_conflict_do_nothing()
)
_UPDATE = Statement(
    update(run)
    .where(run.c.experiment_id == bindparam("e"), run.c.run_key == bindparam("r"))
    .values(
        name=bindparam("name"),
        status=bindparam("status"),
        end_ms=bindparam("end_ms"),
        is_deleted=bindparam("is_deleted"),
    )
)
_DELETE_PLACE = Statement(delete(run_place).where(run_place.c.run_id == bindparam("id")))
_RENAME = Statement(
    update(run)
    .where(run.c.experiment_id == bindparam("e"), run.c.run_key == bindparam("r"))
    .values(run_id=bindparam("id"))
)
_LOGGED_PARAMS = select(param.c.run_key, param.c.key_id, param.c.value).where(
    param.c.experiment_id == bindparam("e"), AnyOf(param.c.run_key, "runs")
)
_LOGGED_TAGS = select(tag.c.run_key, tag.c.key_id, tag.c.value).where(
    tag.c.experiment_id == bindparam("e"), AnyOf(tag.c.run_key, "runs")
)
_LAST_METRICS = (
    select(
        metric.c.run_key,
        metric.c.key_id,
        metric.c.last_value,
        metric.c.last_ms,
        metric.c.last_step,
        metric_source.c.model_id,
        metric_source.c.dataset_name,
        metric_source.c.dataset_digest,
    )
    .join(metric_source, metric_source.c.source_id == metric.c.last_source_id, isouter=True)
    .where(metric.c.experiment_id == bindparam("e"), AnyOf(metric.c.run_key, "runs"))
)
_PARAMS, _TAGS, _METRICS = Statement(_LOGGED_PARAMS), Statement(_LOGGED_TAGS), Statement(_LAST_METRICS)
# The same of some names.
_NAMED = {
    _PARAMS: Statement(_LOGGED_PARAMS.where(AnyOf(param.c.key_id, "keys"))),
    _TAGS: Statement(_LOGGED_TAGS.where(AnyOf(tag.c.key_id, "keys"))),
    _METRICS: Statement(_LAST_METRICS.where(AnyOf(metric.c.key_id, "keys"))),
}


def find(transaction: Transaction, run_id: str) -> RunRow | None:
    """The run with an id, deleted or not. A transaction that writes keeps it in its place until the end."""
    given = {"run_id": run_id}
    row = transaction.row(_HELD_BY_RUN_ID if _holds(transaction) else _BY_RUN_ID, given)
    if row is None and _holds(transaction):
        # Or it was moved while this waited for its place: its row is one of a later state.
        row = transaction.row(_HELD_BY_RUN_ID, given)
    return None if row is None else RunRow(*row)


def find_all(transaction: Transaction, run_ids: Collection[str]) -> list[RunRow]:
    """The runs with some ids, deleted or not; unknown ids are passed over."""
    given = {"ids": as_list(transaction.dialect, list(run_ids))}
    rows = transaction.rows(_HELD_BY_RUN_IDS if _holds(transaction) else _BY_RUN_IDS, given)
    if len(rows) < len(run_ids) and _holds(transaction):
        rows = transaction.rows(_HELD_BY_RUN_IDS, given)  # as in `find`
    return [RunRow(*row) for row in rows]


def get_all(transaction: Transaction, run_ids: Collection[str]) -> list[RunRow]:
    """The runs with some ids, deleted or not, each once.

    Raises:
        NotFound: One of them does not exist.
    """
    rows = find_all(transaction, list(dict.fromkeys(run_ids)))
    missing = set(run_ids) - {row.run_id for row in rows}
    if missing:
        raise NotFound(f"No run has the id {min(missing)!r}.")
    return rows


def _holds(transaction: Transaction) -> bool:
    """Whether a run could leave its place while this transaction writes: SQLite has one writer."""
    return not transaction.reads_only and transaction.dialect_name == "postgresql"


def get(transaction: Transaction, run_id: str) -> RunRow:
    """The run with an id, deleted or not.

    Raises:
        NotFound: No such run.
    """
    return _existing(find(transaction, run_id), run_id)


def get_active(transaction: Transaction, run_id: str) -> RunRow:
    """The run with an id, which is not in the trash.

    Raises:
        NotFound: No such run.
        InvalidRequest: It is deleted.
    """
    return active(find(transaction, run_id), run_id)


def active(row: RunRow | None, run_id: str) -> RunRow:
    """The row that was found for an id, if it is of a run that is not in the trash.

    Raises:
        NotFound: None was found.
        InvalidRequest: The run is deleted.
    """
    row = _existing(row, run_id)
    if row.is_deleted:
        raise InvalidRequest(
            f"The run {run_id!r} is deleted; it must be in the 'active' state. Restore it first."
        )
    return row


def _existing(row: RunRow | None, run_id: str) -> RunRow:
    if row is None:
        raise NotFound(f"No run has the id {run_id!r}.")
    return row


def insert_new(transaction: Transaction, row: RunRow) -> bool:
    """Add a run; returns False, and adds nothing, if its id is taken."""
    place = {"run_id": row.run_id, "experiment_id": row.experiment_id, "run_key": row.run_key}
    if not transaction.run(_INSERT_PLACE, place):
        return False
    transaction.run(_INSERT, row._asdict())
    transaction.changed_runs.add((row.experiment_id, row.run_key))
    return True


def save(transaction: Transaction, row: RunRow) -> None:
    """Write back a run's name, status, end and lifecycle stage."""
    transaction.changed_runs.add((row.experiment_id, row.run_key))
    transaction.run(
        _UPDATE,
        {
            "e": row.experiment_id,
            "r": row.run_key,
            "name": row.name,
            "status": row.status,
            "end_ms": row.end_ms,
            "is_deleted": row.is_deleted,
        },
    )


def rename(transaction: Transaction, run_id: str, row: RunRow) -> None:
    """Give a run another id, with its name, status and end; its rows stay what they are."""
    transaction.run(_DELETE_PLACE, {"id": run_id})
    transaction.run(
        _INSERT_PLACE, {"run_id": row.run_id, "experiment_id": row.experiment_id, "run_key": row.run_key}
    )
    transaction.run(_RENAME, {"e": row.experiment_id, "r": row.run_key, "id": row.run_id})
    save(transaction, row)


def as_info(row: RunRow) -> RunInfo:
    """A row as what a run is, without what was logged."""
    return RunInfo(
        run_uuid=row.run_id,
        experiment_id=str(row.experiment_id),
        run_name=row.name,
        user_id=row.user_id,
        status=RunStatus.from_number(row.status),
        start_time=row.start_ms,
        end_time=row.end_ms,
        artifact_uri=row.artifact_uri,
        lifecycle_stage=LifecycleStage.DELETED if row.is_deleted else LifecycleStage.ACTIVE,
        run_id=row.run_id,
    )


def as_entities(
    transaction: Transaction, rows: Sequence[RunRow], selection: Selection = EVERYTHING
) -> tuple[Run, ...]:
    """Rows as runs with what was logged but the metrics' history: one query per table."""
    by_experiment: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        by_experiment[row.experiment_id].append(row.run_key)
    data = _Logged(selection)
    run_inputs: dict[int, RunInputs] = {}
    run_outputs: dict[int, RunOutputs] = {}
    for experiment_id, run_keys in by_experiment.items():
        data.read(transaction, experiment_id, run_keys)
        if selection.has_inputs:
            found_inputs, found_outputs = inputs.of_runs(transaction, experiment_id, run_keys)
            run_inputs |= found_inputs
            run_outputs |= found_outputs
    return tuple(
        Run(
            info=as_info(row),
            data=data.of(row.run_key),
            inputs=run_inputs.get(row.run_key, RunInputs()),
            outputs=run_outputs.get(row.run_key, RunOutputs()),
        )
        for row in rows
    )


class _Logged:
    """Params, tags and last metrics of many runs, gathered by run."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._params: defaultdict[int, list[Param]] = defaultdict(list)
        self._tags: defaultdict[int, list[Tag]] = defaultdict(list)
        self._metrics: defaultdict[int, list[Metric]] = defaultdict(list)

    def read(self, transaction: Transaction, experiment_id: int, run_keys: Iterable[int]) -> None:
        given = {"e": experiment_id, "runs": as_list(transaction.dialect, list(run_keys))}
        params = _rows(transaction, _PARAMS, self._selection.params, given)
        tags = _rows(transaction, _TAGS, self._selection.tags, given)
        metrics = _rows(transaction, _METRICS, self._selection.metrics, given)
        # Joining the names to thousands of rows takes longer than all the rest.
        names = keys.names_of(transaction, {row[1] for rows in (params, tags, metrics) for row in rows})
        for run_key, key_id, value in params:
            self._params[run_key].append(Param(names[key_id], value))
        for run_key, key_id, value in tags:
            self._tags[run_key].append(Tag(names[key_id], value))
        for run_key, key_id, value, at, step, model_id, dataset, digest in metrics:
            self._metrics[run_key].append(
                Metric(
                    key=names[key_id],
                    value=float("nan") if value is None else value,
                    timestamp=at,
                    step=step,
                    model_id=model_id,
                    dataset_name=dataset,
                    dataset_digest=digest,
                )
            )

    def of(self, run_key: int) -> RunData:
        return RunData(
            metrics=tuple(sorted(self._metrics[run_key], key=_BY_KEY)),
            params=tuple(sorted(self._params[run_key], key=_BY_KEY)),
            tags=tuple(sorted(self._tags[run_key], key=_BY_KEY)),
        )


def _rows(
    transaction: Transaction, statement: Statement, names: frozenset[str] | None, given: dict[str, Any]
) -> list[Row]:
    """The rows of some names, or of all."""
    if names is None:
        return transaction.rows(statement, given)
    if not names:
        return []
    key_ids = keys.find_ids(transaction.database, names).values()
    return transaction.rows(_NAMED[statement], given | {"keys": as_list(transaction.dialect, list(key_ids))})
