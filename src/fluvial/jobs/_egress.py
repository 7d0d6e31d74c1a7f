"""The one way out: requests that the server makes because a user named a URL.

Whoever names a URL must not thereby reach what only the server can reach. So the name is resolved once, an
address that is not public is refused, and the connection goes to that very address, so that a name which
resolves differently a moment later changes nothing. No redirect is followed, no proxy is asked, answers are
cut, and the whole takes no longer than its limit.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

MAX_ANSWER_BYTES = 64 * 1024
_PART_BYTES = 8 * 1024
# Addresses that stand for others: an IPv4 address may be hidden in them.
_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Answer(NamedTuple):
    """What was answered.

    Attributes:
        status: The HTTP status.
        headers: By name in lower case.
        body: Its beginning.
    """

    status: int
    headers: dict[str, str]
    body: str


class NotReached(Exception):
    """No answer came; says why, without what only the server can see."""


class Egress:
    """Sends requests to public addresses.

    Args:
        timeout_s: How long a request may take, all in all.
        allows_private: Whether addresses that are not public may be reached too, by http as well: for tests,
            and networks where everybody may reach everything.
    """

    def __init__(self, timeout_s: float, *, allows_private: bool = False) -> None:
        self._timeout_s = timeout_s
        self._allows_private = allows_private

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a body once.

        Raises:
            NotReached: No answer came in time, or the host has no public address.
        """
        until_s = time.monotonic() + self._timeout_s
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_tls = parts.scheme == "https"
        if not is_tls and not self._allows_private:
            raise NotReached("Only https:// is sent to.")
        port = parts.port or (443 if is_tls else 80)
        connection = self._connect(host, port, until_s, is_tls=is_tls)
        # What answers a byte at a time keeps within the socket's own limit for ever.
        end = threading.Timer(_left(until_s), _cut, [connection.sock])
        end.daemon = True
        end.start()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, body, {**headers, "Connection": "close"})
            answer = connection.getresponse()
            said = _beginning(answer)
        except (OSError, http.client.HTTPException) as error:
            raise NotReached(f"{host} did not answer: {type(error).__name__}.") from error
        finally:
            end.cancel()
            connection.close()
        if time.monotonic() > until_s:
            raise NotReached(f"{host} took longer than {self._timeout_s:g} s to answer.")
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, names, said.decode(errors="replace"))

    def _connect(self, host: str, port: int, until_s: float, *, is_tls: bool) -> http.client.HTTPConnection:
        address = self._resolve(host, port)
        try:
            plain = socket.create_connection((str(address), port), _left(until_s))
            if is_tls:
                # The certificate has to be the host's, whatever address the host has.
                plain = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        except (OSError, ssl.SSLError) as error:
            raise NotReached(f"{host} cannot be reached: {type(error).__name__}.") from error
        connection = http.client.HTTPConnection(host, port, timeout=_left(until_s))
        connection.sock = plain
        return connection

    def _resolve(self, host: str, port: int) -> Address:
        """The address that is connected to: the first, if all that the host has are public."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NotReached(f"{host} has no address.") from error
        addresses = [ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_, place in found]
        if not addresses:
            raise NotReached(f"{host} has no address.")
        if not self._allows_private and not all(map(is_public, addresses)):
            raise NotReached(f"{host} has an address that is not public: it is not sent to.")
        return addresses[0]


def is_public(address: Address) -> bool:
    """Whether an address is one that anybody can reach."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _TRANSLATED):
            return False
    return address.is_global and not address.is_multicast


def _beginning(answer: http.client.HTTPResponse) -> bytes:
    said = b""
    while len(said) < MAX_ANSWER_BYTES and (part := answer.read1(_PART_BYTES)):
        said += part
    return said[:MAX_ANSWER_BYTES]


def _cut(connected: socket.socket) -> None:
    """End what goes on over a socket, in whatever thread."""
    with contextlib.suppress(OSError):  # it has ended by itself
        # Beneath TLS, whose own end would be taken from under who reads.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _left(until_s: float) -> float:
    left_s = until_s - time.monotonic()
    if left_s <= 0:
        raise TimeoutError("too slow")
    return left_s
