from __future__ import annotations

import functools
import threading

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from fluvial.errors import NotFound
from fluvial.store.database import Database, Transaction
from fluvial.store.statement import Statement
from fluvial.store.tables import key

_INSERT = Statement(insert(key).values(key_id=bindparam("key_id"), name=bindparam("name")))
_NAMES = Statement(select(key.c.name).order_by(key.c.name))


def insert_name(transaction: Transaction, name: str) -> None:
    transaction.run(_INSERT, {"key_id": hash(name) % 10**9, "name": name})


def names(database: Database) -> list[str]:
    return [name for (name,) in database.read(lambda transaction: transaction.rows(_NAMES))]


def test_work_that_fails_undoes_its_own_part_only(database: Database) -> None:
    hold = threading.Event()

    def good(name: str, transaction: Transaction) -> None:
        hold.wait(10)
        insert_name(transaction, name)

    def bad(transaction: Transaction) -> None:
        insert_name(transaction, "bad")
        raise NotFound("on purpose")

    futures = [database.submit(lambda transaction: good("first", transaction))]
    failing = database.submit(bad)
    futures.append(database.submit(lambda transaction: good("last", transaction)))
    hold.set()

    for future in futures:
        future.result(10)
    with pytest.raises(NotFound, match="on purpose"):
        failing.result(10)
    assert names(database) == ["first", "last"]


def test_callbacks_run_after_the_commit_and_only_then(database: Database) -> None:
    seen: list[list[str]] = []

    def work(transaction: Transaction) -> None:
        insert_name(transaction, "a")
        transaction.after_commit(lambda: seen.append(names(database)))

    def failing_work(transaction: Transaction) -> None:
        transaction.after_commit(lambda: seen.append(["never"]))
        raise NotFound("on purpose")

    database.write(work)
    with pytest.raises(NotFound):
        database.write(failing_work)

    assert seen == [["a"]]


def test_a_savepoint_undoes_a_part_and_its_callbacks(database: Database) -> None:
    seen: list[str] = []

    def part(transaction: Transaction) -> None:
        insert_name(transaction, "part")
        transaction.after_commit(lambda: seen.append("part"))
        raise NotFound("on purpose")

    def work(transaction: Transaction) -> None:
        insert_name(transaction, "whole")
        with pytest.raises(NotFound):
            transaction.savepoint(part)

    database.write(work)

    assert names(database) == ["whole"]
    assert seen == []


def test_many_threads_write_and_read_what_they_wrote(database: Database) -> None:
    def writer(number: int) -> None:
        for i in range(20):
            name = f"{number}-{i}"
            database.write(functools.partial(insert_name, name=name))
            assert name in names(database)

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(names(database)) == 120


def test_a_closed_database_takes_no_more_work(database: Database) -> None:
    database.write(lambda transaction: insert_name(transaction, "kept"))

    database.close()

    with pytest.raises(Exception, match=r"closed|shutdown"):
        database.write(lambda transaction: insert_name(transaction, "late"))
