"""A journal with what sends it: begun at the first thing that is logged, closed at the end."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from fluvial.client.journal import Journal
from fluvial.client.sender import Sender
from fluvial.client.spool import Spool
from fluvial.client.transport import Transport
from fluvial.settings import ClientSettings

STOP_TIMEOUT_S = 1.0
PROGRESS_S = 1.0
EARLY_S = 0.05  # a wait may end a little before its time: that is no failure
RETURN_AND_CLEAR = "\r\x1b[2K"

_log = logging.getLogger("fluvial")


class Outbox:
    """What this process logs to one target.

    Args:
        parent: The folder of all journals.
        tracking_uri: Where it is sent.
        connect: Gives the way there; none for never.
        settings: Of this process.
        open_runs: Gives the runs that this process began and has not ended.

    Attributes:
        journal: The records.
    """

    def __init__(
        self,
        parent: Path,
        tracking_uri: str,
        connect: Callable[[], Transport] | None,
        settings: ClientSettings,
        open_runs: Callable[[], Sequence[str]],
    ) -> None:
        self.journal = Journal(parent, tracking_uri, settings.journal_max_bytes)
        self._tracking_uri = tracking_uri
        self._connect = connect
        self._sender = Sender(self.journal, connect, tracking_uri, settings, open_runs)
        self._spool: Spool | None = None
        self._lock = threading.Lock()
        self._has_shown = False

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
        is_sent = self._flush_at_end(timeout_s)
        self._sender.stop(STOP_TIMEOUT_S)
        if self._spool is not None:
            self._spool.stop(STOP_TIMEOUT_S)
        n_records = 0 if is_sent else self._sender.n_waiting()
        n_files = self._spool.n_waiting if self._spool else 0
        if is_sent:
            self._sender.write_receipt()
        n_without_space = self.journal.close(is_sent=is_sent)
        n_kept = max(n_records - n_without_space, 0)
        n_lost = n_without_space + self.journal.n_lost
        if not is_sent and n_kept + n_files:
            _log.warning(
                "Not sent to %s yet: %d records, %d files%s. They are kept; to send them: fluvial sync %s",
                self._tracking_uri,
                n_kept,
                n_files,
                f" ({self.last_error})" if self.last_error else "",
                self.journal.folder,
            )
        if n_lost:
            points = ", ".join(
                f"{n:,} points of {key}" for key, n in self.journal.lost_points().most_common(10)
            )
            what = f": {points}" if points else ""
            _log.warning("%d records found no space on the disk and are lost%s.", n_lost, what)
        if self._spool is not None and self._spool.lost:
            names = ", ".join(self._spool.lost[:10])
            _log.warning("%d artifacts found no space and are lost: %s.", len(self._spool.lost), names)

    def _flush_at_end(self, timeout_s: float) -> bool:
        """Send what is left until a try fails or the time is up; show it if it takes longer than a moment."""
        now_s = time.monotonic()
        deadline_s = now_s + timeout_s
        try:
            while True:
                pause_s = min(PROGRESS_S, max(deadline_s - now_s, 0.0))
                is_sent = self.flush(pause_s, gives_up=True)
                has_failed = time.monotonic() < now_s + pause_s - EARLY_S
                now_s = time.monotonic()
                if is_sent or has_failed or now_s >= deadline_s:
                    return is_sent
                self._show_progress(deadline_s - now_s)
        except KeyboardInterrupt:
            return False
        finally:
            if self._has_shown and sys.stderr.isatty():
                sys.stderr.write("\n")

    def _show_progress(self, left_s: float) -> None:
        """Say what is being waited for: on a terminal every second, else once."""
        is_terminal = sys.stderr.isatty()
        if self._has_shown and not is_terminal:
            return
        self._has_shown = True
        n_files = self._spool.n_waiting if self._spool else 0
        n_bytes = self._sender.n_bytes_waiting() + (self._spool.n_bytes_waiting if self._spool else 0)
        line = (
            f"fluvial: sending {n_bytes / 1e6:,.1f} MB, {n_files} files among it, to {self._tracking_uri}, "
            f"{left_s:.0f} s more at most; Ctrl-C leaves them for fluvial sync"
        )
        sys.stderr.write(f"{RETURN_AND_CLEAR}{line}" if is_terminal else f"{line}\n")
        sys.stderr.flush()

    def abandon(self) -> None:
        """Let go of everything: this is a forked child, and the parent goes on with it."""
        self.journal.abandon()
