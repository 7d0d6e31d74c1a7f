"""Times as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

from fluvial.errors import InvalidRequest


def as_milliseconds(at: datetime | str | float) -> int:
    """A time in ms since the epoch: of a datetime, or of text such as `2026-01-31 12:00`.

    A time that names no zone is in UTC.

    Raises:
        InvalidRequest: The text is no time.
    """
    if isinstance(at, str):
        try:
            at = datetime.fromisoformat(at)
        except ValueError as error:
            raise InvalidRequest(f"A time is written 2026-01-31 or 2026-01-31 12:00, not {at!r}.") from error
    if isinstance(at, datetime):
        return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
    return int(at)
