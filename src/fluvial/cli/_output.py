"""What commands print: tables for people, columns with tabs between them for pipes, JSON for programs."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import click
from msgspec import Struct

from fluvial.entities.run import RunStatus
from fluvial.wire import codec

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

STATUS_STYLES = {
    RunStatus.RUNNING: ("●", "blue"),
    RunStatus.SCHEDULED: ("◌", "cyan"),
    RunStatus.FINISHED: ("✓", "green"),
    RunStatus.FAILED: ("✗", "red"),
    RunStatus.KILLED: ("■", "yellow"),
}
ABSENT = "-"
_GAP = 2
_DAY_S = 86_400
_UNITS = (("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12))


class Cell(NamedTuple):
    """One field of a table.

    Attributes:
        shown: In a terminal.
        plain: In a pipe.
        style: Of rich, in a terminal.
    """

    shown: str
    plain: str
    style: str = ""


class Column(Struct, frozen=True):
    """A column of a table.

    Attributes:
        title: Its heading.
        justify: Where its cells are.
        style: Of rich.
        may_wrap: Whether long text goes on in the next line; else it is cut.
        min_width: Text never gets narrower, in characters.
    """

    title: str
    justify: Literal["left", "right"] = "left"
    style: str = ""
    may_wrap: bool = False
    min_width: int = 8


def is_terminal() -> bool:
    """Whether people look at the output, and not a pipe or a file."""
    return sys.stdout.isatty()


def console(*, errors: bool = False) -> Console:
    """Where rich prints; in a pipe without colours, as wide as it needs."""
    from rich.console import Console  # noqa: PLC0415 - 60 ms that pipes and --help need not

    return Console(stderr=errors, highlight=False, soft_wrap=False, emoji=False, markup=False)


def print_json(value: object) -> None:
    """Print a value as one line of JSON; NaN and infinities as text, as the API spells them."""
    click.echo(codec.encode(value))


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    """Print a table; returns how many rows it had."""
    if not is_terminal():
        return _print_plain(columns, rows)
    table = table_of(columns, rows)
    if table.row_count:
        console().print(table)
    return table.row_count


def table_of(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Table:
    """A table for a terminal, as wide as that."""
    from rich.cells import cell_len  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    all_rows = [tuple(row) for row in rows]
    widest = [
        max(cell_len(text) for text in (*column.title.split("\n"), *(row[i].shown for row in all_rows)))
        for i, column in enumerate(columns)
    ]
    table = Table(box=None, header_style="bold dim", pad_edge=False, padding=(0, _GAP, 0, 0))
    for column, width in zip(columns, _widths(columns, widest, console().width), strict=True):
        table.add_column(
            column.title,
            justify=column.justify,
            style=column.style,
            no_wrap=not column.may_wrap,
            overflow="fold" if column.may_wrap else "ellipsis",
            width=width,
        )
    for row in all_rows:
        table.add_row(*(Text(cell.shown, style=cell.style) for cell in row))
    return table


def _widths(columns: Sequence[Column], widest: Sequence[int], total: int) -> list[int]:
    """How wide columns are: text gives way, the longest first; numbers are whole or of no use."""
    widths = list(widest)
    least = [
        width if column.justify == "right" else min(width, column.min_width)
        for column, width in zip(columns, widest, strict=True)
    ]
    while sum(widths) + _GAP * (len(widths) - 1) > total:
        yielding = max(range(len(widths)), key=lambda i: (widths[i] > least[i], widths[i]))
        if widths[yielding] <= least[yielding]:
            break  # nothing can give way: the terminal cuts it
        widths[yielding] -= 1
    return widths


def _print_plain(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    n_rows = 0
    for n_rows, row in enumerate(rows, 1):
        if n_rows == 1:
            click.echo("\t".join(column.title for column in columns))
        click.echo("\t".join(_one_line(cell.plain) for cell in row))
    return n_rows


def _one_line(text: str) -> str:
    return text.replace("\t", " ").replace("\r", "").replace("\n", " ") if text else text


def say(text: str) -> None:
    """Tell people something beside the output; not in a pipe, where it would be taken for it."""
    click.echo(text, err=not is_terminal())


def text_cell(text: str | None, style: str = "") -> Cell:
    """Some text."""
    return Cell(_one_line(text) if text else ABSENT, text or "", style if text else "dim")


def number_cell(value: float | None, style: str = "") -> Cell:
    """A number, shortened for people and all of them for programs."""
    if value is None:
        return Cell(ABSENT, "", "dim")
    return Cell(short_number(value), repr(value), "red" if not math.isfinite(value) else style)


def short_number(value: float) -> str:
    """A number with at most five digits, whole numbers with all."""
    if math.isnan(value):
        return "NaN"
    if math.isfinite(value) and value == int(value) and abs(value) < 1e9:
        return f"{int(value):,}"
    return f"{value:.5g}"


def status_cell(status: RunStatus) -> Cell:
    """How far a run has come."""
    mark, style = STATUS_STYLES[status]
    return Cell(f"{mark} {status.lower()}", status.value, style)


def time_cell(time_ms: int | None) -> Cell:
    """A time: how long ago for people, ISO 8601 for programs."""
    if time_ms is None:
        return Cell(ABSENT, "", "dim")
    return Cell(short_time(time_ms), iso_time(time_ms))


def iso_time(time_ms: int) -> str:
    """A time in ISO 8601, UTC."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds")


def short_time(time_ms: int) -> str:
    """How long ago a time was, or its date if that is more than a week."""
    ago_s = time.time() - time_ms / 1000
    if ago_s < -_DAY_S or ago_s > 7 * _DAY_S:
        return datetime.fromtimestamp(time_ms / 1000, UTC).astimezone().strftime("%Y-%m-%d")
    for unit, unit_s in (("d", _DAY_S), ("h", 3600), ("m", 60)):
        if ago_s >= unit_s:
            return f"{ago_s / unit_s:.0f}{unit} ago"
    return "now" if ago_s < 10 else f"{ago_s:.0f}s ago"


def duration_cell(duration_ms: int | None) -> Cell:
    """How long something took: with units for people, in seconds for programs."""
    if duration_ms is None:
        return Cell(ABSENT, "", "dim")
    return Cell(short_duration(duration_ms), f"{duration_ms / 1000:g}")


def short_duration(duration_ms: float) -> str:
    """A duration with its two largest units."""
    seconds = duration_ms / 1000
    if seconds < 1:
        return f"{duration_ms:.0f}ms"
    if seconds < 60:
        return f"{seconds:.1f}s"
    minutes, hours, days = seconds / 60, seconds / 3600, seconds / _DAY_S
    if minutes < 60:
        return f"{int(minutes)}m{int(seconds % 60):02d}s"
    if hours < 24:
        return f"{int(hours)}h{int(minutes % 60):02d}m"
    return f"{int(days)}d{int(hours % 24):02d}h"


def short_size(n_bytes: float) -> str:
    """A size, in powers of ten."""
    unit, size = next(((u, s) for u, s in reversed(_UNITS) if n_bytes >= s), ("B", 1.0))
    return f"{n_bytes:.0f} B" if unit == "B" else f"{n_bytes / size:.1f} {unit}"


def confirm(question: str, *, is_agreed: bool) -> bool:
    """Ask before something is deleted; not where --yes was given, nor where nobody could answer."""
    return is_agreed or not sys.stdin.isatty() or click.confirm(question, err=True)


def as_json_option(function: Any) -> Any:
    """Give a command the option --json."""
    return click.option("--json", "as_json", is_flag=True, help="JSON, one object a line.")(function)
