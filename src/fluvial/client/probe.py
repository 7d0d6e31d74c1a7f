"""How a server is: whether it answers, how fast, which version it has, and what its clock says."""

from __future__ import annotations

import time
from contextlib import closing
from email.utils import parsedate_to_datetime

from msgspec import Struct

from fluvial.client.http import HttpTransport
from fluvial.wire.endpoint import Empty
from fluvial.wire.server_info import GET_SERVER_INFO

HEALTH_PATH = "/health"
# The header Date has whole seconds; half of one is added.
_HALF_SECOND = 0.5


class Probe(Struct, frozen=True, kw_only=True):
    """What a server answered.

    Attributes:
        latency_ms: From a request to its answer, the least of some.
        clock_difference_s: The server's clock less this machine's, to a second; none if it says no time.
        version: Of fluvial on the server.
    """

    latency_ms: float
    clock_difference_s: float | None
    version: str


def probe(transport: HttpTransport, n_requests: int = 3) -> Probe:
    """Ask a server how it is.

    Raises:
        RequestError: It is there, and not well.
        Unreachable: It does not answer.
    """
    latency_ms, difference_s = float("inf"), None
    for _ in range(n_requests):
        begun, begun_s = time.time(), time.perf_counter()
        with closing(transport.get(HEALTH_PATH)) as answer:
            answer.read()
            date = answer.headers.get("Date")
        elapsed_ms = (time.perf_counter() - begun_s) * 1000
        if date and elapsed_ms < latency_ms:
            middle = begun + elapsed_ms / 2000
            difference_s = parsedate_to_datetime(date).timestamp() + _HALF_SECOND - middle
        latency_ms = min(latency_ms, elapsed_ms)
    version = transport.call(GET_SERVER_INFO, Empty()).fluvial_version
    return Probe(latency_ms=latency_ms, clock_difference_s=difference_s, version=version)
