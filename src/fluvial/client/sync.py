"""Send what a journal holds that its process could not send: again from where the server has it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from fluvial.client.delivery import Delivery
from fluvial.client.journal import StoredJournal
from fluvial.client.spool import stored_files, upload_all
from fluvial.client.targets import connect, find_target
from fluvial.settings import ClientSettings, find_home


class Progress(Struct, frozen=True, kw_only=True):
    """Records and files: how many there are, or how many are sent.

    Attributes:
        n_records: Records.
        n_files: Files.
        n_bytes: Bytes of the files.
    """

    n_records: int
    n_files: int
    n_bytes: int


OnProgress = Callable[[Progress, Progress], None]


class Synced(Struct, frozen=True, kw_only=True):
    """What was sent of a journal.

    Attributes:
        tracking_uri: Where to.
        n_records: Records sent.
        n_files: Files sent.
        n_rejected: Records that the server refused; they are in the journal's `rejected.jsonl`.
        is_gone: Whether nothing was left, so that the journal was deleted.
    """

    tracking_uri: str
    n_records: int
    n_files: int
    n_rejected: int
    is_gone: bool


def sync_journal(
    folder: Path, settings: ClientSettings, *, tracking_uri: str | None = None, on_progress: OnProgress
) -> Synced:
    """Send a journal. It can be repeated: nothing is applied twice.

    Args:
        folder: The journal.
        settings: How to reach the server.
        tracking_uri: Another place than the one that it was written for.
        on_progress: Told what is sent, and of how much.

    Raises:
        JournalInUse: A living process writes it, and sends it itself.
        JournalDamaged: It cannot be read.
        RequestError: The server does not take it.
        Unreachable: The server does not answer.
    """
    with StoredJournal(folder) as journal:
        target = find_target(tracking_uri or journal.info.tracking_uri, find_home(settings.home))
        transport = connect(target, settings)
        try:
            delivery = Delivery(journal.backlog, transport, folder)
            files = stored_files(folder)
            n_bytes = sum(file.content.stat().st_size for file in files)
            total = Progress(n_records=delivery.n_waiting(), n_files=len(files), n_bytes=n_bytes)
            progress = _Counted(total, on_progress)
            while n_records := delivery.send_next():
                delivery.save()
                progress.add(n_records=n_records)
            upload_all(
                transport,
                files,
                lambda _: progress.add(n_files=1),
                lambda n_bytes: progress.add(n_bytes=n_bytes),
            )
            delivery.write_receipt(folder, target.uri)
        finally:
            transport.close()
        return Synced(
            tracking_uri=target.uri,
            n_records=progress.total.n_records,
            n_files=len(files),
            n_rejected=delivery.n_rejected,
            is_gone=journal.delete_if_done(),
        )


class _Counted:
    """Adds up what is sent, in whichever thread."""

    def __init__(self, total: Progress, on_progress: OnProgress) -> None:
        self.total = total
        self._on_progress = on_progress
        self._n_records = self._n_files = self._n_bytes = 0
        self._lock = threading.Lock()

    def add(self, *, n_records: int = 0, n_files: int = 0, n_bytes: int = 0) -> None:
        """Say that more is sent."""
        with self._lock:
            self._n_records = min(self._n_records + n_records, self.total.n_records)
            self._n_files += n_files
            self._n_bytes += n_bytes
            sent = Progress(n_records=self._n_records, n_files=self._n_files, n_bytes=self._n_bytes)
            self._on_progress(sent, self.total)
