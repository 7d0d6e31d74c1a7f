"""Which datasets were read."""

from __future__ import annotations

from fluvial.errors import InvalidRequest
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.store import inputs
from fluvial.wire.datasets import SEARCH_DATASETS, DatasetSummaries, SearchDatasets

MAX_EXPERIMENTS = 20


@serve(SEARCH_DATASETS, needs=Permission.READ)
def search_datasets(context: Context, request: SearchDatasets) -> DatasetSummaries:
    """The datasets that the runs of some experiments read, and what for."""
    if not 1 <= len(request.experiment_ids) <= MAX_EXPERIMENTS:
        raise InvalidRequest(
            f"A call looks at 1 to {MAX_EXPERIMENTS} experiments, not {len(request.experiment_ids)}."
        )
    ids = rules.experiment_ids(request.experiment_ids)
    return DatasetSummaries(dataset_summaries=inputs.summaries(context.transaction, ids))
