"""Runs side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import click
from msgspec import Struct

from fluvial.cli._output import (
    STATUS_STYLES,
    Cell,
    Column,
    is_terminal,
    number_cell,
    print_json,
    print_table,
    say,
    short_duration,
    short_number,
    text_cell,
)
from fluvial.cli._platform import ID_CHARS, Reached
from fluvial.cli._run_columns import (
    SYSTEM_METRICS,
    RunColumns,
    duration_ms,
    metrics_of,
    params_of,
    tags_of,
)
from fluvial.entities.run import USER_TAG, Run

_PLATFORM_TAGS = "mlflow."
_COMMIT_TAG = "mlflow.source.git.commit"


class Difference(Struct, frozen=True, kw_only=True):
    """A line of the comparison.

    Attributes:
        kind: `run`, `params`, `metrics`, `tags` or `datasets`.
        key: Which of them.
        values: Of each run, in their order; none where a run has none.
    """

    kind: str
    key: str
    values: tuple[str | float | None, ...]

    @property
    def differs(self) -> bool:
        """Whether the runs do not agree; NaN agrees with NaN."""
        return len({"NaN" if value != value else value for value in self.values}) > 1  # noqa: PLR0124


def compare_runs(platform: Reached, runs: Sequence[Run], *, shows_all: bool, as_json: bool) -> None:
    """Print what differs between runs, or everything."""
    lines = [line for line in _lines(platform, runs) if shows_all or line.differs]
    if as_json:
        ids = [run.info.run_id for run in runs]
        for line in lines:
            values = dict(zip(ids, line.values, strict=True))
            print_json({"kind": line.kind, "key": line.key, "values": values})
        return
    if not lines:
        say("These runs do not differ in params, metrics, tags or datasets. --all shows what they have.")
        return
    has_delta = len(runs) == 2
    heads = [Column(_head(run), "right") for run in runs]
    columns = [
        Column("", style="dim"),
        Column("key"),
        *heads,
        *([Column("change", "right")] if has_delta else []),
    ]
    rows = []
    kind = ""
    for line in lines:
        cells = [Cell("" if line.kind == kind else line.kind, line.kind), text_cell(line.key)]
        cells += [_cell(line, value) for value in line.values]
        if has_delta:
            cells.append(_change(*line.values))
        rows.append(cells)
        kind = line.kind
    print_table(columns, rows)
    n_same = sum(1 for _ in _lines(platform, runs)) - len(lines)
    if n_same and is_terminal():
        say(click.style(f"{n_same} more are the same in all of them; --all shows them.", dim=True))


def _lines(platform: Reached, runs: Sequence[Run]) -> Iterator[Difference]:
    table = RunColumns(platform.experiments())
    attributes: dict[str, Callable[[Run], str | None]] = {
        "experiment": table.experiment_of,
        "status": lambda run: run.info.status.value,
        "duration": lambda run: None if (ms := duration_ms(run)) is None else short_duration(ms),
        "user": lambda run: tags_of(run).get(USER_TAG, run.info.user_id),
        "commit": lambda run: tags_of(run).get(_COMMIT_TAG, "")[:12] or None,
    }
    for key, read in attributes.items():
        yield Difference(kind="run", key=key, values=tuple(read(run) for run in runs))
    yield from _of_kind("params", [params_of(run) for run in runs])
    yield from _of_kind("metrics", [_shown_metrics(run) for run in runs])
    yield from _of_kind("tags", [_own_tags(run) for run in runs])
    yield from _of_kind("datasets", [_datasets(run) for run in runs])


def _of_kind(kind: str, found: Sequence[Mapping[str, str | float]]) -> Iterator[Difference]:
    for key in sorted({key for each in found for key in each}):
        yield Difference(kind=kind, key=key, values=tuple(each.get(key) for each in found))


def _shown_metrics(run: Run) -> dict[str, float]:
    return {key: value for key, value in metrics_of(run).items() if not key.startswith(SYSTEM_METRICS)}


def _own_tags(run: Run) -> dict[str, str]:
    return {key: value for key, value in tags_of(run).items() if not key.startswith(_PLATFORM_TAGS)}


def _datasets(run: Run) -> dict[str, str]:
    return {each.dataset.name: each.dataset.digest for each in run.inputs.dataset_inputs}


def _head(run: Run) -> str:
    return f"{run.info.run_name}\n{run.info.run_id[:ID_CHARS]}" if is_terminal() else run.info.run_id


def _cell(line: Difference, value: str | float | None) -> Cell:
    if isinstance(value, float):
        return number_cell(value)
    style = STATUS_STYLES[value][1] if line.key == "status" and line.kind == "run" and value else ""  # type: ignore[index]
    return text_cell(value, style)


def _change(before: str | float | None, after: str | float | None) -> Cell:
    """How a number changed from the first run to the second, and by which share."""
    if not isinstance(before, float) or not isinstance(after, float):
        return Cell("", "")
    change = after - before
    if not math.isfinite(change):
        return Cell("", "")
    share = f" ({change / abs(before):+.1%})" if before else ""
    sign = "+" if change >= 0 else ""
    return Cell(f"{sign}{short_number(change)}{share}", repr(change), "bold")
