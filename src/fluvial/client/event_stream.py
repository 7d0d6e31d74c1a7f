"""What a server says has changed, as it says it."""

from __future__ import annotations

from collections.abc import Mapping

import urllib3

from fluvial.client.http import HttpTransport
from fluvial.errors import Unreachable
from fluvial.wire.events import EVENTS_PATH


class EventStream:
    """Changes of one run or experiment, told by the server.

    Args:
        transport: The way to the server.
        of: `run_id` or `experiment_id`.

    Raises:
        NotFound: The server tells no changes.
        Unreachable: It does not answer.
    """

    def __init__(self, transport: HttpTransport, of: Mapping[str, str]) -> None:
        self._answer = transport.get(EVENTS_PATH, of)
        self._lines = iter(self._answer)

    def wait(self) -> bool:
        """Wait until that, or anything, has changed; or the server says that it is still there.

        Returns:
            Whether more can follow; False when the server has ended the stream.

        Raises:
            Unreachable: The connection broke.
        """
        try:
            for line in self._lines:
                if line.startswith((b"event: change", b": still here")):
                    return True
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(f"The stream of changes broke off: {error}.") from error
        return False

    def close(self) -> None:
        """Listen no more."""
        self._answer.close()
