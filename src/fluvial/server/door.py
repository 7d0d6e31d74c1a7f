"""The checks at the door: who may be addressed by which name, and from which web page.

A page on another site can make a browser on the same machine call a server on localhost: by a name that
resolves to 127.0.0.1 (DNS rebinding; the Host check ends that) or by a plain cross-site request (the
Origin check ends that). Both are on unless switched off.
"""

from __future__ import annotations

import fnmatch
import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

# What probes ask by the address of the machine; says nothing that a foreign page could use.
UNCHECKED_PATHS = ("/health", "/livez", "/readyz", "/version")
# May be asked for by address too, but by no name that is not allowed: that a page can make up.
BY_ADDRESS_PATHS = ("/metrics",)
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0")  # noqa: S104  names to answer to

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' blob: data:; frame-src 'self' blob: data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)

# Of the one page that shows what a run logged as a page: its scripts run in an origin that nothing else has,
# reach no server at all, and load none but ours.
FRAME_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; "
    "style-src 'unsafe-inline' blob: data:; img-src blob: data:; font-src data:; media-src blob: data:; "
    "worker-src blob:; frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
)


class Door:
    """Decides which requests are answered.

    Args:
        allowed_hosts: Patterns of the Host header; empty for this machine and private networks.
        allowed_origins: Patterns of the Origin header, beside the server's own and this machine's.
        is_open: Let everything pass.
    """

    def __init__(
        self, allowed_hosts: Sequence[str], allowed_origins: Sequence[str], *, is_open: bool
    ) -> None:
        self._hosts = tuple(allowed_hosts)
        self._origins = tuple(allowed_origins)
        self._is_open = is_open or "*" in self._hosts
        self._takes_any_origin = is_open or "*" in self._origins

    def refusal(self, method: str, path: str, host: str, origin: str | None) -> str | None:
        """Why a request is not answered; None if it is."""
        if path in UNCHECKED_PATHS:
            return None
        if path in BY_ADDRESS_PATHS and _is_address(host):
            return None
        if not self._is_open and not self._answers_to(host):
            return (
                f"Invalid Host header: this server does not answer to {host[:100]!r}. "
                "Name it with --allowed-hosts.\n"
            )
        if method not in SAFE_METHODS and origin is not None and not self._admits(origin, host):
            return (
                f"Cross-origin request blocked: pages of {origin[:100]!r} may not change anything here. "
                "Name the origin with --cors-allowed-origins.\n"
            )
        return None

    def cross_origin_headers(self, host: str, origin: str | None) -> list[tuple[bytes, bytes]]:
        """What lets the page of another origin read the answer, where it may."""
        if origin is None or not self._admits(origin, host):
            return []
        if self._takes_any_origin:
            return [(b"access-control-allow-origin", b"*")]
        return [
            (b"access-control-allow-origin", origin.encode("latin-1", "replace")),
            (b"access-control-allow-credentials", b"true"),
        ]

    def _answers_to(self, host: str) -> bool:
        if self._hosts:
            return any(fnmatch.fnmatchcase(host.lower(), pattern.lower()) for pattern in self._hosts)
        name = _without_port(host)
        return name in _LOCAL_NAMES or (
            _is_address(host) and ipaddress.ip_address(name.strip("[]")).is_private
        )

    def _admits(self, origin: str, host: str) -> bool:
        if self._takes_any_origin:
            return True
        try:
            parts = urlsplit(origin)
            name = parts.hostname
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or name is None:
            return False
        if parts.netloc == host or any(fnmatch.fnmatchcase(origin, pattern) for pattern in self._origins):
            return True
        return name in ("localhost", "127.0.0.1", "::1")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(_without_port(host).strip("[]"))
    except ValueError:
        return False
    return True


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[: host.find("]") + 1].lower()
    return host.partition(":")[0].lower()
