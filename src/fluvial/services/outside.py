"""What a platform may do beyond itself: keep secrets of others, and send to whom."""

from __future__ import annotations

from msgspec import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fluvial.services.secret_box import SecretBox


class Outside(Struct, frozen=True, kw_only=True):
    """What a platform may do beyond itself.

    Attributes:
        secrets: Keeps secrets; none where the platform has no key.
        allows_private: Whether it may send to addresses that are not public.
    """

    secrets: SecretBox | None = None
    allows_private: bool = False


NOTHING = Outside()
