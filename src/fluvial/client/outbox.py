"""A journal with what sends it: begun at the first thing that is logged, closed at the end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from fluvial.client.journal import Journal
from fluvial.client.sender import Sender
from fluvial.client.spool import Spool
from fluvial.client.transport import Transport

STOP_TIMEOUT_S = 1.0

_log = logging.getLogger("fluvial")


class Outbox:
    """What this process logs to one target.

    Args:
        parent: The folder of all journals.
        tracking_uri: Where it is sent.
        connect: Gives the way there; none for never.

    Attributes:
        journal: The records.
    """

    def __init__(self, parent: Path, tracking_uri: str, connect: Callable[[], Transport] | None) -> None:
        self.journal = Journal(parent, tracking_uri)
        self._tracking_uri = tracking_uri
        self._connect = connect
        self._sender = Sender(self.journal, connect, tracking_uri)
        self._spool: Spool | None = None
        self._lock = threading.Lock()

    @property
    def last_error(self) -> Exception | None:
        """Why the latest try to send failed; none if it did not."""
        return self._sender.last_error or (self._spool.last_error if self._spool else None)

    def add_file(self, run_id: str, path: str, source: Path | bytes) -> None:
        """Keep a copy of a file, or some bytes, and upload them after what was logged before.

        Raises:
            OSError: The file cannot be read.
        """
        with self._lock:
            if self._spool is None:
                self._spool = Spool(
                    self.journal.folder, self._connect, self._sender.has_sent, self._tracking_uri
                )
        self._spool.add(run_id, path, source, self.journal.end())

    def flush(self, timeout_s: float | None, *, gives_up: bool) -> bool:
        """Wait until the platform has everything that was logged before.

        Args:
            timeout_s: How long to wait at most.
            gives_up: Return when a try fails; else wait for the next.

        Returns:
            Whether it has.
        """
        deadline_s = None if timeout_s is None else time.monotonic() + timeout_s
        if not self._sender.flush(timeout_s, gives_up=gives_up):
            return False
        if self._spool is None:
            return True
        left_s = None if deadline_s is None else max(deadline_s - time.monotonic(), 0.0)
        return self._spool.flush(left_s, gives_up=gives_up)

    def close(self, timeout_s: float) -> None:
        """Send what is left, for a while, and say what remains."""
        is_sent = self.flush(timeout_s, gives_up=True)
        self._sender.stop(STOP_TIMEOUT_S)
        if self._spool is not None:
            self._spool.stop(STOP_TIMEOUT_S)
        n_records = self._sender.n_waiting()
        n_files = self._spool.n_waiting if self._spool else 0
        self.journal.close(is_sent=is_sent)
        if not is_sent:
            _log.warning(
                "Not sent to %s yet: %d records, %d files%s. They are kept; to send them: fluvial sync %s",
                self._tracking_uri,
                n_records,
                n_files,
                f" ({self.last_error})" if self.last_error else "",
                self.journal.folder,
            )

    def abandon(self) -> None:
        """Let go of everything: this is a forked child, and the parent goes on with it."""
        self.journal.abandon()
