"""What servers took of journals that are gone: a line for each in `receipts.jsonl` of the home folder."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from fluvial.client.backlog import ACKNOWLEDGED_FILE, Acknowledged, Tally

RECEIPTS_FILE = "receipts.jsonl"

_log = logging.getLogger("fluvial")


class Receipt(Struct, frozen=True, kw_only=True):
    """What a server took of one journal.

    Attributes:
        journal_id: 32 hex characters.
        tracking_uri: Where it was sent.
        runs: By run id and key of the metric.
    """

    journal_id: str
    tracking_uri: str
    runs: dict[str, dict[str, Tally]]


def receipt_of(journal_id: str, state: Acknowledged, tracking_uri: str) -> Receipt:
    """The receipt for what is acknowledged so far."""
    runs: dict[str, dict[str, Tally]] = {}
    for run, of_run in state.taken.items():
        by_key = runs.setdefault(state.runs[run].run_id, {})
        for series, tally in of_run.items():
            key = state.series[series].key
            before = by_key[key].n_points if key in by_key else 0
            by_key[key] = Tally(before + tally.n_points, tally.step, tally.timestamp, tally.value)
    return Receipt(journal_id=journal_id, tracking_uri=tracking_uri, runs=runs)


def append_receipt(journal: Path, state: Acknowledged, tracking_uri: str) -> None:
    """Keep the receipt of a journal in the home folder that it lies in."""
    receipt = receipt_of(journal.name, state, tracking_uri)
    if not receipt.runs:
        return
    try:
        with (journal.parents[1] / RECEIPTS_FILE).open("ab") as file:
            file.write(msgspec.json.encode(receipt) + b"\n")
    except OSError as error:
        _log.debug("No receipt can be kept of %s: %s", journal, error)


def kept_receipts(home: Path) -> Iterator[Receipt]:
    """The receipts of journals that are gone."""
    decoder = msgspec.json.Decoder(Receipt)
    path = home / RECEIPTS_FILE
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                try:
                    yield decoder.decode(line)
                except msgspec.DecodeError:  # a line that a full disk cut off
                    continue


def open_receipt(journal: Path, tracking_uri: str) -> Receipt | None:
    """The receipt of a journal that is still there; none if nothing of it was sent."""
    try:
        content = (journal / ACKNOWLEDGED_FILE).read_bytes()
    except FileNotFoundError:
        return None
    state = msgspec.msgpack.decode(content, type=Acknowledged)
    return receipt_of(journal.name, state, tracking_uri)
