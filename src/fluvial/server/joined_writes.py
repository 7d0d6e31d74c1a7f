"""An answer's headers and body, sent with one system call.

uvicorn writes them one after the other, and uvloop sends each at once: for a small answer the two calls cost
as much as everything else that is done for it in the event loop.
"""

from __future__ import annotations

import asyncio
from typing import Any

# Larger pieces go out alone: to join them would cost more than a call.
MAX_JOINED_BYTES = 16_384


class JoinedWrites:
    """A transport that keeps a small piece back until the event loop comes round again.

    What is not about writing is the transport's own.

    Args:
        transport: Of one connection.
        loop: The event loop that it is served by.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._kept: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send bytes after those written before; with those that follow at once."""
        if len(data) > MAX_JOINED_BYTES:
            self._send()
            self._transport.write(data)
            return
        if not self._kept:
            self._loop.call_soon(self._send)
        self._kept.append(data)

    def close(self) -> None:
        """Close the connection once everything is sent."""
        self._send()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _send(self) -> None:
        if self._kept:
            data, self._kept = b"".join(self._kept), []
            self._transport.write(data)
