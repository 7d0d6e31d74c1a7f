"""Whether a server has what the journals of this machine say that it took."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from fluvial.client.history import MetricHistory
from fluvial.client.journal import JOURNALS_FOLDER, JournalInUse, StoredJournal, read_info, stored_folders
from fluvial.client.receipts import Receipt, kept_receipts, open_receipt
from fluvial.client.targets import connect, find_target
from fluvial.errors import NotFound
from fluvial.settings import ClientSettings, find_home


class SeriesCheck(Struct, frozen=True, kw_only=True):
    """One metric, as this machine and as the server knows it.

    Attributes:
        key: Its name.
        n_taken: Points that the server said it took from here.
        n_on_server: Points that it has, from wherever.
        has_last: Whether the last point that each journal sent is among them.
    """

    key: str
    n_taken: int
    n_on_server: int
    has_last: bool

    @property
    def is_whole(self) -> bool:
        """Whether the server has all that it took."""
        return self.has_last and self.n_on_server >= self.n_taken


class Verification(Struct, frozen=True, kw_only=True):
    """What was found about one run.

    Attributes:
        run_id: The run.
        tracking_uri: The server.
        series: Its metrics that were logged here.
        n_journals: Journals of this machine that logged to it and were sent, whole or in part.
        waiting: Journals of this machine that hold records, of any run, that are not sent.
    """

    run_id: str
    tracking_uri: str
    series: tuple[SeriesCheck, ...]
    n_journals: int
    waiting: tuple[str, ...]

    @property
    def is_proven(self) -> bool:
        """Whether the server has everything, and nothing waits here."""
        return not self.waiting and all(check.is_whole for check in self.series)


def verify_run(run_id: str, settings: ClientSettings) -> Verification:
    """Compare what the server took of a run with what it has, point by point counted.

    Raises:
        NotFound: No journal of this machine knows the run.
        RequestError: What the server answered.
        Unreachable: It did not answer.
    """
    home = find_home(settings.home)
    receipts, waiting = _receipts(home)
    of_run = {
        (receipt.journal_id, receipt.tracking_uri): receipt for receipt in receipts if run_id in receipt.runs
    }
    if not of_run:
        raise NotFound(
            f"No journal in {home} has sent points of the run {run_id}: it was logged on another machine or "
            "into another home folder (FLUVIAL_HOME), or nothing was sent yet (fluvial journal ls)."
        )
    uri = next(reversed(of_run.values())).tracking_uri
    there = [receipt.runs[run_id] for receipt in of_run.values() if receipt.tracking_uri == uri]
    transport = connect(find_target(uri, home), settings)
    try:
        checks = []
        for key in sorted({key for series in there for key in series}):
            tallies = [series[key] for series in there if key in series]
            found = MetricHistory.from_columns(key, run_id, transport.metric_points(run_id, key))
            points = set(zip(found.steps, found.timestamps, map(repr, found.values), strict=True))
            checks.append(
                SeriesCheck(
                    key=key,
                    n_taken=sum(tally.n_points for tally in tallies),
                    n_on_server=len(found),
                    has_last=all(
                        (tally.step, tally.timestamp, repr(tally.value)) in points
                        for tally in tallies
                        if tally.n_points
                    ),
                )
            )
    finally:
        transport.close()
    return Verification(
        run_id=run_id, tracking_uri=uri, series=tuple(checks), n_journals=len(there), waiting=waiting
    )


def _receipts(home: Path) -> tuple[list[Receipt], tuple[str, ...]]:
    """All receipts, those of journals that are still there last; and the journals that hold something."""
    receipts, waiting = list(kept_receipts(home)), []
    for folder in stored_folders(home / JOURNALS_FOLDER):
        found = open_receipt(folder, read_info(folder).tracking_uri)
        if found is not None:
            receipts.append(found)
        try:
            with StoredJournal(folder) as journal:
                if journal.backlog.count():
                    waiting.append(folder.name)
        except JournalInUse:
            waiting.append(folder.name)
    return receipts, tuple(waiting)
