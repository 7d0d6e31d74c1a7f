"""Tracking URIs: where a process logs to."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from fluvial.client.addresses import split_addresses
from fluvial.client.transport import Transport
from fluvial.errors import InvalidSetting
from fluvial.settings import ClientSettings, database_of

_DATABASES = ("sqlite", "postgresql", "postgres")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:")


class Target(Struct, frozen=True):
    """A platform to log to.

    Attributes:
        uri: The URL of a server or of a database, the same from whichever folder it is used.
        is_remote: Whether it is a server; else the platform runs in this process.
    """

    uri: str
    is_remote: bool


def find_target(uri: str, home: Path) -> Target:
    """The platform that a tracking URI stands for.

    Args:
        uri: URL of a server, or of several with commas between; URL of a database; or a folder for an
            embedded store; empty for the home's.
        home: The home folder.

    Raises:
        InvalidSetting: It is none of these.
    """
    if not uri:
        return Target(database_of(home), is_remote=False)
    scheme = uri.partition(":")[0].lower() if _SCHEME.match(uri) else ""
    if scheme in ("http", "https"):
        return Target(_several(uri), is_remote=True)
    if scheme.partition("+")[0] in _DATABASES:
        return Target(_absolute(uri), is_remote=False)
    if scheme in ("", "file"):
        path = unquote(urlsplit(uri).path) if scheme else uri
        return Target(database_of(Path(path).expanduser().resolve()), is_remote=False)
    raise InvalidSetting(
        f"The tracking URI {uri!r} is none that fluvial knows: it is http://…, https://…, sqlite:///…, "
        "postgresql://… or a folder."
    )


def connect(target: Target, settings: ClientSettings) -> Transport:
    """The way to a platform. What it needs is loaded only now: urllib3 takes 0.2 s, the platform 1 s."""
    module = importlib.import_module("fluvial.client.http" if target.is_remote else "fluvial.local")
    transport: Transport = module.connect(target.uri, settings)
    return transport


def _several(uri: str) -> str:
    """The URLs of servers, as each of them is written best.

    Raises:
        InvalidSetting: One of them is none.
    """
    urls = split_addresses(uri)
    for url in urls:
        if urlsplit(url).scheme.lower() not in ("http", "https"):
            raise InvalidSetting(
                f"The tracking URI names several servers, and {url!r} is none: each begins with "
                "http:// or https://, as in http://a:5000,http://b:5000."
            )
    return ",".join(urls)


def _absolute(database: str) -> str:
    """The URL of a database; of an SQLite file, with its absolute path."""
    head, separator, path = database.partition(":///")
    if head.lower() != "sqlite" or not separator or not path or path == ":memory:":
        return database
    return f"{head}:///{Path(path).resolve()}"
