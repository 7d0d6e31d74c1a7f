from __future__ import annotations

import threading

import pytest

from fluvial.entities.run import RunStatus
from fluvial.errors import NotFound
from fluvial.store import experiments, params, run_changes, runs
from fluvial.store.database import Database, Transaction
from fluvial.store.runs import RunRow

EXPERIMENT = 7


def run_row(run_key: int) -> RunRow:
    return RunRow(EXPERIMENT, run_key, f"{run_key:032x}", "", "", RunStatus.RUNNING.number, 0, 0, None, "")


def insert_run(transaction: Transaction, run_key: int) -> None:
    runs.insert_new(transaction, run_row(run_key))


def tag_run(transaction: Transaction, run_key: int, value: str) -> None:
    params.set_tags(transaction, run_row(run_key), {"tag": value})


def next_number(database: Database) -> int:
    return database.read(lambda transaction: run_changes.next_number(transaction, EXPERIMENT))


def changed_since(database: Database, number: int) -> set[int]:
    changes = database.read(lambda transaction: run_changes.since(transaction, EXPERIMENT, number))
    return {change.run_key for change in changes}


def test_what_changed_after_a_state_was_read_has_a_number_from_the_next_one_on(database: Database) -> None:
    for run_key in (1, 2, 3):
        database.write(lambda transaction, key=run_key: insert_run(transaction, key))  # type: ignore[misc]
    number = next_number(database)

    database.write(lambda transaction: tag_run(transaction, 2, "a"))
    after = next_number(database)
    database.write(lambda transaction: tag_run(transaction, 2, "b"))

    assert 2 in changed_since(database, number)
    assert 2 in changed_since(database, after)
    if database.dialect.name == "sqlite":  # on PostgreSQL what other databases of the cluster do counts too
        assert 1 not in changed_since(database, number)


def test_a_change_that_fails_gets_no_number(database: Database) -> None:
    def fail(transaction: Transaction) -> None:
        insert_run(transaction, 1)
        raise NotFound("on purpose")

    number = next_number(database)

    with pytest.raises(NotFound):
        database.write(fail)

    assert changed_since(database, number) == set()


def test_a_transaction_that_began_before_a_state_was_read_and_ended_after_it_is_not_missed(
    database: Database,
) -> None:
    """On PostgreSQL the second commits first; SQLite lets it wait for the first."""
    for run_key in (1, 2):
        database.write(lambda transaction, key=run_key: insert_run(transaction, key))  # type: ignore[misc]
    database.write(lambda transaction: tag_run(transaction, 2, "so that the key is known"))
    is_begun, may_end = threading.Event(), threading.Event()

    def slow(transaction: Transaction) -> None:
        tag_run(transaction, 1, "slow")
        is_begun.set()
        may_end.wait(10)

    slow_future = database.submit(slow)
    is_begun.wait(10)
    quick_future = database.submit(lambda transaction: tag_run(transaction, 2, "quick"))
    if database.dialect.name == "postgresql":
        quick_future.result(10)
    number = next_number(database)
    may_end.set()
    slow_future.result(10)
    quick_future.result(10)

    assert 1 in changed_since(database, number)


def test_an_experiment_in_the_trash_changes_all_its_runs(database: Database) -> None:
    for run_key in (1, 2):
        database.write(lambda transaction, key=run_key: insert_run(transaction, key))  # type: ignore[misc]
    number = next_number(database)

    database.write(lambda transaction: experiments.mark(transaction, EXPERIMENT, is_deleted=True, now_ms=1))

    assert changed_since(database, number) == {1, 2}


def test_readers_see_one_state_of_the_database(database: Database) -> None:
    database.write(lambda transaction: insert_run(transaction, 1))

    def read_twice(transaction: Transaction) -> tuple[bool, bool]:
        before = runs.find(transaction, f"{2:032x}") is None
        database.write(lambda writing: insert_run(writing, 2))
        return before, runs.find(transaction, f"{2:032x}") is None

    assert database.read(read_twice) == (True, True)
