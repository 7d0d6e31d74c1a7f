"""Send what a journal holds that its process could not send: again from where the server has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from fluvial.client.delivery import Delivery
from fluvial.client.journal import StoredJournal
from fluvial.client.spool import stored_files, upload
from fluvial.client.targets import connect, find_target
from fluvial.settings import ClientSettings, find_home

Progress = Callable[[int, int], None]


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
    folder: Path, settings: ClientSettings, *, tracking_uri: str | None = None, on_progress: Progress
) -> Synced:
    """Send a journal. It can be repeated: nothing is applied twice.

    Args:
        folder: The journal.
        settings: How to reach the server.
        tracking_uri: Another place than the one that it was written for.
        on_progress: Told how many records of how many are sent.

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
            n_total = delivery.n_waiting()
            n_left = n_total
            while n_left and delivery.send_next():
                delivery.save()
                n_left = delivery.n_waiting()
                on_progress(n_total - n_left, n_total)
            files = stored_files(folder)
            for file in files:
                upload(transport, file)
        finally:
            transport.close()
        return Synced(
            tracking_uri=target.uri,
            n_records=n_total,
            n_files=len(files),
            n_rejected=delivery.n_rejected,
            is_gone=journal.delete_if_done(),
        )
