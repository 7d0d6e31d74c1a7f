"""What the program prints, with the time of each line.

While a run is open, `write` of `sys.stdout` and `sys.stderr` is replaced on the streams as they are, so that
loggers which hold a stream are seen too, and everything else of a stream stays what it was. What does not go
through them is not seen: child processes, libraries in C, and streams that are put in their place later.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

FOLDER = "console"
PART_BYTES = 64 * 1024
MAX_PENDING_CHARS = 8_000_000
MAX_LINE_CHARS = 10_000
_STREAMS = {"out": "stdout", "err": "stderr"}


class Written(NamedTuple):
    """What one call of `write` wrote.

    Attributes:
        time_ns: When, since the Unix epoch.
        stream: `out` or `err`.
        run_ids: The runs that were active in that thread; none where none was.
        text: As it was written; not always a whole line.
    """

    time_ns: int
    stream: str
    run_ids: tuple[str, ...]
    text: str


class Console:
    """Follows this process's standard output and error.

    Args:
        active_run_ids: The runs that are active in the calling thread.
    """

    def __init__(self, active_run_ids: Callable[[], tuple[str, ...]]) -> None:
        self._active_run_ids = active_run_ids
        self._written: deque[Written] = deque()
        self._n_pending_chars = 0
        self._followed: list[tuple[Any, Callable[..., Any]]] = []

    def follow(self) -> None:
        """Begin; a stream that cannot be followed is left alone."""
        for stream, name in _STREAMS.items():
            target = getattr(sys, name)
            if target is None:  # as under pythonw
                continue
            replacement = self._writer(stream, target.write)
            try:
                target.write = replacement
            except (AttributeError, TypeError):
                continue
            self._followed.append((target, replacement))

    def leave(self) -> None:
        """Stop, and give the streams their own `write` back."""
        for target, replacement in self._followed:
            if (
                vars(target).get("write") is replacement
            ):  # else someone replaced it after us: ours does nothing
                del target.write
        self._followed = []

    def abandon(self) -> None:
        """This is a forked child: what is printed here is not the parent's to keep."""
        self.leave()
        self._written.clear()

    def take(self) -> list[Written]:
        """What was written since the last time."""
        taken = [self._written.popleft() for _ in range(len(self._written))]
        self._n_pending_chars = 0
        return taken

    def _writer(self, stream: str, write: Callable[[str], Any]) -> Callable[[str], Any]:
        written, active_run_ids = self._written, self._active_run_ids

        def write_and_keep(text: str) -> Any:
            result = write(text)
            # A program that prints faster than it is kept loses the middle of it, never its memory.
            if self._followed and self._n_pending_chars < MAX_PENDING_CHARS:
                self._n_pending_chars += len(text)
                written.append(Written(time.time_ns(), stream, active_run_ids(), text))
            return result

        return write_and_keep


class ConsoleLog:
    """What was printed during one run, as files of whole lines: `console/0001.log`, ….

    A line is its time in UTC, its stream and its text. Of a line that a progress bar draws again and again,
    the last drawing is kept. A part is uploaded again while it grows. Beyond the limit, the oldest parts but
    the first are replaced.

    Args:
        save: Keeps a file of the run, by name.
        limit_bytes: Of all parts together.
    """

    def __init__(self, save: Callable[[str, bytes], None], limit_bytes: int) -> None:
        self._save = save
        self._n_parts = max(limit_bytes // PART_BYTES, 2)
        self._n_begun = 1
        self._part = bytearray()
        self._is_saved = True
        self._unfinished: dict[str, tuple[int, str]] = {}
        self._lock = threading.Lock()

    def add(self, written: Written) -> None:
        """Take what was written."""
        with self._lock:
            began_ns, before = self._unfinished.pop(written.stream, (written.time_ns, ""))
            *lines, rest = (before + written.text).split("\n")
            for line in lines:
                self._append(began_ns, written.stream, line)
                began_ns = written.time_ns
            if rest:
                # What a carriage return overwrites was never meant to stay.
                is_drawn_again = "\r" in rest.rstrip("\r")
                kept = rest.rstrip("\r").rpartition("\r")[2] if is_drawn_again else rest
                began_ns = written.time_ns if is_drawn_again else began_ns
                self._unfinished[written.stream] = began_ns, kept[-MAX_LINE_CHARS:]

    def save(self) -> None:
        """Upload what is not uploaded yet."""
        with self._lock:
            self._save_part()

    def close(self) -> None:
        """Upload the rest, lines without an end too."""
        with self._lock:
            for stream, (began_ns, text) in self._unfinished.items():
                self._append(began_ns, stream, text)
            self._unfinished = {}
            self._save_part()

    def _append(self, time_ns: int, stream: str, line: str) -> None:
        text = line.rstrip("\r").rpartition("\r")[2][:MAX_LINE_CHARS]
        encoded = f"{_utc(time_ns)} {stream} {text}\n".encode(errors="backslashreplace")
        if self._part and len(self._part) + len(encoded) > PART_BYTES:
            self._save_part()
            self._n_begun += 1
            self._part.clear()
        self._part += encoded
        self._is_saved = False

    def _save_part(self) -> None:
        if self._is_saved:
            return
        # 1, 2, …, n, 2, …: the first part says how it began.
        number = self._n_begun
        if number > self._n_parts:
            number = 2 + (number - 2) % (self._n_parts - 1)
        self._save(f"{FOLDER}/{number:04d}.log", bytes(self._part))
        self._is_saved = True


def _utc(time_ns: int) -> str:
    seconds, rest = divmod(time_ns, 1_000_000_000)
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{rest // 1_000_000:03d}Z"
