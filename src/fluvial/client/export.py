"""Exports experiments to Parquet: a folder of files that DuckDB, Polars and pandas read. Needs pyarrow.

A view is a folder of parts, each of some runs. All is written into a folder beside the target, which takes
the target's name when it is whole; an export that was stopped goes on from there with the next part.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from fluvial.client.transport import Transport
from fluvial.entities.experiment import Experiment
from fluvial.errors import InvalidRequest, MissingExtra
from fluvial.wire.runs import SEARCH_RUNS, SearchRuns
from fluvial.wire.views import Page, ReadView

PART_RUNS = 200
SEARCH_PAGE = 1_000
PLAN, MANIFEST = "plan.json", "export.json"
_DURATION = re.compile(r"(\d+(\.\d+)?(ms|[smhdw]))+")
RUN_VIEWS = ("runs", "params", "tags", "metrics", "points")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is exported.

    Attributes:
        version: Of the layout.
        experiment: The experiment.
        filter: Which of its runs, in the search language.
        has_points: Whether the points of the metrics are among it.
        run_ids: The runs.
    """

    version: int = 1
    experiment: Experiment
    filter: str
    has_points: bool
    run_ids: list[str]

    def is_of(self, other: Plan) -> bool:
        """Whether both were asked for in the same words."""
        ours = (self.version, self.experiment.experiment_id, self.filter, self.has_points)
        return ours == (other.version, other.experiment.experiment_id, other.filter, other.has_points)


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written.

    Attributes:
        experiment_id: Of the experiment.
        experiment_name: The same, by name.
        filter: Which of its runs.
        rows: How many rows each view has.
    """

    experiment_id: str
    experiment_name: str
    filter: str
    rows: dict[str, int]


def export_experiment(
    transport: Transport,
    experiment: Experiment,
    target: Path,
    *,
    matching: str = "",
    has_points: bool = True,
    on_runs: Callable[[int, int], None] | None = None,
) -> Exported:
    """Write an experiment into a new folder.

    Args:
        transport: Where it is.
        experiment: The experiment.
        target: The folder; it must not be there, or be empty.
        matching: Which runs, in the search language.
        has_points: Whether to write the points of the metrics.
        on_runs: Told how many runs are done, of how many.

    Raises:
        InvalidRequest: The folder is there, or a part is of another export.
        MissingExtra: pyarrow is not installed.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InvalidRequest(f"{target} is there already: export to a new folder.")
    part_folder = target.with_name(f".{target.name}.part")
    wanted = Plan(experiment=experiment, filter=matching, has_points=has_points, run_ids=[])
    plan = _plan(transport, wanted, part_folder)
    parts = _Parts(transport, part_folder)
    views = RUN_VIEWS if has_points else RUN_VIEWS[:-1]
    parts.write_experiment(experiment)
    for number, start in enumerate(range(0, max(len(plan.run_ids), 1), PART_RUNS)):
        run_ids = tuple(plan.run_ids[start : start + PART_RUNS])
        for view in views:
            parts.write(view, number, run_ids)
        if on_runs is not None:
            on_runs(min(start + PART_RUNS, len(plan.run_ids)), len(plan.run_ids))
    result = Exported(
        experiment_id=experiment.experiment_id,
        experiment_name=experiment.name,
        filter=matching,
        rows=parts.count(("experiments", *views)),
    )
    (part_folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(result)))
    (part_folder / PLAN).unlink()
    if target.exists():
        target.rmdir()
    part_folder.replace(target)
    return result


def started_since(when: str) -> str:
    """The filter for runs that started since a time: `7d` ago, or `2026-01-31`."""
    if _DURATION.fullmatch(when):
        return f"start_time >= now() - {when}"
    return f"start_time >= '{when.replace(chr(39), '')}'"


def _plan(transport: Transport, wanted: Plan, folder: Path) -> Plan:
    """The plan of an export that was stopped, else a new one."""
    file = folder / PLAN
    if file.exists():
        plan = msgspec.json.decode(file.read_bytes(), type=Plan)
        if not plan.is_of(wanted):
            raise InvalidRequest(
                f"{folder} is what is left of another export, of {plan.experiment.name!r}"
                f"{f' where {plan.filter}' if plan.filter else ''}: finish that, or delete the folder."
            )
        return plan
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    plan = msgspec.structs.replace(wanted, run_ids=list(_run_ids(transport, wanted)))
    _write_whole(file, msgspec.json.encode(plan))
    return plan


def _run_ids(transport: Transport, wanted: Plan) -> Iterator[str]:
    token: str | None = None
    while True:
        request = SearchRuns(
            experiment_ids=(wanted.experiment.experiment_id,),
            filter=wanted.filter,
            order_by=("start_time", "run_id"),
            max_results=SEARCH_PAGE,
            page_token=token,
            select=("attributes.run_id",),
        )
        page = transport.call(SEARCH_RUNS, request)
        yield from (run.info.run_id for run in page.runs)
        token = page.next_page_token
        if not token:
            return


class _Parts:
    """The files of an export, each there only when it is whole."""

    def __init__(self, transport: Transport, folder: Path) -> None:
        self._transport = transport
        self._folder = folder
        try:
            self._parquet: Any = importlib.import_module("pyarrow.parquet")
            self._arrow: Any = importlib.import_module("fluvial.wire.arrow_views")
        except ModuleNotFoundError as error:
            raise MissingExtra("Exporting to Parquet", "parquet") from error

    def write(self, view: str, number: int, run_ids: Sequence[str]) -> None:
        """Write the part of a view with some runs, unless it is there."""
        self._write(view, number, self._pages(view, tuple(run_ids)))

    def write_experiment(self, experiment: Experiment) -> None:
        """Write the view of experiments with the one."""
        columns = {
            "experiment_id": [int(experiment.experiment_id)],
            "name": [experiment.name],
            "creation_time": [experiment.creation_time],
            "last_update_time": [experiment.last_update_time],
            "artifact_location": [experiment.artifact_location],
        }
        self._write("experiments", 0, iter([Page(n_rows=1, columns=columns)]))

    def count(self, views: Sequence[str]) -> dict[str, int]:
        """How many rows each view has."""
        return {
            view: sum(
                self._parquet.read_metadata(file).num_rows
                for file in sorted((self._folder / view).glob("*.parquet"))
            )
            for view in views
        }

    def _pages(self, view: str, run_ids: tuple[str, ...]) -> Iterator[Page]:
        page = self._transport.read_view(ReadView(view=view, run_ids=run_ids))
        yield page
        while page.after is not None:
            page = self._transport.read_view(ReadView(view=view, run_ids=run_ids, after=page.after))
            yield page

    def _write(self, view: str, number: int, pages: Iterator[Page]) -> None:
        file = self._folder / view / f"part-{number:05}.parquet"
        if file.exists():
            return
        file.parent.mkdir(exist_ok=True)
        unfinished = file.with_suffix(".unfinished")
        schema = self._arrow.schema(view)
        with self._parquet.ParquetWriter(unfinished, schema, compression="zstd") as writer:
            for page in pages:
                if page.n_rows:
                    writer.write_batch(self._arrow.batch(view, page))
        _sync(unfinished)
        unfinished.replace(file)


def _write_whole(file: Path, content: bytes) -> None:
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_bytes(content)
    _sync(unfinished)
    unfinished.replace(file)


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
