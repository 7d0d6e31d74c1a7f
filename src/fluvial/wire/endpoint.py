"""What an endpoint is: one operation of the REST API."""

from __future__ import annotations

import re
from typing import Generic, Literal, TypeVar
from urllib.parse import quote

from msgspec import Struct

from fluvial.entities.noun import Noun

Request = TypeVar("Request", bound=Struct)
Response = TypeVar("Response", bound=Struct)

# Who calls, percent-encoded: for the history of what was decided.
USER_HEADER = "X-Fluvial-User"

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

_PLACE = re.compile(r"\{(\w+)(:path)?\}")


class Message(Noun, frozen=True, kw_only=True):
    """Base of every message. A field that has its default is not sent."""


class Empty(Message, frozen=True, kw_only=True):
    """A message with nothing in it: `{}` on the wire."""


class Endpoint(Struct, Generic[Request, Response], frozen=True):
    """One operation: where it is, what it takes, what it answers.

    Attributes:
        method: HTTP method. GET takes its request from the query string, the others from JSON.
        path: Below the server's root. `{name}` stands for the field of that name of the request, without a
            slash; `{name:path}` for one that may hold some.
        request: Type of the request.
        response: Type of the answer.
        also: Further methods under the same path that mean the same.
        is_repeatable: Whether a second call leaves what the first has left, and answers the same, so that a
            client may send it again when it does not know whether it arrived. A GET is.
    """

    method: Method
    path: str
    request: type[Request]
    response: type[Response]
    also: tuple[Method, ...] = ()
    is_repeatable: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Method and path: no two endpoints have the same."""
        return (self.method, self.path)

    @property
    def methods(self) -> tuple[Method, ...]:
        """Every method that the operation answers."""
        return (self.method, *self.also)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path of the operation: MLflow's web app and plug-ins call `/ajax-api`."""
        if not self.path.startswith("/api/"):
            return (self.path,)
        return (self.path, self.path.replace("/api/", "/ajax-api/", 1))

    @property
    def places(self) -> tuple[str, ...]:
        """The fields of the request that stand in the path."""
        return tuple(name for name, _ in _PLACE.findall(self.path))

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it."""
        return _PLACE.sub(r"{\1}", self.path)

    def path_of(self, request: Request) -> str:
        """Where one request goes."""
        return _PLACE.sub(lambda place: quote(str(getattr(request, place[1])), safe=""), self.path)
