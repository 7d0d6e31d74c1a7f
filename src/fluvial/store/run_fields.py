"""Where the fields of runs are kept."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Double, FromClause, case, cast, func, select

from fluvial.entities.run import RunStatus
from fluvial.search import RUNS
from fluvial.search.sql import Rows, Scalar, Tables
from fluvial.store.tables import dataset, experiment, metric, param, run, run_input, tag
from fluvial.store.texts import RUN_TEXTS

_LINK = {"experiment_id": run.c.experiment_id, "run_key": run.c.run_key}
_INPUTS = (
    select(
        run_input.c.experiment_id,
        run_input.c.run_key,
        dataset.c.name,
        dataset.c.digest,
        run_input.c.context,
    )
    .join(
        dataset,
        (dataset.c.experiment_id == run_input.c.experiment_id)
        & (dataset.c.dataset_id == run_input.c.dataset_id),
    )
    .subquery()
)


def _mean(rows: FromClause) -> ColumnElement[float]:
    n_numbers = rows.c.n_points - rows.c.n_nan
    # PostgreSQL fails the whole search where a quotient is too small for float64.
    is_tiny = (n_numbers > 0) & (func.abs(rows.c.sum_value) < 1e-290)
    return case((is_tiny, 0.0), else_=rows.c.sum_value / func.nullif(n_numbers, 0))


TABLES = Tables(
    noun=RUNS,
    table=run,
    has_words=RUN_TEXTS.has_words,
    attributes={
        "run_id": Scalar(value=run.c.run_id),
        "run_name": Scalar(value=run.c.name),
        "user_id": Scalar(value=run.c.user_id),
        "status": Scalar(value=run.c.status, choices={status.value: status.number for status in RunStatus}),
        "start_time": Scalar(value=run.c.start_ms),
        "end_time": Scalar(value=run.c.end_ms),
        # As float64: two times that a client made up may be further apart than 64 bits can say.
        "duration": Scalar(value=cast(run.c.end_ms, Double) - cast(run.c.start_ms, Double)),
        "artifact_uri": Scalar(value=run.c.artifact_uri),
        "experiment_name": Scalar(
            value=select(experiment.c.name)
            .where(experiment.c.experiment_id == run.c.experiment_id)
            .scalar_subquery()
        ),
    },
    collections={
        "metrics": Rows(
            source=metric,
            link=_LINK,
            key="key_id",
            is_interned=True,
            values={
                "last": lambda rows: rows.c.last_value,
                "min": lambda rows: rows.c.min_value,
                "max": lambda rows: rows.c.max_value,
                "mean": _mean,
                "count": lambda rows: rows.c.n_points,
            },
        ),
        "params": Rows(
            source=param,
            link=_LINK,
            key="key_id",
            is_interned=True,
            values={"value": lambda rows: rows.c.value},
        ),
        "tags": Rows(
            source=tag,
            link=_LINK,
            key="key_id",
            is_interned=True,
            values={"value": lambda rows: rows.c.value},
        ),
        "datasets": Rows(
            source=_INPUTS,
            link=_LINK,
            values={
                "name": lambda rows: rows.c.name,
                "digest": lambda rows: rows.c.digest,
                "context": lambda rows: rows.c.context,
            },
        ),
    },
)
