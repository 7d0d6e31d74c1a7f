"""Describe datasets for `fluvial.log_input`, and read again what a run read."""

from __future__ import annotations

from fluvial.client.dataset_sources import DatasetSource, HTTPDatasetSource, stored_source
from fluvial.client.datasets import (
    ArrayDataset,
    Dataset,
    FrameDataset,
    MetaDataset,
    from_numpy,
    from_pandas,
)
from fluvial.client.framework_datasets import (
    HuggingFaceDataset,
    from_huggingface,
    from_polars,
    from_spark,
    from_tensorflow,
    load_delta,
)
from fluvial.entities.dataset import Dataset as DatasetEntity
from fluvial.entities.dataset import DatasetInput

__all__ = [
    "ArrayDataset",
    "Dataset",
    "DatasetSource",
    "FrameDataset",
    "HTTPDatasetSource",
    "HuggingFaceDataset",
    "MetaDataset",
    "from_huggingface",
    "from_numpy",
    "from_pandas",
    "from_polars",
    "from_spark",
    "from_tensorflow",
    "get_source",
    "load_delta",
]


def get_source(dataset: Dataset | DatasetEntity | DatasetInput) -> DatasetSource:
    """Where a dataset came from: one made here, or one that a run names among its inputs.

    Example:
        >>> with fluvial.start_run() as run:
        ...     fluvial.log_input(fluvial.data.MetaDataset("/data/prices.csv", name="prices"))
        >>> read = fluvial.get_run(run.info.run_id).inputs.dataset_inputs[0]
        >>> fluvial.data.get_source(read).uri
        '/data/prices.csv'
    """
    if isinstance(dataset, Dataset):
        return dataset.source
    entity = dataset.dataset if isinstance(dataset, DatasetInput) else dataset
    return stored_source(entity.source_type, entity.source)
