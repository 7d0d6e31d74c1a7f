"""Integer ids that any server process can make by itself, without a sequence to queue for."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01; leaves 43 bits of milliseconds: until the year 2298
_LOW_BITS = 20


def hashed_id(*parts: str | None) -> int:
    """A positive 63-bit id that the same texts always have.

    Among a million texts the chance of any collision is 5e-8 (birthday bound); where one would do harm
    the caller compares the texts.
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        digest.update(b"\x00" if part is None else b"\x01" + part.encode() + b"\x00")
    return int.from_bytes(digest.digest(), "big") >> 1


class TimeOrderedIds:
    """Positive 63-bit ids that grow with time: milliseconds since 2020, then 20 bits.

    The low bits begin at random each millisecond and count up, so that ids of one process are strictly
    increasing and those of several hardly ever meet.
    """

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        """A new id, greater than all this object gave before."""
        start = (time.time_ns() // 1_000_000 - _EPOCH_MS) << _LOW_BITS
        with self._lock:
            if start > self._last:
                self._last = start | secrets.randbits(_LOW_BITS - 1)
            else:
                self._last += 1
            return self._last

    @staticmethod
    def made_ms(time_ordered_id: int) -> int:
        """When an id was made, ms since the Unix epoch, by the clock of the process that made it."""
        return (time_ordered_id >> _LOW_BITS) + _EPOCH_MS
