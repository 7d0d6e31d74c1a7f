"""What has changed, told to whoever watches: the web app's live pages, and other servers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

Kind = Literal[
    "experiment",
    "run",
    "metrics",
    "params",
    "tags",
    "inputs",
    "artifacts",
    "view",
    "report",
    "models",
    "registry",
    "end",
]


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

Listener = Callable[[Change], None]


class Hub:
    """Hands changes to listeners, in the thread that committed or that heard of them."""

    def __init__(self) -> None:
        self._listeners: frozenset[Listener] = frozenset()
        self._own_listeners: frozenset[Listener] = frozenset()
        self._lock = threading.Lock()

    @property
    def n_listeners(self) -> int:
        """How many listen to every change."""
        return len(self._listeners)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a listener for every change from now on; returns what ends that."""
        with self._lock:
            self._listeners |= {listener}

        def stop() -> None:
            with self._lock:
                self._listeners -= {listener}

        return stop

    def listen_to_own(self, listener: Listener) -> Callable[[], None]:
        """The same, for changes that this process made."""
        with self._lock:
            self._own_listeners |= {listener}

        def stop() -> None:
            with self._lock:
                self._own_listeners -= {listener}

        return stop

    def close(self) -> None:
        """Tell every listener that nothing more will come, by `END`."""
        self.relay(END)

    def publish(self, change: Change) -> None:
        """Tell every listener of a change that this process made."""
        self.relay(change)
        for listener in self._own_listeners:
            listener(change)

    def relay(self, change: Change) -> None:
        """Tell listeners of a change that another process made."""
        for listener in self._listeners:
            listener(change)
