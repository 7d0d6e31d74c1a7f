"""Runs on their way to another experiment.

Every row of a run begins with its experiment: in its primary key, and as what spreads the tables over nodes.
So a move is no update: the rows are written anew beside the others of the experiment, and deleted where they
were. The numbers of runs stay, so that what is ordered by them, as the words on SQLite, is right as it is.

Whoever writes to a run holds its place meanwhile (`runs.find`, and `folding.py` its row), so that nothing is
written to where it is not any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import BigInteger, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from fluvial.entities.run import PARENT_TAG
from fluvial.store import keys, origins
from fluvial.store.database import Transaction
from fluvial.store.keys import Kind
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.registry_tables import (
    logged_model,
    logged_model_metric,
    logged_model_param,
    logged_model_place,
    logged_model_tag,
)
from fluvial.store.runs import RunRow
from fluvial.store.statement import Statement
from fluvial.store.tables import (
    chunk,
    dataset,
    experiment_key,
    media,
    metric,
    param,
    rollup,
    run,
    run_input,
    run_model,
    run_origin,
    run_place,
    segment,
    tag,
    text_backlog,
    upload,
    upload_part,
)

# The words of runs on PostgreSQL; on SQLite they are known by the number of the run alone.
_run_text = sa.table(
    "run_text", sa.column("experiment_id", BigInteger), sa.column("run_key", BigInteger), sa.column("words")
)
_TO: Any = bindparam("to", type_=BigInteger())


class _Transfer(NamedTuple):
    """How rows of a table get another experiment."""

    copy: Statement
    delete: Statement


def _in_other(table: Any, condition: Any) -> tuple[list[str], Any]:
    """The rows of a table in the experiment that is left, as those of the other one."""
    values = [_TO if column.name == "experiment_id" else column for column in table.c]
    rows = select(*values).where(table.c.experiment_id == bindparam("e"), condition)
    return [column.name for column in table.c], rows


def _transfer(table: Any, condition: Any) -> _Transfer:
    return _Transfer(
        Statement(insert(table).from_select(*_in_other(table, condition))),
        Statement(delete(table).where(table.c.experiment_id == bindparam("e"), condition)),
    )


def _of_runs(table: Any) -> Any:
    return AnyOf(table.c.run_key, "runs")


_of_models = logged_model.c.experiment_id == bindparam("e"), AnyOf(logged_model.c.source_run_id, "run_ids")
_of_uploads = upload.c.experiment_id == bindparam("e"), AnyOf(upload.c.run_id, "run_ids")
# A part before the whole that it is found by.
_TRANSFERS = (
    *(
        _transfer(table, _of_runs(table))
        for table in (
            run,
            param,
            tag,
            metric,
            segment,
            chunk,
            rollup,
            run_input,
            run_model,
            media,
            run_origin,
            text_backlog,
        )
    ),
    *(
        _transfer(table, table.c.model_key.in_(select(logged_model.c.model_key).where(*_of_models)))
        for table in (logged_model_param, logged_model_tag, logged_model_metric)
    ),
    _transfer(logged_model, _of_models[1]),
    _transfer(upload_part, upload_part.c.upload_id.in_(select(upload.c.upload_id).where(*_of_uploads))),
    _transfer(upload, _of_uploads[1]),
)
_TEXTS = _transfer(_run_text, _of_runs(_run_text))
_COLUMNS = tuple(
    Statement(
        insert(experiment_key)
        .from_select(
            ["experiment_id", "kind", "key_id"],
            select(_TO, sa.literal_column(str(int(kind))), table.c.key_id)
            .where(table.c.experiment_id == bindparam("e"), _of_runs(table))
            .distinct(),
        )
        .on_conflict_do_nothing()
    )
    for kind, table in ((Kind.PARAM, param), (Kind.METRIC, metric), (Kind.TAG, tag))
)
_DATASETS = Statement(
    insert(dataset)
    .from_select(
        *_in_other(
            dataset,
            dataset.c.dataset_id.in_(
                select(run_input.c.dataset_id).where(
                    run_input.c.experiment_id == bindparam("e"), _of_runs(run_input)
                )
            ),
        )
    )
    .on_conflict_do_nothing()
)
_MODEL_IDS = Statement(select(logged_model.c.model_id).where(*_of_models))
_PLACES = Statement(
    update(run_place).where(AnyOf(run_place.c.run_id, "run_ids")).values(experiment_id=bindparam("to"))
)
_MODEL_PLACES = Statement(
    update(logged_model_place)
    .where(AnyOf(logged_model_place.c.model_id, "model_ids"))
    .values(experiment_id=bindparam("to"))
)
_NESTED = Statement(
    select(run.c.run_id, tag.c.value)
    .join(tag, (tag.c.experiment_id == run.c.experiment_id) & (tag.c.run_key == run.c.run_key))
    .where(run.c.experiment_id == bindparam("e"), tag.c.key_id == bindparam("parent"))
)


def below(transaction: Transaction, experiment_id: int, run_ids: Collection[str]) -> set[str]:
    """The runs of an experiment that are nested in some of its runs, however deep, deleted or not."""
    parent = keys.find_ids(transaction.database, [PARENT_TAG])[PARENT_TAG]
    children: defaultdict[str, list[str]] = defaultdict(list)
    for run_id, parent_id in transaction.rows(_NESTED, {"e": experiment_id, "parent": parent}):
        children[parent_id].append(run_id)
    found: set[str] = set()
    waiting = list(run_ids)
    while waiting:
        new = [child for child in children[waiting.pop()] if child not in found]
        found.update(new)
        waiting += new
    return found


def move(transaction: Transaction, rows: Sequence[RunRow], experiment_id: int) -> None:
    """Give runs of one experiment, with all that is theirs, to another one.

    Args:
        transaction: One that writes, in which the rows were read.
        rows: The runs, all of one experiment; one or more.
        experiment_id: Where they go; they are not there.
    """
    run_keys = sorted(row.run_key for row in rows)
    given = {
        "e": rows[0].experiment_id,
        "to": experiment_id,
        "runs": as_list(transaction.dialect, run_keys),
        "run_ids": as_list(transaction.dialect, sorted(row.run_id for row in rows)),
    }
    transaction.run(_PLACES, given)
    model_ids = [model_id for (model_id,) in transaction.rows(_MODEL_IDS, given)]
    transaction.run(_MODEL_PLACES, given | {"model_ids": as_list(transaction.dialect, sorted(model_ids))})
    for statement in (*_COLUMNS, _DATASETS):
        transaction.run(statement, given)
    is_apart = transaction.dialect_name == "postgresql"
    for transfer in (*_TRANSFERS, _TEXTS) if is_apart else _TRANSFERS:
        transaction.run(transfer.copy, given)
        transaction.run(transfer.delete, given)
    origins.follow(transaction, rows[0].experiment_id, run_keys, experiment_id)
    for run_key in run_keys:
        transaction.changed_runs.update([(rows[0].experiment_id, run_key), (experiment_id, run_key)])
