"""`fluvial journal`: look at journals."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from fluvial.cli._output import (
    Cell,
    Column,
    as_json_option,
    number_cell,
    print_json,
    print_table,
    say,
    text_cell,
    time_cell,
)
from fluvial.client.backlog import Tally
from fluvial.client.chunks import StoredChunk, chunk_paths
from fluvial.client.delivery import SLICE_BYTES, RejectedRecords
from fluvial.client.journal import (
    JOURNALS_FOLDER,
    REJECTED_FILE,
    JournalInfo,
    JournalInUse,
    StoredJournal,
    read_info,
    stored_folders,
)
from fluvial.client.receipts import receipt_of
from fluvial.client.spool import stored_files
from fluvial.settings import ClientSettings, find_home, read_settings


class Waiting(Struct, frozen=True, kw_only=True):
    """What a journal holds of one run.

    Attributes:
        run_id: The run.
        points: How many points are not sent, by metric.
    """

    run_id: str
    points: dict[str, int]


class Shown(Struct, frozen=True, kw_only=True):
    """What `fluvial journal show` says.

    Attributes:
        info: What the journal is.
        folder: Where it is.
        n_records: Records that are not sent, points among them.
        runs: The points that are not sent.
        files: Artifacts that are not sent: run and name.
        refused: What the server refused, with the reason.
    """

    info: JournalInfo
    folder: str
    n_records: int
    runs: tuple[Waiting, ...]
    files: tuple[str, ...]
    refused: tuple[str, ...]


class Listed(Struct, frozen=True, kw_only=True):
    """A line of `fluvial journal ls`.

    Attributes:
        info: What the journal is.
        is_in_use: Whether a living process writes it.
        n_records: Records that are not sent; unknown if it is in use.
        n_files: Files that are not sent.
        n_rejected: Times that the server refused records.
    """

    info: JournalInfo
    is_in_use: bool
    n_records: int | None
    n_files: int
    n_rejected: int


@click.group("journal")
def command() -> None:
    """Look at what this machine has logged and not sent.

    \b
    Examples:
      fluvial journal ls
      fluvial journal show ~/.fluvial/journals/4f1c...
      fluvial journal verify
    """


@command.command("ls")
@as_json_option
def list_journals(as_json: bool) -> None:
    """List the journals, oldest first.

    \b
    Examples:
      fluvial journal ls
      fluvial journal ls --json
    """
    if as_json:
        for listed in _listed():
            print_json(listed)
        return
    columns = [
        Column("journal", min_width=32),
        Column("begun"),
        Column("written by"),
        Column("for", may_wrap=True),
        Column("state"),
        Column("records", "right"),
        Column("files", "right"),
        Column("refused", "right"),
    ]
    if not print_table(columns, map(_row, _listed())):
        say("No journals: everything was sent.")


def _row(listed: Listed) -> list[Cell]:
    info = listed.info
    return [
        text_cell(info.journal_id),
        time_cell(info.created),
        text_cell(f"{info.host}:{info.pid}"),
        text_cell(info.tracking_uri),
        Cell("in use", "in use", "blue") if listed.is_in_use else Cell("waits", "waits", "yellow"),
        number_cell(listed.n_records),
        number_cell(listed.n_files),
        number_cell(listed.n_rejected, "red" if listed.n_rejected else ""),
    ]


@command.command("show")
@click.argument("journal", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(journal: Path, as_json: bool) -> None:
    """Show what a journal holds that is not sent, and what the server refused.

    \b
    Examples:
      fluvial journal show ~/.fluvial/journals/4f1c...
      fluvial journal show --json ~/.fluvial/journals/4f1c...
    """
    shown = _shown(journal.resolve())
    if as_json:
        click.echo(msgspec.json.encode(shown))
        return
    info = shown.info
    begun = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(info.created / 1000))
    click.echo(f"{shown.folder}\n  written by process {info.pid} of {info.host}, from {begun}")
    click.echo(f"  for {info.tracking_uri or 'the embedded store'}\n  {shown.n_records:,} records not sent")
    for waiting in shown.runs:
        for key, n_points in waiting.points.items():
            click.echo(f"  run {waiting.run_id}: {n_points:,} points of {key}")
    for line in (*(f"file {name}" for name in shown.files), *(f"refused: {why}" for why in shown.refused)):
        click.echo(f"  {line}")
    if shown.n_records or shown.files:
        click.echo(f"To send it: fluvial sync {shown.folder}")


@command.command("verify")
@click.argument("journals", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
def verify(journals: tuple[Path, ...]) -> None:
    """Check every record against its checksum; the exit status is 1 if one is damaged."""
    n_damaged = 0
    for folder in journals or _folders():
        n_bytes = sum(StoredChunk(path).n_damaged_bytes for path in chunk_paths(folder))
        n_damaged += bool(n_bytes)
        what = (
            f"{n_bytes:,} bytes at the end of a file are damaged and will not be sent" if n_bytes else "whole"
        )
        click.echo(f"{read_info(folder).journal_id}: {what}")
    if n_damaged:
        sys.exit(1)


def _listed() -> Iterator[Listed]:
    for folder in _folders():
        rejected = folder / REJECTED_FILE
        n_rejected = rejected.read_bytes().count(b"\n") if rejected.exists() else 0
        n_files = len(stored_files(folder))
        try:
            with StoredJournal(folder) as journal:
                n_records: int | None = journal.backlog.count()
        except JournalInUse:
            n_records = None
        yield Listed(
            info=read_info(folder),
            is_in_use=n_records is None,
            n_records=n_records,
            n_files=n_files,
            n_rejected=n_rejected,
        )


def _folders() -> list[Path]:
    settings = read_settings(ClientSettings, os.environ)
    return stored_folders(find_home(settings.home) / JOURNALS_FOLDER)


def _shown(folder: Path) -> Shown:
    with StoredJournal(folder) as journal:
        n_records = journal.backlog.count()
        state = journal.backlog.acknowledged
        before = receipt_of(folder, state, "").runs
        while piece := journal.backlog.next_slice(SLICE_BYTES):
            journal.backlog.acknowledge(piece)  # in memory alone: nothing is saved
        after = receipt_of(folder, state, "").runs
    rejected = folder / REJECTED_FILE
    lines = rejected.read_bytes().splitlines() if rejected.exists() else []
    refusals = [msgspec.json.decode(line, type=RejectedRecords) for line in lines]
    return Shown(
        info=read_info(folder),
        folder=str(folder),
        n_records=n_records,
        runs=tuple(
            Waiting(run_id=run_id, points=_points_since(before.get(run_id, {}), series))
            for run_id, series in after.items()
        ),
        files=tuple(f"{file.entry.path} of run {file.entry.run_id}" for file in stored_files(folder)),
        refused=tuple(f"{one.n_records:,} records: {one.message} ({one.error_code})" for one in refusals),
    )


def _points_since(before: dict[str, Tally], after: dict[str, Tally]) -> dict[str, int]:
    counts = {key: tally.n_points - _n_points(before.get(key)) for key, tally in after.items()}
    return {key: n_points for key, n_points in counts.items() if n_points}


def _n_points(tally: Tally | None) -> int:
    return 0 if tally is None else tally.n_points
