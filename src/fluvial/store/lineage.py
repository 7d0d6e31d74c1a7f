"""Who read and made what, in the database: the edges of lineage, one step at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select

from fluvial.store.database import Transaction
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.logged_models import LoggedModelRow
from fluvial.store.registry_tables import logged_model
from fluvial.store.statement import Statement
from fluvial.store.tables import dataset, run, run_input, run_model

LIMIT = 2000


class Read(NamedTuple):
    """A dataset that a run read."""

    run_key: int
    dataset_id: int
    name: str
    digest: str
    context: str | None


_READ_BY_RUNS = (
    select(run_input.c.run_key, dataset.c.dataset_id, dataset.c.name, dataset.c.digest, run_input.c.context)
    .join(
        dataset,
        (dataset.c.experiment_id == run_input.c.experiment_id)
        & (dataset.c.dataset_id == run_input.c.dataset_id),
    )
    .where(run_input.c.experiment_id == bindparam("e"))
    .limit(LIMIT)
)
_BY_RUNS = Statement(_READ_BY_RUNS.where(AnyOf(run_input.c.run_key, "run_keys")))
_BY_DATASETS = Statement(_READ_BY_RUNS.where(AnyOf(run_input.c.dataset_id, "datasets")))
_DATASETS = Statement(
    select(dataset.c.dataset_id, dataset.c.digest).where(
        dataset.c.experiment_id == bindparam("e"), dataset.c.name == bindparam("called")
    )
)
_RUN_IDS = Statement(
    select(run.c.run_key, run.c.run_id).where(
        run.c.experiment_id == bindparam("e"), AnyOf(run.c.run_key, "run_keys")
    )
)
_MODELS_OF_RUNS = Statement(
    select(run_model.c.run_key, run_model.c.model_id, run_model.c.is_output)
    .where(run_model.c.experiment_id == bindparam("e"), AnyOf(run_model.c.run_key, "run_keys"))
    .limit(LIMIT)
)
_BY_SOURCE_RUNS = Statement(
    select(*logged_model.c)
    .where(
        logged_model.c.experiment_id == bindparam("e"),
        AnyOf(logged_model.c.source_run_id, "ids"),
        logged_model.c.is_deleted == 0,
    )
    .limit(LIMIT)
)


def read_by_runs(transaction: Transaction, experiment_id: int, run_keys: Sequence[int]) -> list[Read]:
    """The datasets that runs of an experiment read."""
    given = {"e": experiment_id, "run_keys": as_list(transaction.dialect, run_keys)}
    return [Read(*row) for row in transaction.rows(_BY_RUNS, given)]


def readers_of(transaction: Transaction, experiment_id: int, dataset_ids: Sequence[int]) -> list[Read]:
    """The runs of an experiment that read some datasets."""
    given = {"e": experiment_id, "datasets": as_list(transaction.dialect, dataset_ids)}
    return [Read(*row) for row in transaction.rows(_BY_DATASETS, given)]


def datasets_named(transaction: Transaction, experiment_id: int, name: str) -> list[tuple[int, str]]:
    """(id, digest) of the datasets of an experiment with a name."""
    rows = transaction.rows(_DATASETS, {"e": experiment_id, "called": name})
    return [(dataset_id, digest) for dataset_id, digest in rows]


def run_ids(transaction: Transaction, experiment_id: int, run_keys: Sequence[int]) -> dict[int, str]:
    """The ids of runs of an experiment by their keys."""
    given = {"e": experiment_id, "run_keys": as_list(transaction.dialect, run_keys)}
    return dict(transaction.rows(_RUN_IDS, given))


def models_of_runs(
    transaction: Transaction, experiment_id: int, run_keys: Sequence[int]
) -> list[tuple[int, str, int]]:
    """(run key, model id, whether the run made it) of the models that runs say they read or made."""
    given = {"e": experiment_id, "run_keys": as_list(transaction.dialect, run_keys)}
    return [(key, model_id, made) for key, model_id, made in transaction.rows(_MODELS_OF_RUNS, given)]


def made_by(transaction: Transaction, experiment_id: int, ids: Sequence[str]) -> list[LoggedModelRow]:
    """The logged models of an experiment that say they come from some runs."""
    given = {"e": experiment_id, "ids": as_list(transaction.dialect, ids)}
    return [LoggedModelRow(*row) for row in transaction.rows(_BY_SOURCE_RUNS, given)]
