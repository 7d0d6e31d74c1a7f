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

from fluvial.client.chunks import StoredChunk, chunk_paths
from fluvial.client.journal import (
    JOURNALS_FOLDER,
    REJECTED_FILE,
    JournalInfo,
    JournalInUse,
    StoredJournal,
    read_info,
    stored_folders,
)
from fluvial.client.spool import stored_files
from fluvial.settings import ClientSettings, find_home, read_settings


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
      fluvial journal verify
    """


@command.command("ls")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_journals(as_json: bool) -> None:
    """List the journals, oldest first."""
    n_listed = 0
    for listed in _listed():
        n_listed += 1
        if as_json:
            click.echo(msgspec.json.encode(listed))
            continue
        info = listed.info
        begun = time.strftime("%Y-%m-%d %H:%M", time.localtime(info.created / 1000))
        state = "in use" if listed.is_in_use else f"{listed.n_records:,} records, {listed.n_files:,} files"
        refused = f", {listed.n_rejected:,} refused" if listed.n_rejected else ""
        click.echo(
            f"{info.journal_id}  {begun}  {info.host}:{info.pid}  {info.tracking_uri}  {state}{refused}"
        )
    if not n_listed and not as_json:
        click.echo("No journals: everything was sent.")


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
