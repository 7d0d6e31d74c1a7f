"""Whether a server has what the journals of this machine say that it took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from fluvial.client.backlog import Tally
from fluvial.client.history import MetricHistory
from fluvial.client.journal import JOURNALS_FOLDER, JournalInUse, StoredJournal, read_info, stored_folders
from fluvial.client.receipts import Receipt, kept_receipts, open_receipt
from fluvial.client.runs import Run
from fluvial.client.spool import stored_files
from fluvial.client.taken import (
    TakenLabel,
    TakenRun,
    dataset_label,
    fingerprint_of_param,
    fingerprint_of_tag,
)
from fluvial.client.targets import connect, find_target
from fluvial.client.transport import Transport
from fluvial.entities.run import RunStatus
from fluvial.errors import NotFound
from fluvial.settings import ClientSettings, find_home
from fluvial.wire.digests import FileDigest
from fluvial.wire.runs import GET_RUN, RunId

# Two journals that logged one tag within such a time may have been served in either order.
SAME_TIME_MS = 5000

OnCheck = Callable[[int], object]


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


class ValueCheck(Struct, frozen=True, kw_only=True):
    """A param, tag, dataset, status or artifact, as this machine and as the server knows it.

    Attributes:
        kind: Which of these.
        name: Its key, name or path.
        fault: What is wrong, as the predicate of a sentence; empty if it is there as it was taken.
    """

    kind: str
    name: str
    fault: str = ""


class Verification(Struct, frozen=True, kw_only=True):
    """What was found about one run.

    Attributes:
        run_id: The run.
        tracking_uri: The server.
        series: Its metrics that were logged here.
        values: The rest that was logged here.
        n_bytes: Bytes of its artifacts that were compared by their checksums.
        n_journals: Journals of this machine that logged to it and were sent, whole or in part.
        waiting: Journals of this machine that hold records or files, of any run, that are not sent.
    """

    run_id: str
    tracking_uri: str
    series: tuple[SeriesCheck, ...]
    values: tuple[ValueCheck, ...]
    n_bytes: int
    n_journals: int
    waiting: tuple[str, ...]

    @property
    def is_proven(self) -> bool:
        """Whether the server has everything, and nothing waits here."""
        is_whole = all(check.is_whole for check in self.series)
        return is_whole and not self.waiting and not any(check.fault for check in self.values)


def verify_run(run_id: str, settings: ClientSettings, on_check: OnCheck) -> Verification:
    """Compare what the server took of a run with what it has: points counted, values and files compared.

    Args:
        run_id: The run.
        settings: How to reach the server.
        on_check: Told after each metric and file of how many there are to compare.

    Raises:
        NotFound: No journal of this machine knows the run, or the server does not.
        RequestError: What the server answered.
        Unreachable: It did not answer.
    """
    home = find_home(settings.home)
    receipts, waiting = _receipts(home)
    of_run = {
        (receipt.journal_id, receipt.tracking_uri): receipt for receipt in receipts if receipt.knows(run_id)
    }
    if not of_run:
        raise NotFound(
            f"No journal in {home} has sent anything of the run {run_id}: it was logged on another machine "
            "or into another home folder (FLUVIAL_HOME), or nothing was sent yet (fluvial journal ls)."
        )
    uri = next(reversed(of_run.values())).tracking_uri
    there = [receipt for receipt in of_run.values() if receipt.tracking_uri == uri]
    series = [receipt.runs[run_id] for receipt in there if run_id in receipt.runs]
    keys = sorted({key for one in series for key in one})
    files: dict[str, FileDigest] = {}
    for receipt in there:
        files.update(receipt.files.get(run_id, {}))
    transport = connect(find_target(uri, home), settings)
    n_checks = len(keys) + len(files)
    series_checks: list[SeriesCheck] = []
    file_checks: list[ValueCheck] = []
    try:
        run = Run(transport.call(GET_RUN, RunId(run_id=run_id)).run)
        for key in keys:
            found = MetricHistory.from_columns(key, run_id, transport.metric_points(run_id, key))
            series_checks.append(_series_check(found, [one[key] for one in series if key in one]))
            on_check(n_checks)
        for path, digest in sorted(files.items()):
            file_checks.append(_file_check(transport, run_id, path, digest))
            on_check(n_checks)
    finally:
        transport.close()
    calls = [receipt.calls[run_id] for receipt in there if run_id in receipt.calls]
    return Verification(
        run_id=run_id,
        tracking_uri=uri,
        series=tuple(series_checks),
        values=(*_value_checks(run, calls), *file_checks),
        n_bytes=sum(digest.size_bytes for digest in files.values()),
        n_journals=len(there),
        waiting=waiting,
    )


def _series_check(found: MetricHistory, tallies: Sequence[Tally]) -> SeriesCheck:
    points = set(zip(found.steps, found.timestamps, map(repr, found.values), strict=True))
    return SeriesCheck(
        key=found.key,
        n_taken=sum(tally.n_points for tally in tallies),
        n_on_server=len(found),
        has_last=all(
            (tally.step, tally.timestamp, repr(tally.value)) in points for tally in tallies if tally.n_points
        ),
    )


def _file_check(transport: Transport, run_id: str, path: str, sent: FileDigest) -> ValueCheck:
    try:
        kept = transport.checksum(run_id, path)
    except NotFound:
        return ValueCheck(kind="artifact", name=path, fault="is missing")
    fault = ""
    if kept.size_bytes != sent.size_bytes:
        fault = f"has {kept.size_bytes:,} bytes, not {sent.size_bytes:,}"
    elif kept.sha256 != sent.sha256:
        fault = "has another content"
    return ValueCheck(kind="artifact", name=path, fault=fault)


def _value_checks(run: Run, calls: Sequence[TakenRun]) -> Iterator[ValueCheck]:
    """Params, tags, datasets and the status, each held to what was taken last."""
    for key in sorted({key for one in calls for key in one.params}):
        wanted = {one.params[key] for one in calls if key in one.params}
        value = run.data.params.get(key)
        yield _check("param", key, wanted, None if value is None else fingerprint_of_param(value))
    for key in sorted({key for one in calls for key in one.tags}):
        last = _last(one.tags[key] for one in calls if key in one.tags)
        value = run.data.tags.get(key)
        yield _check("tag", key, last, None if value is None else fingerprint_of_tag(value))
    datasets = {dataset_label(one.dataset.name, one.dataset.digest) for one in run.inputs.dataset_inputs}
    for label in sorted({label for one in calls for label in one.datasets}):
        yield _check("dataset", label, {label}, label if label in datasets else None)
    ended = _last(one.status for one in calls if one.status is not None)
    # A run that goes on may have been found silent, or have been ended by somebody else.
    if ended and RunStatus.RUNNING not in ended:
        yield _check("status", "of the run", ended, run.info.status)


def _check(kind: str, name: str, taken: set[str] | set[str | None], kept: str | None) -> ValueCheck:
    if kept in taken:
        fault = ""
    elif kept is None:
        fault = "is missing"
    else:
        fault = "is there again, though it was deleted" if taken == {None} else "has another value"
    return ValueCheck(kind=kind, name=name, fault=fault)


def _last(labels: Iterable[TakenLabel]) -> set[str | None]:
    """What was taken last, or all that may have been."""
    taken = list(labels)
    newest_ms = max((label.at_ms for label in taken), default=0)
    return {label.value for label in taken if label.at_ms >= newest_ms - SAME_TIME_MS}


def _receipts(home: Path) -> tuple[list[Receipt], tuple[str, ...]]:
    """All receipts, those of journals that are still there last; and the journals that hold something."""
    receipts, waiting = list(kept_receipts(home)), []
    for folder in stored_folders(home / JOURNALS_FOLDER):
        found = open_receipt(folder, read_info(folder).tracking_uri)
        if found is not None:
            receipts.append(found)
        try:
            with StoredJournal(folder) as journal:
                if journal.backlog.count() or stored_files(folder):
                    waiting.append(folder.name)
        except JournalInUse:
            waiting.append(folder.name)
    return receipts, tuple(waiting)
