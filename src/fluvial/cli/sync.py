"""`fluvial sync`: send what journals hold."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from fluvial.client.journal import JOURNALS_FOLDER, JournalInUse, stored_folders
from fluvial.client.sync import Progress, sync_journal
from fluvial.errors import FluvialError
from fluvial.settings import ClientSettings, find_home, read_settings


@click.command("sync")
@click.argument("journals", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--tracking-uri", help="Send there instead of where each journal was written for.")
def command(journals: tuple[Path, ...], tracking_uri: str | None) -> None:
    """Send what could not be sent before: all journals of this machine, or the folders given.

    Journals of living processes are left alone: these send their own. Sending again changes nothing.

    \b
    Examples:
      fluvial sync
      fluvial sync ~/.fluvial/journals/4f1c...
      fluvial sync --tracking-uri http://tracking.example:5000 copied/journals/4f1c...
    """
    settings = read_settings(ClientSettings, os.environ)
    folders = journals or stored_folders(find_home(settings.home) / JOURNALS_FOLDER)
    if not folders:
        click.echo("Nothing to send.")
    n_failed = 0
    for folder in folders:
        try:
            synced = sync_journal(
                Path(folder), settings, tracking_uri=tracking_uri, on_progress=_show_progress
            )
        except JournalInUse:
            click.echo(f"{folder.name}: in use by a living process, which sends it.")
        except FluvialError as error:
            n_failed += 1
            click.echo(f"{folder.name}: {error}", err=True)
        else:
            rest = "" if synced.is_gone else f"; {synced.n_rejected} refused, kept in {folder}"
            click.echo(
                f"{folder.name}: {synced.n_records:,} records and {synced.n_files:,} files sent to "
                f"{synced.tracking_uri}{rest}"
            )
    if n_failed:
        sys.exit(1)


def _show_progress(sent: Progress, total: Progress) -> None:
    if sys.stderr.isatty():
        line = (
            f"{sent.n_records:,} of {total.n_records:,} records, {sent.n_files:,} of {total.n_files:,} files"
        )
        click.echo(f"\r{line}", nl=sent == total, err=True)
