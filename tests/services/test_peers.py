"""Changes that cross from one server to another on the same database."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from fluvial.artifacts import StoreOptions
from fluvial.artifacts.locations import Locations
from fluvial.services.events import ANYTHING, Change, Hub
from fluvial.services.peers import BEAT_S, MAX_WAITING, SILENCE_S, Peers
from fluvial.services.platform import Platform
from fluvial.store.following import MAX_TEXT_BYTES
from fluvial.store.postgres import PostgresDatabase
from fluvial.store.schema import open_database
from fluvial.wire.experiments import CREATE_EXPERIMENT, CreateExperiment

WAIT_S = 30
CHANGE = Change("1", "ab" * 16, ("metrics",))


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Server:
    """What one server says and hears, without a database between."""

    def __init__(self, clock: Clock) -> None:
        self.hub = Hub()
        self.heard: list[Change] = []
        self.hub.listen(self.heard.append)
        self.peers = Peers(self.hub, clock)


def pair() -> tuple[Server, Server, Clock]:
    clock = Clock()
    first, second = Server(clock), Server(clock)
    for text in first.peers.to_say():
        second.peers.heard(text)
    return first, second, clock


def test_what_one_server_commits_the_other_hears_once_and_says_no_further() -> None:
    first, second, _ = pair()
    first.hub.publish(CHANGE)
    first.hub.publish(CHANGE)

    for text in first.peers.to_say():
        first.peers.heard(text)
        second.peers.heard(text)

    assert second.heard == [CHANGE]
    assert first.heard == [CHANGE, CHANGE]
    assert CHANGE.run_id is not None
    assert all(CHANGE.run_id not in text for text in second.peers.to_say())


def test_who_misses_a_message_hears_that_anything_may_have_changed() -> None:
    first, second, _ = pair()
    first.hub.publish(CHANGE)
    first.peers.to_say()
    first.hub.publish(CHANGE)

    for text in first.peers.to_say():
        second.peers.heard(text)

    assert second.heard == [ANYTHING, CHANGE]


def test_a_server_that_falls_silent_may_have_changed_anything_and_one_that_says_goodbye_has_not() -> None:
    for says_goodbye in (False, True):
        first, second, clock = pair()
        if says_goodbye:
            first.peers.close()
            for text in first.peers.to_say():
                second.peers.heard(text)

        clock.now_s += SILENCE_S + 1
        second.peers.to_say()

        assert second.heard == ([] if says_goodbye else [ANYTHING])


def test_a_server_with_nothing_to_say_gives_signs_of_life() -> None:
    first, second, clock = pair()
    for _ in range(10):
        clock.now_s += BEAT_S + 1
        for text in first.peers.to_say():
            second.peers.heard(text)
        second.peers.to_say()

    assert second.heard == []


def test_many_changes_are_said_in_texts_that_fit_and_too_many_in_one_word() -> None:
    first, second, _ = pair()
    changes = [Change(str(i), f"{i:032x}", ("metrics", "params")) for i in range(MAX_WAITING)]
    for change in changes:
        first.hub.publish(change)
    texts = first.peers.to_say()
    for text in texts:
        second.peers.heard(text)
    assert max(map(len, texts)) <= MAX_TEXT_BYTES
    assert second.heard == changes

    for i in range(3 * MAX_WAITING):
        first.hub.publish(Change(str(i), None, ("experiment",)))
    for text in first.peers.to_say():
        second.peers.heard(text)

    assert second.heard[MAX_WAITING:] == [ANYTHING]


@contextmanager
def serving(uri: str, folder: Path) -> Iterator[tuple[Platform, queue.Queue[Change]]]:
    """A platform that tells others what it changes, and what it hears."""
    platform = Platform(
        open_database(uri), Locations(destination=str(folder / "artifacts"), options=StoreOptions())
    )
    heard: queue.Queue[Change] = queue.Queue()
    platform.hub.listen(heard.put)
    peers = Peers(platform.hub)
    following = platform.database.follow(peers)
    peers.connect(following.wake)
    yield platform, heard
    peers.close()
    following.close()
    platform.close()


def hears(heard: queue.Queue[Change], wanted: Change) -> bool:
    """Whether a change comes, sooner or later."""
    while heard.get(timeout=WAIT_S) != wanted:
        continue
    return True


def test_a_server_hears_what_another_process_writes(database_uri: str, tmp_path: Path) -> None:
    with serving(database_uri, tmp_path) as (first, _), serving(database_uri, tmp_path) as (_, heard):
        exact = database_uri.startswith("postgresql")
        if exact:
            assert hears(heard, ANYTHING)  # as at every beginning

        # SQLite says that somebody wrote, not what; and only once it has been looked at before.
        made: list[str] = []
        deadline = time.monotonic() + WAIT_S
        while not made or (heard.empty() and time.monotonic() < deadline):
            name = f"experiment {len(made)}"
            made.append(first.call(CREATE_EXPERIMENT, CreateExperiment(name=name)).experiment_id)

        assert hears(heard, Change(made[-1], None, ("experiment",)) if exact else ANYTHING)


def test_after_its_connection_broke_a_server_hears_that_anything_may_have_changed(
    postgres_url: str, tmp_path: Path
) -> None:
    with serving(postgres_url, tmp_path) as (_, heard):
        assert hears(heard, ANYTHING)
        with psycopg.connect(postgres_url, autocommit=True) as other:
            killed = other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            ).fetchall()

        assert killed == [(True,)]
        assert hears(heard, ANYTHING)


def test_servers_go_by_the_clock_of_the_database_however_wrong_their_own_is(postgres_url: str) -> None:
    open_database(postgres_url).close()
    right = PostgresDatabase(postgres_url)
    wrong = PostgresDatabase(postgres_url, clock=lambda: time.time() + 7200)

    times = [database.read(database.now_ms) for database in (right, wrong, right)]

    assert max(times) - min(times) < 60_000
    right.close()
    wrong.close()
