"""Datasets over the wire."""

from __future__ import annotations

from fluvial.entities.dataset import DatasetSummary
from fluvial.wire.endpoint import Endpoint, Message


class SearchDatasets(Message, frozen=True, kw_only=True):
    """Which datasets the runs of 1 to 20 experiments read."""

    experiment_ids: tuple[str, ...]


class DatasetSummaries(Message, frozen=True, kw_only=True):
    """Datasets with what they were read for."""

    dataset_summaries: tuple[DatasetSummary, ...] = ()


SEARCH_DATASETS = Endpoint(
    "POST",
    "/api/2.0/mlflow/experiments/search-datasets",
    SearchDatasets,
    DatasetSummaries,
    is_repeatable=True,
)
