"""What an endpoint is: one operation of the REST API."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from msgspec import Struct

from fluvial.entities.noun import Noun

Request = TypeVar("Request", bound=Struct)
Response = TypeVar("Response", bound=Struct)

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class Message(Noun, frozen=True, kw_only=True):
    """Base of every message. A field that has its default is not sent."""


class Empty(Message, frozen=True, kw_only=True):
    """A message with nothing in it: `{}` on the wire."""


class Endpoint(Struct, Generic[Request, Response], frozen=True):
    """One operation: where it is, what it takes, what it answers.

    Attributes:
        method: HTTP method. GET takes its request from the query string, the others from JSON.
        path: Below the server's root.
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
    def methods(self) -> tuple[Method, ...]:
        """Every method that the operation answers."""
        return (self.method, *self.also)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path of the operation: MLflow's web app and plug-ins call `/ajax-api`."""
        if not self.path.startswith("/api/"):
            return (self.path,)
        return (self.path, self.path.replace("/api/", "/ajax-api/", 1))
