"""Logged models in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.entities.logged_model import (
    LoggedModel,
    LoggedModelData,
    LoggedModelInfo,
    LoggedModelStatus,
    Registration,
)
from fluvial.entities.metric import Metric
from fluvial.entities.tag import Param, Tag
from fluvial.errors import NotFound
from fluvial.store.database import Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.registry_tables import (
    logged_model,
    logged_model_metric,
    logged_model_param,
    logged_model_place,
    logged_model_tag,
    model_version,
)
from fluvial.store.statement import Statement


class LoggedModelRow(NamedTuple):
    """A row of the table, its columns in order."""

    experiment_id: int
    model_key: int
    model_id: str
    name: str
    model_type: str
    source_run_id: str
    status: int
    artifact_uri: str
    is_deleted: int
    created_ms: int
    updated_ms: int


class Place(NamedTuple):
    """Where a logged model is."""

    experiment_id: int
    model_key: int


COLUMNS = tuple(logged_model.c)
_OF_MODEL = (logged_model.c.experiment_id == bindparam("e")) & (logged_model.c.model_key == bindparam("m"))
_INSERT = Statement(insert(logged_model).values({column.name: bindparam(column.name) for column in COLUMNS}))
_INSERT_PLACE = Statement(
    insert(logged_model_place).values({c.name: bindparam(c.name) for c in logged_model_place.c})
)
_SOME_PLACES = select(
    logged_model_place.c.model_id, logged_model_place.c.experiment_id, logged_model_place.c.model_key
).where(AnyOf(logged_model_place.c.model_id, "ids"))
_PLACES = Statement(_SOME_PLACES)
# Which nobody changes before this transaction has ended: models go where their runs go.
_HELD_PLACES = Statement(_SOME_PLACES.with_for_update(read=True))
_ONE = Statement(select(*COLUMNS).where(_OF_MODEL))
_UPDATE = Statement(
    update(logged_model)
    .where(_OF_MODEL)
    .values(
        status=bindparam("new_status"),
        is_deleted=bindparam("new_is_deleted"),
        updated_ms=bindparam("new_updated_ms"),
    )
)
_SET_TAG = Statement(
    insert(logged_model_tag)
    .values({column.name: bindparam(column.name) for column in logged_model_tag.c})
    .on_conflict_do_update(
        index_elements=["experiment_id", "model_key", "key"],
        set_={"value": insert(logged_model_tag).excluded.value},
    )
)
_DELETE_TAG = Statement(
    delete(logged_model_tag).where(
        logged_model_tag.c.experiment_id == bindparam("e"),
        logged_model_tag.c.model_key == bindparam("m"),
        logged_model_tag.c.key == bindparam("name"),
    )
)
_ADD_PARAM = Statement(
    insert(logged_model_param)
    .values({column.name: bindparam(column.name) for column in logged_model_param.c})
    .on_conflict_do_nothing()
)
_TAGS, _PARAMS = (
    Statement(
        select(table.c.model_key, table.c.key, table.c.value)
        .where(table.c.experiment_id == bindparam("e"), AnyOf(table.c.model_key, "models"))
        .order_by(table.c.model_key, table.c.key)
    )
    for table in (logged_model_tag, logged_model_param)
)
_METRICS = Statement(
    select(
        logged_model_metric.c.model_key,
        logged_model_metric.c.key,
        logged_model_metric.c.value,
        logged_model_metric.c.logged_ms,
        logged_model_metric.c.step,
        logged_model_metric.c.dataset_name,
        logged_model_metric.c.dataset_digest,
        logged_model_metric.c.run_id,
    )
    .where(
        logged_model_metric.c.experiment_id == bindparam("e"),
        AnyOf(logged_model_metric.c.model_key, "models"),
        logged_model_metric.c.run_id != "",
    )
    .order_by(logged_model_metric.c.key, logged_model_metric.c.logged_ms)
)
_REGISTRATIONS = Statement(
    select(model_version.c.model_id, model_version.c.name, model_version.c.version)
    .where(AnyOf(model_version.c.model_id, "ids"))
    .order_by(model_version.c.version_key)
)


def add(transaction: Transaction, row: LoggedModelRow) -> None:
    """Keep a new model."""
    place = {"model_id": row.model_id, "experiment_id": row.experiment_id, "model_key": row.model_key}
    transaction.run(_INSERT_PLACE, place)
    transaction.run(_INSERT, row._asdict())


def places(transaction: Transaction, model_ids: Iterable[str]) -> dict[str, Place]:
    """Where models are, by their ids; unknown ids are passed over."""
    ids = as_list(transaction.dialect, sorted(set(model_ids)))
    statement = _PLACES if transaction.reads_only else _HELD_PLACES
    return {model_id: Place(*place) for model_id, *place in transaction.rows(statement, {"ids": ids})}


def find(transaction: Transaction, model_id: str) -> LoggedModelRow | None:
    """The model with an id, deleted or not."""
    place = places(transaction, [model_id]).get(model_id)
    if place is None:
        return None
    row = transaction.row(_ONE, {"e": place.experiment_id, "m": place.model_key})
    return None if row is None else LoggedModelRow(*row)


def get(transaction: Transaction, model_id: str) -> LoggedModelRow:
    """The model with an id, which is not deleted.

    Raises:
        NotFound: No such model, or it is deleted.
    """
    row = find(transaction, model_id)
    if row is None or row.is_deleted:
        raise NotFound(f"No logged model has the id {model_id[:100]!r}.")
    return row


def save(transaction: Transaction, row: LoggedModelRow) -> None:
    """Write back a model's status, whether it is deleted, and when it was changed."""
    transaction.run(
        _UPDATE,
        {
            "e": row.experiment_id,
            "m": row.model_key,
            "new_status": row.status,
            "new_is_deleted": row.is_deleted,
            "new_updated_ms": row.updated_ms,
        },
    )


def set_tags(transaction: Transaction, row: LoggedModelRow, tags: Mapping[str, str]) -> None:
    """Set some tags of a model."""
    place = {"experiment_id": row.experiment_id, "model_key": row.model_key}
    transaction.run_many(_SET_TAG, [place | {"key": key, "value": value} for key, value in tags.items()])


def delete_tag(transaction: Transaction, row: LoggedModelRow, key: str) -> bool:
    """Delete one tag of a model; returns whether it was there."""
    return transaction.run(_DELETE_TAG, {"e": row.experiment_id, "m": row.model_key, "name": key}) > 0


def tags_of(transaction: Transaction, row: LoggedModelRow) -> dict[str, str]:
    """The tags of a model."""
    models = as_list(transaction.dialect, [row.model_key])
    found = transaction.rows(_TAGS, {"e": row.experiment_id, "models": models})
    return {key: value for _, key, value in found}


def add_params(transaction: Transaction, row: LoggedModelRow, params: Mapping[str, str]) -> dict[str, str]:
    """Add params to a model; returns those that it has with another value, as they are kept."""
    models = as_list(transaction.dialect, [row.model_key])
    found = transaction.rows(_PARAMS, {"e": row.experiment_id, "models": models})
    kept = {key: value for _, key, value in found}
    place = {"experiment_id": row.experiment_id, "model_key": row.model_key}
    new = [place | {"key": key, "value": value} for key, value in params.items() if key not in kept]
    transaction.run_many(_ADD_PARAM, new)
    return {key: kept[key] for key, value in params.items() if kept.get(key, value) != value}


def as_entities(transaction: Transaction, rows: Sequence[LoggedModelRow]) -> tuple[LoggedModel, ...]:
    """Rows as models with what was logged to them: one query per table and experiment."""
    by_experiment: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        by_experiment[row.experiment_id].append(row.model_key)
    tags: defaultdict[int, list[Tag]] = defaultdict(list)
    params: defaultdict[int, list[Param]] = defaultdict(list)
    metrics: defaultdict[int, list[Metric]] = defaultdict(list)
    ids = {row.model_key: row.model_id for row in rows}
    for experiment_id, model_keys in by_experiment.items():
        given = {"e": experiment_id, "models": as_list(transaction.dialect, model_keys)}
        for model_key, key, value in transaction.rows(_TAGS, given):
            tags[model_key].append(Tag(key, value))
        for model_key, key, value in transaction.rows(_PARAMS, given):
            params[model_key].append(Param(key, value))
        for model_key, key, value, at, step, name, digest, run_id in transaction.rows(_METRICS, given):
            metrics[model_key].append(
                Metric(
                    key=key,
                    value=float("nan") if value is None else value,
                    timestamp=at,
                    step=step,
                    model_id=ids[model_key],
                    dataset_name=name or None,
                    dataset_digest=digest or None,
                    run_id=run_id,
                )
            )
    registrations = _registrations(transaction, list(ids.values()))
    return tuple(
        LoggedModel(
            info=LoggedModelInfo(
                model_id=row.model_id,
                experiment_id=str(row.experiment_id),
                name=row.name,
                creation_timestamp_ms=row.created_ms,
                last_updated_timestamp_ms=row.updated_ms,
                artifact_uri=row.artifact_uri,
                status=LoggedModelStatus.from_number(row.status),
                model_type=row.model_type,
                source_run_id=row.source_run_id,
                tags=tuple(tags[row.model_key]),
                registrations=tuple(registrations[row.model_id]),
            ),
            data=LoggedModelData(params=tuple(params[row.model_key]), metrics=tuple(metrics[row.model_key])),
        )
        for row in rows
    )


def _registrations(
    transaction: Transaction, model_ids: Sequence[str]
) -> defaultdict[str, list[Registration]]:
    found: defaultdict[str, list[Registration]] = defaultdict(list)
    given = {"ids": as_list(transaction.dialect, model_ids)}
    for model_id, name, version in transaction.rows(_REGISTRATIONS, given):
        found[model_id].append(Registration(name=name, version=str(version)))
    return found
