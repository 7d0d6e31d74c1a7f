from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from fluvial.artifacts import StoreOptions
from fluvial.artifacts.locations import Locations
from fluvial.entities.run import RunStatus
from fluvial.jobs.columns import keep
from fluvial.services.platform import Platform
from fluvial.store import runs
from fluvial.store.columns import checkpoints, table
from fluvial.store.database import Transaction
from fluvial.store.runs import RunRow
from fluvial.store.schema import open_database
from fluvial.wire.runs import SEARCH_RUNS, SearchRuns
from tests.services.making import log, start

N_RUNS = 60
SEARCH = SearchRuns(
    experiment_ids=("0",),
    filter="metrics.m > 0.2 AND params.p IN ('a', 'c') AND tags.t LIKE '%1'",
    order_by=("metrics.m DESC",),
)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch, platform: Platform) -> None:
    """So that sixty runs are a large experiment of many blocks."""
    for module in (table, checkpoints):
        monkeypatch.setattr(module, "BLOCK_RUNS", 8)
        monkeypatch.setattr(module, "MAX_BLOCK_RUNS", 16)
    monkeypatch.setattr(checkpoints, "FROM_RUNS", 10)
    monkeypatch.setattr(checkpoints, "MAX_BEHIND", 2)
    platform.database.columns_from_runs = 1


@pytest.fixture
def run_ids(platform: Platform) -> list[str]:
    return [make(platform, number) for number in range(N_RUNS)]


def make(platform: Platform, number: int) -> str:
    run_id = start(platform, experiment_id="0")
    metrics = [("m", number / N_RUNS, 0)] if number % 5 else []
    log(platform, run_id, params={"p": "abc"[number % 3]}, tags={"t": f"v{number}"}, metrics=metrics)
    return run_id


def found(platform: Platform) -> list[str]:
    return [run.info.run_id for run in platform.call(SEARCH_RUNS, SEARCH).runs]


def by_rows(platform: Platform) -> list[str]:
    limit, platform.database.columns_limit_bytes = platform.database.columns_limit_bytes, 0
    expected = found(platform)
    platform.database.columns_limit_bytes = limit
    return expected


def another_server(uri: str, platform: Platform) -> Platform:
    """A server that has just started on the same database."""
    database = open_database(uri)
    database.columns_from_runs = 1
    return Platform(database, Locations(destination=str(platform.locations), options=StoreOptions()))


def count_blocks(uri: str) -> int:
    url = make_url(uri)
    engine = create_engine(
        url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url
    )
    with engine.connect() as connection:
        n = connection.scalar(text("SELECT count(*) FROM column_block"))
    engine.dispose()
    return int(n or 0)


def test_a_server_that_starts_finds_by_blocks_what_rows_say(
    platform: Platform, database_uri: str, run_ids: list[str]
) -> None:
    expected = by_rows(platform)
    assert found(platform) == expected
    n_kept = keep(platform)
    n_blocks = count_blocks(database_uri)

    # Changed after the checkpoint: a value, a text, a run more and one in the trash.
    log(platform, run_ids[20], metrics=[("m", 7.5, 1)], tags={"t": "z1"})
    make(platform, 31)
    fresh = another_server(database_uri, platform)
    changed = by_rows(platform)

    assert n_kept == 4  # the runs, a metric, a param and a tag
    assert n_blocks > 4
    assert changed != expected
    assert found(fresh) == changed
    assert found(platform) == changed
    fresh.close()


def test_only_blocks_in_which_runs_have_changed_are_written_again(
    platform: Platform, database_uri: str, run_ids: list[str]
) -> None:
    found(platform)
    keep(platform)
    assert keep(platform) == 0

    for run_id in run_ids[:3]:
        log(platform, run_id, metrics=[("m", 9.0, 2)], tags={"t": "y1"})
    for number in range(20):
        make(platform, number)
    keep(platform)
    fresh = another_server(database_uri, platform)

    assert found(fresh) == found(platform) == by_rows(platform)
    fresh.close()


def test_runs_whose_keys_come_late_get_their_place(
    platform: Platform, database_uri: str, run_ids: list[str]
) -> None:
    """Keys hold the time of the server that made them; clocks differ."""
    found(platform)
    keep(platform)

    def insert(transaction: Transaction) -> None:
        first = runs.get(transaction, run_ids[0]).run_key
        for number in range(1, 21):
            row = RunRow(
                0, first - number, f"{number:032x}", "late", "", RunStatus.FINISHED.number, 0, 1, 2, ""
            )
            runs.insert_new(transaction, row)

    platform.database.write(insert)
    for number in range(1, 21):
        log(platform, f"{number:032x}", metrics=[("m", number / 7, 0)], params={"p": "a"}, tags={"t": "1"})
    in_memory = found(platform)
    keep(platform)
    fresh = another_server(database_uri, platform)

    assert in_memory == by_rows(platform)
    assert found(fresh) == in_memory
    fresh.close()


def test_numbers_of_changes_that_another_server_of_postgresql_gave_are_taken_back(
    platform: Platform, database_uri: str, run_ids: list[str]
) -> None:
    found(platform)
    keep(platform)
    url = make_url(database_uri)
    engine = create_engine(
        url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url
    )
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # as after a restore on a younger server
            connection.execute(text("UPDATE run_change SET change = change + 1000000000"))
            connection.execute(text("UPDATE column_checkpoint SET next_number = next_number + 1000000000"))
    engine.dispose()
    fresh = another_server(database_uri, platform)

    first = found(fresh)
    keep(fresh)
    log(fresh, run_ids[1], metrics=[("m", 3.5, 1)], tags={"t": "x1"}, params={})

    assert first == by_rows(platform) or first != found(fresh)
    assert found(fresh) == by_rows(fresh)
    fresh.close()
