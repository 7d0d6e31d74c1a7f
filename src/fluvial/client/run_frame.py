"""Runs as a pandas data frame, with the columns of MLflow's."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from fluvial.client.runs import Run
from fluvial.errors import MissingExtra


def frame_of_runs(runs: Sequence[Run]) -> Any:
    """One row for each run: what it is, then `metrics.*`, `params.*` and `tags.*`, each sorted.

    Raises:
        MissingExtra: pandas is not installed.
    """
    try:
        pandas = importlib.import_module("pandas")
    except ModuleNotFoundError as error:
        raise MissingExtra("search_runs with output_format='pandas'", "pandas") from error
    columns: dict[str, Any] = {
        "run_id": [run.info.run_id for run in runs],
        "experiment_id": [run.info.experiment_id for run in runs],
        "status": [str(run.info.status) for run in runs],
        "artifact_uri": [run.info.artifact_uri for run in runs],
        "start_time": pandas.to_datetime([run.info.start_time for run in runs], unit="ms", utc=True),
        "end_time": pandas.to_datetime([run.info.end_time for run in runs], unit="ms", utc=True),
    }
    for kind, missing in (("metrics", float("nan")), ("params", None), ("tags", None)):
        for key in sorted({key for run in runs for key in getattr(run.data, kind)}):
            columns[f"{kind}.{key}"] = [getattr(run.data, kind).get(key, missing) for run in runs]
    return pandas.DataFrame(columns)
