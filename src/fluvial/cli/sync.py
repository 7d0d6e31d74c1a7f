"""`fluvial sync`: send what journals hold."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click

from fluvial.cli._progress import Progress as Bar
from fluvial.client.journal import JOURNALS_FOLDER, JournalInUse, stored_folders
from fluvial.client.kept_models import KeptModel, ModelInUse, kept_folders, read, send, size_bytes
from fluvial.client.sync import Progress, sync_journal
from fluvial.client.targets import connect, find_target
from fluvial.errors import FluvialError
from fluvial.settings import ClientSettings, find_home, read_settings
from fluvial.wire.journal import POINT_FRAME_BYTES

WATCH_S = 10.0


@click.command("sync")
@click.argument("journals", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--tracking-uri", metavar="URI", help="Send there instead of where each journal was written for."
)
@click.option("--watch", is_flag=True, help="Go on until Ctrl-C: send what comes, and again what failed.")
@click.option("--every", type=click.FloatRange(0.1), default=WATCH_S, help="With --watch, in seconds. [10]")
def command(journals: tuple[Path, ...], tracking_uri: str | None, watch: bool, every: float) -> None:
    """Send what could not be sent before: all journals and models of this machine, or the folders given.

    Journals of living processes are left alone: these send their own. Sending again changes nothing. The
    exit status is 1 if something could not be sent.

    \b
    Examples:
      fluvial sync
      fluvial sync --watch
      fluvial sync ~/.fluvial/journals/4f1c...
      fluvial sync --tracking-uri http://tracking.example:5000 copied/journals/4f1c...
    """
    settings = read_settings(ClientSettings, os.environ)
    home = find_home(settings.home)
    parent = home / JOURNALS_FOLDER
    folders = [folder.resolve() for folder in journals] or stored_folders(parent)
    models = [] if journals else kept_folders(home)
    if not folders and not models and not watch:
        click.echo("Nothing to send.")
    try:
        n_failed = _send(folders, settings, tracking_uri, is_quiet=watch)
        n_failed += _send_models(models, settings, tracking_uri, is_quiet=watch)
        while watch:
            threading.Event().wait(every)
            there = [folder for folder in folders if folder.exists()] if journals else stored_folders(parent)
            _send(there, settings, tracking_uri, is_quiet=True)
            _send_models([] if journals else kept_folders(home), settings, tracking_uri, is_quiet=True)
    except KeyboardInterrupt:
        if not watch:
            raise
    else:
        sys.exit(1 if n_failed else 0)


class _Sent(NamedTuple):
    """What became of a folder, for people; `is_news` is False where nothing was left to send."""

    said: str
    is_news: bool


def _send(folders: list[Path], settings: ClientSettings, tracking_uri: str | None, *, is_quiet: bool) -> int:
    """Send journals; returns how many failed."""

    def send_one(folder: Path) -> _Sent:
        with Bar(folder.name[:8], None, counts_bytes=True) as bar:
            synced = sync_journal(folder, settings, tracking_uri=tracking_uri, on_progress=_Shown(bar))
        rest = "" if synced.is_gone else f"; {synced.n_rejected} refused, kept in {folder}"
        said = (
            f"{synced.n_records:,} records and {synced.n_files:,} files sent to {synced.tracking_uri}{rest}"
        )
        return _Sent(said, is_news=bool(synced.n_records or synced.n_files))

    return _send_each(folders, send_one, is_quiet=is_quiet)


def _send_models(
    folders: list[Path], settings: ClientSettings, tracking_uri: str | None, *, is_quiet: bool
) -> int:
    """Send the rest of models; returns how many failed."""

    def send_one(folder: Path) -> _Sent:
        with Bar(folder.name[:8], size_bytes(folder), counts_bytes=True) as bar:
            model = _send_model(folder, settings, tracking_uri, bar)
        if model is None:
            return _Sent("given up; it was not complete, or is deleted.", is_news=False)
        return _Sent(f"the model is sent to {tracking_uri or model.tracking_uri}", is_news=True)

    return _send_each(folders, send_one, is_quiet=is_quiet)


def _send_each(folders: list[Path], send_one: Callable[[Path], _Sent], *, is_quiet: bool) -> int:
    """Send folders; returns how many failed. If quiet, those with nothing to say are not mentioned."""
    n_failed = 0
    for folder in folders:
        try:
            sent = send_one(folder)
        except (JournalInUse, ModelInUse):
            if not is_quiet:
                click.echo(f"{folder.name}: in use by a living process, which sends it.")
        except FluvialError as error:
            n_failed += 1
            click.echo(f"{folder.name}: {error}", err=True)
        else:
            if sent.is_news or not is_quiet:
                click.echo(f"{folder.name}: {sent.said}")
    return n_failed


def _send_model(
    folder: Path, settings: ClientSettings, tracking_uri: str | None, bar: Bar
) -> KeptModel | None:
    entry = read(folder)
    uri = tracking_uri or (entry.tracking_uri if entry is not None else settings.tracking_uri)
    transport = connect(find_target(uri, find_home(settings.home)), settings)
    try:
        return send(transport, folder, bar.advance)
    finally:
        transport.close()


class _Shown:
    """Moves a bar: bytes, of records about as many as a point takes."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._shown = 0

    def __call__(self, sent: Progress, total: Progress) -> None:
        if not self._shown:
            self._bar.set_total(_bytes_of(total))
        self._bar.advance(_bytes_of(sent) - self._shown)
        self._shown = _bytes_of(sent)


def _bytes_of(progress: Progress) -> int:
    return progress.n_records * POINT_FRAME_BYTES + progress.n_bytes
