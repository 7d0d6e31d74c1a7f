"""What runs read and made: datasets and logged models, in the database."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from fluvial.entities.dataset import CONTEXT_TAG, Dataset, DatasetInput, DatasetSummary
from fluvial.entities.run import ModelInput, ModelOutput, RunInputs, RunOutputs
from fluvial.entities.tag import Tag
from fluvial.store.database import Transaction
from fluvial.store.ids import hashed_id
from fluvial.store.lists import AnyOf, as_list
from fluvial.store.statement import Statement
from fluvial.store.tables import dataset, run, run_input, run_model

_INSERT_DATASET = Statement(
    insert(dataset)
    .values({column.name: bindparam(column.name) for column in dataset.c})
    .on_conflict_do_nothing()
)
_UPSERT_INPUT = Statement(
    insert(run_input)
    .values({column.name: bindparam(column.name) for column in run_input.c})
    .on_conflict_do_update(
        index_elements=["experiment_id", "run_key", "dataset_id"],
        set_={
            "context": insert(run_input).excluded.context,
            "tags": insert(run_input).excluded.tags,
        },
    )
)
_INSERT_MODEL = Statement(
    insert(run_model)
    .values({column.name: bindparam(column.name) for column in run_model.c})
    .on_conflict_do_nothing()
)
_DATASETS = Statement(
    select(
        run_input.c.run_key,
        run_input.c.tags,
        dataset.c.name,
        dataset.c.digest,
        dataset.c.source_type,
        dataset.c.source,
        dataset.c.schema,
        dataset.c.profile,
    )
    .join(
        dataset,
        (dataset.c.experiment_id == run_input.c.experiment_id)
        & (dataset.c.dataset_id == run_input.c.dataset_id),
    )
    .where(run_input.c.experiment_id == bindparam("e"), AnyOf(run_input.c.run_key, "runs"))
    .order_by(dataset.c.name, dataset.c.digest)
)
_MODELS = Statement(
    select(run_model.c.run_key, run_model.c.is_output, run_model.c.model_id, run_model.c.step)
    .where(run_model.c.experiment_id == bindparam("e"), AnyOf(run_model.c.run_key, "runs"))
    .order_by(run_model.c.step, run_model.c.model_id)
)
_SUMMARIES = Statement(
    select(dataset.c.experiment_id, dataset.c.name, dataset.c.digest, run_input.c.context)
    .join(
        run_input,
        (dataset.c.experiment_id == run_input.c.experiment_id)
        & (dataset.c.dataset_id == run_input.c.dataset_id),
    )
    .join(
        run,
        (run.c.experiment_id == run_input.c.experiment_id) & (run.c.run_key == run_input.c.run_key),
    )
    .where(AnyOf(dataset.c.experiment_id, "ids"), run.c.is_deleted == 0)
    .distinct()
    .order_by(dataset.c.experiment_id, dataset.c.name, dataset.c.digest, run_input.c.context)
)


def add_datasets(
    transaction: Transaction, experiment_id: int, run_key: int, inputs: Sequence[DatasetInput]
) -> None:
    """Record datasets that a run read; the same dataset again replaces its tags."""
    for given in inputs:
        dataset_id = hashed_id(given.dataset.name, given.dataset.digest)
        place = {"experiment_id": experiment_id, "dataset_id": dataset_id}
        transaction.run(
            _INSERT_DATASET,
            place
            | {
                "name": given.dataset.name,
                "digest": given.dataset.digest,
                "source_type": given.dataset.source_type,
                "source": given.dataset.source,
                "schema": given.dataset.schema,
                "profile": given.dataset.profile,
            },
        )
        tags = {tag.key: tag.value for tag in given.tags}
        transaction.run(
            _UPSERT_INPUT,
            place | {"run_key": run_key, "context": tags.get(CONTEXT_TAG), "tags": json.dumps(tags)},
        )


def add_models(
    transaction: Transaction,
    experiment_id: int,
    run_key: int,
    models: Sequence[ModelInput] | Sequence[ModelOutput],
) -> None:
    """Record logged models that a run read or made."""
    transaction.run_many(
        _INSERT_MODEL,
        [
            {
                "experiment_id": experiment_id,
                "run_key": run_key,
                "model_id": model.model_id,
                "is_output": int(isinstance(model, ModelOutput)),
                "step": model.step if isinstance(model, ModelOutput) else 0,
            }
            for model in models
        ],
    )


def of_runs(
    transaction: Transaction, experiment_id: int, run_keys: Sequence[int]
) -> tuple[dict[int, RunInputs], dict[int, RunOutputs]]:
    """What runs of one experiment read and made, by run key; runs with neither are left out."""
    given = {"e": experiment_id, "runs": as_list(transaction.dialect, run_keys)}
    datasets: defaultdict[int, list[DatasetInput]] = defaultdict(list)
    read: defaultdict[int, list[ModelInput]] = defaultdict(list)
    made: defaultdict[int, list[ModelOutput]] = defaultdict(list)
    for run_key, tags, name, digest, source_type, source, schema, profile in transaction.rows(
        _DATASETS, given
    ):
        entity = Dataset(
            name=name, digest=digest, source_type=source_type, source=source, schema=schema, profile=profile
        )
        labels = tuple(Tag(key=key, value=value) for key, value in sorted(json.loads(tags).items()))
        datasets[run_key].append(DatasetInput(dataset=entity, tags=labels))
    for run_key, is_output, model_id, step in transaction.rows(_MODELS, given):
        if is_output:
            made[run_key].append(ModelOutput(model_id=model_id, step=step))
        else:
            read[run_key].append(ModelInput(model_id=model_id))
    inputs = {
        run_key: RunInputs(
            dataset_inputs=tuple(datasets.get(run_key, ())), model_inputs=tuple(read.get(run_key, ()))
        )
        for run_key in datasets.keys() | read.keys()
    }
    return inputs, {run_key: RunOutputs(model_outputs=tuple(models)) for run_key, models in made.items()}


def summaries(transaction: Transaction, experiment_ids: Sequence[int]) -> tuple[DatasetSummary, ...]:
    """The datasets that runs of some experiments read, and what for."""
    ids = as_list(transaction.dialect, experiment_ids)
    return tuple(
        DatasetSummary(experiment_id=str(experiment_id), name=name, digest=digest, context=context)
        for experiment_id, name, digest, context in transaction.rows(_SUMMARIES, {"ids": ids})
    )
