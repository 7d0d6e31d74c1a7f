"""What was decided about registered models, over the wire."""

from __future__ import annotations

from typing import Literal

from fluvial.entities.registered_model import ModelVersion, RegistryEvent
from fluvial.wire.endpoint import Endpoint, Message

Target = Literal["alias", "stage", "state"]


class ReadRegistryHistory(Message, frozen=True, kw_only=True):
    """Read what was decided about registered models, newest first.

    Attributes:
        name: One model, also one that is deleted; all where it is empty.
        version: One version of it.
        field: One kind of change: `alias`, `stage`, `state`, `model`, `version`, `name`, `description`,
            `policy` or `request`.
        key: Of which one of several, such as the name of an alias.
        author: Whose changes.
        since: From this time on, ms since the epoch.
        until: Up to this time, ms since the epoch.
        max_results: Page size, up to 1,000.
        page_token: Where the page before ended.
    """

    name: str = ""
    version: str | None = None
    field: str = ""
    key: str = ""
    author: str = ""
    since: int | None = None
    until: int | None = None
    max_results: int = 100
    page_token: str | None = None


class RegistryHistory(Message, frozen=True, kw_only=True):
    """A page of what was decided; `next_page_token` is absent on the last."""

    events: tuple[RegistryEvent, ...] = ()
    next_page_token: str | None = None


class FindServed(Message, frozen=True, kw_only=True):
    """Ask what an alias, a stage or a state stood for at a time.

    Attributes:
        name: The registered model, also one that is deleted.
        target: What kind of place it is.
        key: Its name, such as `champion` or `Production`.
        at: The time, ms since the epoch.
    """

    name: str
    target: Target
    key: str
    at: int


class Served(Message, frozen=True, kw_only=True):
    """What stood somewhere at a time.

    Attributes:
        versions: Numbers of the versions, ascending; none where nothing stood there.
        events: What put them there.
        model_versions: Those of the versions that are still there, as they are now.
    """

    versions: tuple[str, ...] = ()
    events: tuple[RegistryEvent, ...] = ()
    model_versions: tuple[ModelVersion, ...] = ()


class Promote(Message, frozen=True, kw_only=True):
    """Put a version into a place, and say why.

    Attributes:
        name: The registered model.
        version: Its version.
        target: What kind of place it is.
        key: Its name, such as `champion` or `Production`.
        reason: Why.
        archive_existing_versions: Of a stage: archive those that are there.
    """

    name: str
    version: str
    target: Target
    key: str
    reason: str = ""
    archive_existing_versions: bool = False


class Promoted(Message, frozen=True, kw_only=True):
    """A version where it is now, and what was written about it."""

    model_version: ModelVersion
    event: RegistryEvent | None = None


class Rollback(Message, frozen=True, kw_only=True):
    """Put back what stood in a place before.

    Attributes:
        name: The registered model.
        target: What kind of place it is: an alias or a stage.
        key: Its name.
        event_id: As it was just before this event; before the last change where it is not said.
        reason: Why.
    """

    name: str
    target: Target
    key: str
    event_id: str | None = None
    reason: str = ""


_AT = "/api/1.0/fluvial/registry"

READ_REGISTRY_HISTORY = Endpoint("GET", f"{_AT}/history", ReadRegistryHistory, RegistryHistory)
FIND_SERVED = Endpoint("GET", f"{_AT}/served-on", FindServed, Served)
PROMOTE = Endpoint("POST", f"{_AT}/promote", Promote, Promoted)
ROLLBACK = Endpoint("POST", f"{_AT}/rollback", Rollback, Promoted)
