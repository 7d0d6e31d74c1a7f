"""What other processes change in the same database, heard by those that follow it."""

from __future__ import annotations

from typing import Protocol

# PostgreSQL carries up to 7,999 bytes with a notification.
MAX_TEXT_BYTES = 7_900


class Correspondent(Protocol):
    """Who hears of other processes' changes, and says which are this one's. Called by one thread."""

    def heard(self, text: str) -> None:
        """A process said something, this one perhaps."""
        ...

    def missed(self) -> None:
        """Other processes may have changed anything."""
        ...

    def to_say(self) -> list[str]:
        """What to say to the others now: texts of up to MAX_TEXT_BYTES; asked every few seconds."""
        ...


class Following(Protocol):
    """A correspondence that goes on until it is closed."""

    def wake(self) -> None:
        """There is something to say. Returns at once."""
        ...

    def close(self) -> None:
        """Say what is left, and hear no more."""
        ...
