"""What a service function gets beside its request."""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct

from fluvial.artifacts.locations import Locations
from fluvial.services.events import Change, Hub, Kind
from fluvial.services.outside import Outside
from fluvial.store.database import Transaction


class Permission(IntEnum):
    """What an endpoint needs; each includes those below it."""

    NONE = 0
    READ = 1
    QUERY = 2
    EDIT = 3
    MANAGE = 4


class Principal(Struct, frozen=True):
    """Who asks.

    Attributes:
        name: For logs and history.
        permission: The most that it may do, everywhere.
    """

    name: str
    permission: Permission


class Context:
    """One call: its transaction, who makes it, when, and what it may use.

    Attributes:
        transaction: Open; the caller commits it.
        principal: Who asks.
        now_ms: When the call came, ms since the epoch.
        locations: Decides where artifacts are kept.
        outside: What the platform may do beyond itself.
    """

    def __init__(
        self,
        transaction: Transaction,
        principal: Principal,
        now_ms: int,
        locations: Locations,
        hub: Hub,
        outside: Outside,
    ) -> None:
        self.transaction = transaction
        self.principal = principal
        self.now_ms = now_ms
        self.locations = locations
        self.outside = outside
        self._hub = hub

    def changed(self, experiment_id: int | None, run_id: str | None, *kinds: Kind) -> None:
        """Tell whoever watches, once the transaction is durable."""
        change = Change(None if experiment_id is None else str(experiment_id), run_id, kinds)
        self.transaction.after_commit(lambda: self._hub.publish(change))
