"""What servers took: of a journal's files in its folder, and of journals that are gone in the home folder.

<journal>/uploaded.jsonl   a line for each file that was uploaded: `UploadedFile`
<home>/receipts.jsonl      a line for each journal that is gone: `Receipt`
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from fluvial.client.backlog import ACKNOWLEDGED_FILE, Acknowledged, Tally
from fluvial.client.taken import TakenRun
from fluvial.wire.digests import FileDigest

RECEIPTS_FILE = "receipts.jsonl"
UPLOADED_FILE = "uploaded.jsonl"

T = TypeVar("T", bound=Struct)

_log = logging.getLogger("fluvial")


class UploadedFile(Struct, frozen=True, kw_only=True):
    """A line of `uploaded.jsonl`."""

    run_id: str
    path: str
    digest: FileDigest


class Receipt(Struct, frozen=True, kw_only=True):
    """What a server took of one journal.

    Attributes:
        journal_id: 32 hex characters.
        tracking_uri: Where it was sent.
        runs: Points, by run id and key of the metric.
        calls: The rest but files, by run id.
        files: By run id and name; the last of each name.
    """

    journal_id: str
    tracking_uri: str
    runs: dict[str, dict[str, Tally]]
    calls: dict[str, TakenRun] = {}
    files: dict[str, dict[str, FileDigest]] = {}

    def knows(self, run_id: str) -> bool:
        """Whether something of a run was taken."""
        return run_id in self.runs or run_id in self.calls or run_id in self.files


def receipt_of(journal: Path, state: Acknowledged, tracking_uri: str) -> Receipt:
    """The receipt for what is taken so far of the journal in a folder."""
    runs: dict[str, dict[str, Tally]] = {}
    for run, of_run in state.taken.items():
        by_key = runs.setdefault(state.runs[run].run_id, {})
        for series, tally in of_run.items():
            key = state.series[series].key
            before = by_key[key].n_points if key in by_key else 0
            by_key[key] = Tally(before + tally.n_points, tally.step, tally.timestamp, tally.value)
    files: dict[str, dict[str, FileDigest]] = {}
    for line in _lines(journal / UPLOADED_FILE, UploadedFile):
        files.setdefault(line.run_id, {})[line.path] = line.digest
    return Receipt(
        journal_id=journal.name, tracking_uri=tracking_uri, runs=runs, calls=state.calls, files=files
    )


def note_upload(journal: Path, uploaded: UploadedFile) -> None:
    """Remember in a journal's folder that a file of it was taken."""
    _append(journal / UPLOADED_FILE, uploaded)


def append_receipt(journal: Path, state: Acknowledged, tracking_uri: str) -> None:
    """Keep the receipt of a journal in the home folder that it lies in."""
    receipt = receipt_of(journal, state, tracking_uri)
    if receipt.runs or receipt.calls or receipt.files:
        _append(journal.parents[1] / RECEIPTS_FILE, receipt)


def kept_receipts(home: Path) -> Iterator[Receipt]:
    """The receipts of journals that are gone."""
    return _lines(home / RECEIPTS_FILE, Receipt)


def open_receipt(journal: Path, tracking_uri: str) -> Receipt | None:
    """The receipt of a journal that is still there; none if nothing of it was sent."""
    try:
        content = (journal / ACKNOWLEDGED_FILE).read_bytes()
    except FileNotFoundError:
        return None
    state = msgspec.msgpack.decode(content, type=Acknowledged)
    return receipt_of(journal, state, tracking_uri)


def _append(path: Path, line: Struct) -> None:
    try:
        with path.open("ab") as file:
            # The standard library's, which has NaN: the last value of a series may be that.
            file.write(json.dumps(msgspec.to_builtins(line)).encode() + b"\n")
    except OSError as error:
        _log.debug("No receipt can be kept in %s: %s", path, error)


def _lines(path: Path, kind: type[T]) -> Iterator[T]:
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                try:
                    yield msgspec.convert(json.loads(line), kind)
                except ValueError:  # a line that a full disk cut off
                    continue
