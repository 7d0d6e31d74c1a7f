"""Changes that cross from one server to the others on the same database.

Each server numbers what it says. Who misses a number, or hears nothing of a server for a while that did not
say goodbye, has missed something, and tells its listeners that anything may have changed: they read again.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator

import msgspec
from msgspec import Struct

from fluvial.services.events import ANYTHING, Change, Hub, Kind
from fluvial.store.following import MAX_TEXT_BYTES

BEAT_S = 10.0
SILENCE_S = 3.5 * BEAT_S
# More changes than these at a time are said in one word: anything.
MAX_WAITING = 500


class Said(Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"speaker": "s", "number": "n"}):
    """What one server says at a time.

    Attributes:
        speaker: Which server.
        number: One more than in what it said before.
        changes: What was committed; nothing in a sign of life.
        is_last: The server stops.
    """

    speaker: str
    number: int
    changes: tuple[Change, ...] = ()
    is_last: bool = False


class _Heard(Struct):
    number: int
    at_s: float


class Peers:
    """Says to other servers what changes here, and to the hub what changes there.

    Args:
        hub: This process's.
        clock: Seconds, monotonic.
    """

    def __init__(self, hub: Hub, clock: Callable[[], float] = time.monotonic) -> None:
        self._hub = hub
        self._clock = clock
        self._name = secrets.token_hex(8)
        self._number = 0
        self._said_s = float("-inf")
        self._heard: dict[str, _Heard] = {}
        self._waiting: dict[tuple[str | None, str | None], set[Kind]] = {}
        self._lock = threading.Lock()
        self._wake: Callable[[], None] = lambda: None
        self._is_closing = False
        self._stop = hub.listen_to_own(self._gather)

    def connect(self, wake: Callable[[], None]) -> None:
        """Call something whenever there is something to say."""
        self._wake = wake

    def close(self) -> None:
        """Gather no more; the next that is said is goodbye."""
        self._stop()
        self._is_closing = True

    def heard(self, text: str) -> None:
        """Another server said something, or this one did."""
        said = msgspec.json.decode(text, type=Said)
        if said.speaker == self._name:
            return
        before = self._heard.pop(said.speaker, None)
        if before is not None and said.number != before.number + 1:
            self._hub.relay(ANYTHING)
        for change in said.changes:
            self._hub.relay(change)
        if not said.is_last:
            self._heard[said.speaker] = _Heard(said.number, self._clock())

    def missed(self) -> None:
        """Nobody knows what was said meanwhile."""
        self._heard.clear()
        self._hub.relay(ANYTHING)

    def to_say(self) -> list[str]:
        """What was committed since the last time; a sign of life if there was nothing for long."""
        self._notice_silence()
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        changes = [Change(*place, tuple(sorted(kinds))) for place, kinds in waiting.items()]
        texts = [self._text(part) for part in _parts(changes)]
        if self._is_closing:
            texts.append(self._text((), is_last=True))
        elif not texts and self._clock() - self._said_s > BEAT_S:
            texts.append(self._text(()))
        if texts:
            self._said_s = self._clock()
        return texts

    def _gather(self, change: Change) -> None:
        with self._lock:
            is_first = not self._waiting
            if len(self._waiting) >= MAX_WAITING:
                self._waiting.clear()
                change = ANYTHING
            if (None, None) not in self._waiting:
                place = (change.experiment_id, change.run_id)
                self._waiting.setdefault(place, set()).update(change.kinds)
        if is_first:
            self._wake()

    def _notice_silence(self) -> None:
        before_s = self._clock() - SILENCE_S
        silent = [name for name, heard in self._heard.items() if heard.at_s < before_s]
        for name in silent:
            del self._heard[name]
        if silent:
            self._hub.relay(ANYTHING)

    def _text(self, changes: Iterable[Change], *, is_last: bool = False) -> str:
        self._number += 1
        said = Said(speaker=self._name, number=self._number, changes=tuple(changes), is_last=is_last)
        return msgspec.json.encode(said).decode()


def _parts(changes: list[Change]) -> Iterator[list[Change]]:
    """Changes in parts that fit into one text each."""
    part: list[Change] = []
    n_bytes = 0
    for change in changes:
        size = len(msgspec.json.encode(change)) + 1
        if part and n_bytes + size > MAX_TEXT_BYTES - 200:
            yield part
            part, n_bytes = [], 0
        part.append(change)
        n_bytes += size
    if part:
        yield part
