"""A bar on a terminal for uploads that take a while."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from fluvial.wire.digests import OnBytes

SHOWN_FROM_BYTES = 50_000_000  # about a second of a fast network


@contextmanager
def upload_bar(what: str, size_bytes: int) -> Iterator[OnBytes]:
    """Show how far an upload is, if it is large and somebody looks; yields what to tell of each piece."""
    if size_bytes < SHOWN_FROM_BYTES or not sys.stderr.isatty():
        yield _not_shown
        return
    # rich takes longer to load than all of the client.
    from rich import progress  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.DownloadColumn(),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=size_bytes)
        yield lambda n_bytes: bars.advance(task, n_bytes)


def _not_shown(n_bytes: int) -> None:
    """Nobody looks."""
