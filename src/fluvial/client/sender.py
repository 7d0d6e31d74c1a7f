"""Sends this process's journal while the program runs.

It ships raw bytes of the journal and does no work per point.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Sequence

from fluvial.client.delivery import Delivery
from fluvial.client.journal import Journal
from fluvial.client.stopping import stop_runs
from fluvial.client.transport import Transport
from fluvial.client.worker import Worker
from fluvial.errors import NotFound, PermissionDenied
from fluvial.settings import ClientSettings
from fluvial.wire.heartbeats import HEARTBEAT, Heartbeat

SAVE_INTERVAL_S = 1.0
# A run that is over sooner needs no sign of life.
FIRST_BEAT_S = 1.0
MAX_BEATS = 1000

_log = logging.getLogger("fluvial")


class Sender:
    """Sends one journal in the background.

    Args:
        journal: What to send.
        connect: Gives the way to the platform when there is something to send; none for never.
        where: The platform, for people.
        settings: How often what is done.
        open_runs: Gives the runs that this process began and has not ended.
    """

    def __init__(
        self,
        journal: Journal,
        connect: Callable[[], Transport] | None,
        where: str,
        settings: ClientSettings,
        open_runs: Callable[[], Sequence[str]],
    ) -> None:
        self._journal = journal
        self._where = where
        self._settings = settings
        self._open_runs = open_runs
        self._beaten: frozenset[str] = frozenset()
        self._beat_at_s = math.inf
        self._connect = connect
        self._delivery: Delivery | None = None
        self._sent_to = (0, 0)
        self._on_disk_to = (0, 0)
        self._save_at_s = time.monotonic() + SAVE_INTERVAL_S
        self._sync_at_s = time.monotonic() + settings.journal_save_s
        self._is_saved = True
        self._worker = Worker(
            "fluvial-sender",
            self._work,
            f"Sending to {where}",
            "Your program goes on; what it logs is kept and sent later.",
        )
        self._worker.start()

    @property
    def last_error(self) -> Exception | None:
        """Why the latest try to send failed; none if it did not."""
        return self._worker.last_error

    def has_sent(self, position: tuple[int, int]) -> bool:
        """Whether the platform has everything before a position of the journal."""
        return self._sent_to >= position

    def flush(self, timeout_s: float | None, *, gives_up: bool) -> bool:
        """Wait until the platform has everything that was appended before.

        Args:
            timeout_s: How long to wait at most.
            gives_up: Return when a try fails; else wait for the next.

        Returns:
            Whether it has.
        """
        end = self._journal.end()
        if self.has_sent(end):
            return True
        if self._connect is None:
            return False
        return self._worker.wait_until(lambda: self.has_sent(end), timeout_s, gives_up=gives_up)

    def n_waiting(self) -> int:
        """How many records the platform lacks, as far as we know. Only after `stop`."""
        if self._delivery is None:
            return self._journal.backlog().count()
        return self._delivery.n_waiting()

    def n_bytes_waiting(self) -> int:
        """About how much is not sent."""
        chunk, offset = self._sent_to if self._delivery is None else self._delivery.position
        waiting = sum(one.end() for one in tuple(self._journal.chunks) if one.number >= chunk)
        return max(waiting - offset, 0)

    def write_receipt(self) -> None:
        """Remember what the platform took. Only after `stop`."""
        if self._delivery is not None and self._journal.folder is not None:
            self._delivery.write_receipt(self._journal.folder, self._where)

    def stop(self, timeout_s: float) -> None:
        """Send no more."""
        self._worker.stop(timeout_s)
        if self._delivery is not None and not self._is_saved:
            self._save_at_s = 0.0
            self._save()

    def _work(self) -> None:
        end = self._journal.end()
        try:
            if self._connect is not None and end != self._sent_to:
                if self._delivery is None:
                    self._delivery = Delivery(self._journal.backlog(), self._connect(), self._journal.folder)
                while self._delivery.send_next(end):
                    self._is_saved = False
                    self._save()
                self._sent_to = end
            if self._connect is not None and self._settings.heartbeat_s > 0:
                self._beat(self._connect)
        finally:
            self._save()

    def _beat(self, connect: Callable[[], Transport]) -> None:
        """Say that this process's runs are alive, if it is time."""
        now_s = time.monotonic()
        runs = self._open_runs()
        if not self._beaten.issuperset(runs):
            self._beat_at_s = min(self._beat_at_s, now_s + FIRST_BEAT_S)
        self._beaten = frozenset(runs)
        if not runs or now_s < self._beat_at_s:
            return
        self._beat_at_s = now_s + self._settings.heartbeat_s
        try:
            for start in range(0, len(runs), MAX_BEATS):
                heard = connect().call(HEARTBEAT, Heartbeat(run_ids=tuple(runs[start : start + MAX_BEATS])))
                if self._settings.stop_on_request:
                    stop_runs(heard.stop)
        except (NotFound, PermissionDenied) as error:
            _log.debug("The server takes no signs of life: %s", error)
            self._beat_at_s = math.inf

    def _save(self) -> None:
        """Bring to the disk how far the platform has the journal, and what it lacks for long."""
        now_s = time.monotonic()
        try:
            if self._delivery is not None and not self._is_saved and now_s > self._save_at_s:
                self._save_at_s = now_s + SAVE_INTERVAL_S
                self._delivery.save()
                self._is_saved = True
            end = self._journal.end()
            if end not in (self._sent_to, self._on_disk_to) and now_s > self._sync_at_s:
                self._sync_at_s = now_s + self._settings.journal_save_s
                self._journal.save()
                self._on_disk_to = end
        except OSError as error:
            _log.debug("The state of the journal cannot be saved: %s", error)  # it is only older then
