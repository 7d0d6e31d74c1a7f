"""What has changed, told to whoever watches: the web app's live pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

Kind = Literal["experiment", "run", "metrics", "params", "tags", "inputs", "artifacts", "end"]


class Change(Struct, frozen=True):
    """Something that was committed.

    Attributes:
        experiment_id: Where; None where anything may have changed.
        run_id: Of which run; None for the experiment itself.
        kinds: What about it.
    """

    experiment_id: str | None
    run_id: str | None
    kinds: tuple[Kind, ...]


ANYTHING = Change(None, None, ())
END = Change(None, None, ("end",))


class Hub:
    """Hands changes to listeners, in the thread that committed."""

    def __init__(self) -> None:
        self._listeners: set[Callable[[Change], None]] = set()
        self._lock = threading.Lock()

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call a listener for every change from now on; returns what ends that."""
        with self._lock:
            self._listeners = self._listeners | {listener}

        def stop() -> None:
            with self._lock:
                self._listeners = self._listeners - {listener}

        return stop

    def close(self) -> None:
        """Tell every listener that nothing more will come, by `END`."""
        self.publish(END)

    def publish(self, change: Change) -> None:
        """Tell every listener."""
        for listener in self._listeners:
            listener(change)
