from __future__ import annotations

from pathlib import Path

import pytest

from fluvial.client.backlog import Backlog, stored_backlog
from fluvial.client.journal import Journal
from fluvial.wire.journal import iter_frames

URI = "http://127.0.0.1:5000"


def written(folder: Path, n_points: int, n_series: int = 1) -> Journal:
    """A journal with a run and some points."""
    journal = Journal(folder, URI)
    run = journal.define_run("0" * 32)
    for step in range(n_points):
        series = journal.define_series(f"m{step % n_series}")
        journal.append_point(run, series, step, step, float(step))
    return journal


def drain(backlog: Backlog, max_bytes: int) -> list[tuple[int, int]]:
    """Acknowledges everything; returns the first sequence and the number of records of each slice."""
    sent = []
    while piece := backlog.next_slice(max_bytes):
        assert len(list(iter_frames(piece.frames))) == piece.header.n_records
        sent.append((piece.header.first_sequence, piece.header.n_records))
        backlog.acknowledge(piece)
    return sent


@pytest.mark.parametrize("max_bytes", [1, 100, 1000, 1_000_000])
def test_slices_are_all_records_in_order(tmp_path: Path, max_bytes: int) -> None:
    journal = written(tmp_path, 5000)

    sent = drain(journal.backlog(), max_bytes)

    assert [first for first, _ in sent] == [sum(n for _, n in sent[:i]) for i in range(len(sent))]
    assert sum(n for _, n in sent) == 5002
    assert len(journal.chunks) > 1


def test_a_slice_repeats_the_definitions_before_it(tmp_path: Path) -> None:
    backlog = written(tmp_path, 10, n_series=3).backlog()
    first = backlog.next_slice(300)
    assert first is not None
    backlog.acknowledge(first)

    second = backlog.next_slice(10_000)

    assert second is not None
    assert [run.run_id for run in second.header.runs] == ["0" * 32]
    assert {series.key for series in second.header.series} <= {"m0", "m1", "m2"}
    assert second.header.first_sequence == first.header.n_records


def test_of_many_definitions_only_those_in_use_are_repeated(tmp_path: Path) -> None:
    journal = written(tmp_path, 1000, n_series=1000)
    backlog = journal.backlog()
    drain(backlog, 1_000_000)
    journal.append_point(journal.runs["0" * 32], journal.series["m7"], 1, 1, 1.0)

    piece = backlog.next_slice(1_000_000)

    assert piece is not None
    assert [series.key for series in piece.header.series] == ["m7"]
    assert len(piece.header.runs) == 1


def test_chunks_are_deleted_once_the_server_has_them(tmp_path: Path) -> None:
    journal = written(tmp_path, 20_000)
    backlog = journal.backlog()
    n_chunks = len(journal.chunks)

    drain(backlog, 100_000)
    backlog.save()

    assert n_chunks > 2
    assert len(journal.chunks) == 1
    assert journal.folder is not None
    assert len(list(journal.folder.glob("*.frames"))) == 1


def test_a_stored_journal_goes_on_from_what_was_acknowledged(tmp_path: Path) -> None:
    journal = written(tmp_path, 3000)
    backlog = journal.backlog()
    piece = backlog.next_slice(10_000)
    assert piece is not None
    backlog.acknowledge(piece)
    backlog.save()
    journal.close(is_sent=False)
    assert journal.folder is not None

    stored = stored_backlog(journal.folder, journal.journal_id)

    sent = drain(stored, 1_000_000)
    assert stored.acknowledged.stream_id == journal.journal_id
    assert sent[0][0] == piece.header.n_records
    assert sum(n for _, n in sent) == 3002 - piece.header.n_records


@pytest.mark.parametrize("sequence", [0, 1, 2, 1500, 5001, 5002])
def test_records_that_the_server_has_already_are_skipped(tmp_path: Path, sequence: int) -> None:
    backlog = written(tmp_path, 5000).backlog()

    assert backlog.skip_to(sequence)

    sent = drain(backlog, 1_000_000)
    assert sum(n for _, n in sent) == 5002 - sequence
    if sent:
        assert sent[0][0] == sequence


def test_records_beyond_the_journal_cannot_be_skipped_to(tmp_path: Path) -> None:
    assert not written(tmp_path, 10).backlog().skip_to(13)


def test_a_server_that_lost_what_it_had_is_sent_the_rest_under_another_name(tmp_path: Path) -> None:
    backlog = written(tmp_path, 5000).backlog()
    first = backlog.next_slice(1000)
    assert first is not None
    backlog.acknowledge(first)
    assert not backlog.skip_to(0)

    backlog.restart("f" * 32)

    piece = backlog.next_slice(1000)
    assert piece is not None
    assert (piece.header.journal_id, piece.header.first_sequence) == ("f" * 32, 0)
