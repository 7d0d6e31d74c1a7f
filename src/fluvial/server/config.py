"""What a server can be told at its start."""

from __future__ import annotations

from fluvial.settings import ServerSettings

__all__ = ["ServerSettings"]
