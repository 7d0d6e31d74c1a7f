"""Runs as a pandas data frame, with the columns of MLflow's."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from fluvial.client.runs import Run
from fluvial.errors import InvalidRequest, MissingExtra

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pandas


def frame_of_runs(runs: Sequence[Run]) -> pandas.DataFrame:
    """One row for each run: what it is, then `metrics.*`, `params.*` and `tags.*`, each sorted.

    Raises:
        MissingExtra: pandas is not installed.
    """
    pd = _load_pandas("search_runs with output_format='pandas'")
    columns: dict[str, Any] = {
        "run_id": [run.info.run_id for run in runs],
        "experiment_id": [run.info.experiment_id for run in runs],
        "status": [str(run.info.status) for run in runs],
        "artifact_uri": [run.info.artifact_uri for run in runs],
        "start_time": pd.to_datetime([run.info.start_time for run in runs], unit="ms", utc=True),
        "end_time": pd.to_datetime([run.info.end_time for run in runs], unit="ms", utc=True),
    }
    for kind, missing in (("metrics", float("nan")), ("params", None), ("tags", None)):
        for key in sorted({key for run in runs for key in getattr(run.data, kind)}):
            columns[f"{kind}.{key}"] = [getattr(run.data, kind).get(key, missing) for run in runs]
    frame: pandas.DataFrame = pd.DataFrame(columns)
    return frame


def frame_of_tables(
    found: Sequence[tuple[Run, Mapping[str, Sequence[Any]]]], extra_columns: Sequence[str]
) -> pandas.DataFrame:
    """The rows of the tables of some runs, one below the other.

    Args:
        found: Runs, each with its table by column.
        extra_columns: What to say of each row's run, by columns of `frame_of_runs`.

    Raises:
        InvalidRequest: There is no such column.
        MissingExtra: pandas is not installed.
    """
    pd = _load_pandas("load_table")
    about = frame_of_runs([run for run, _ in found]) if extra_columns else None
    frames = []
    for row, (_, columns) in enumerate(found):
        frame = pd.DataFrame(columns)
        for name in extra_columns:
            if about is None or name not in about.columns:
                raise InvalidRequest(f"Runs have no column {name!r}; it is one of those of search_runs.")
            frame[name] = about[name].iloc[row]
        frames.append(frame)
    whole: pandas.DataFrame = pd.concat(frames, ignore_index=True)
    return whole


def _load_pandas(what: str) -> Any:
    try:
        return importlib.import_module("pandas")
    except ModuleNotFoundError as error:
        raise MissingExtra(what, "pandas") from error
