"""Requests of one kind that come while the database is busy, carried out together in one transaction.

A request that alone would cost a look-up, a segment, a summary and a commit shares them with those that came
beside it. Each gets its own answer, and a refused one does not hold up the others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Generic, NamedTuple

from fluvial.errors import RequestError
from fluvial.services.context import Context
from fluvial.wire.endpoint import Request, Response

Outcomes = list[Response | RequestError]
Together = Callable[[Context, Sequence[Request]], Outcomes[Response]]


class Gathering(Generic[Request, Response]):
    """Gathers requests until a transaction for them begins.

    Args:
        together: Carries out several; an answer or an error for each, in their order.
        begin: Begins work in a transaction; its future is done when that is durable.
    """

    def __init__(
        self,
        together: Together[Request, Response],
        begin: Callable[[Callable[[Context], Outcomes[Response]]], Future[Outcomes[Response]]],
    ) -> None:
        self._together = together
        self._begin = begin
        self._open: _Batch[Request, Response] | None = None
        self._lock = threading.Lock()

    def submit(self, request: Request) -> Pending[Response]:
        """Begin to carry out a request, with those that come before its transaction begins."""
        with self._lock:
            batch = self._open
            is_new = batch is None
            if batch is None:
                batch = self._open = _Batch([], Future())
            position = len(batch.requests)
            batch.requests.append(request)
        if is_new:
            self._start(batch)
        return Pending(batch.settled, position)

    def _start(self, batch: _Batch[Request, Response]) -> None:
        try:
            begun = self._begin(lambda context: self._carry_out(batch, context))
        except Exception as error:  # noqa: BLE001  those who wait get it
            begun = Future()
            begun.set_exception(error)
        begun.add_done_callback(lambda done: self._settle(batch, done))

    def _carry_out(self, batch: _Batch[Request, Response], context: Context) -> Outcomes[Response]:
        """May run again, with the same requests: none joins once it has begun."""
        self._close(batch)
        return self._together(context, batch.requests)

    def _settle(self, batch: _Batch[Request, Response], done: Future[Outcomes[Response]]) -> None:
        self._close(batch)  # where the transaction could not begin
        error = done.exception()
        if error is None:
            batch.settled.set_result(done.result())
        else:
            batch.settled.set_exception(error)

    def _close(self, batch: _Batch[Request, Response]) -> None:
        with self._lock:
            if self._open is batch:
                self._open = None


class Pending(NamedTuple, Generic[Response]):
    """An answer that comes when a transaction is durable.

    Attributes:
        settled: Done then; others of the same transaction may wait for it too.
        position: Of the answer among those that it brings; None where it brings this one alone.
    """

    settled: Future[Any]
    position: int | None = None

    def result(self, timeout_s: float | None = None) -> Response:
        """The answer, once there is one.

        Raises:
            RequestError: The request was refused.
            TimeoutError: There was none in time.
        """
        outcome = self.settled.result(timeout_s)
        if self.position is not None:
            outcome = outcome[self.position]
            if isinstance(outcome, RequestError):
                raise outcome
        return outcome  # type: ignore[no-any-return]


class _Batch(NamedTuple, Generic[Request, Response]):
    """Requests that are carried out together, and when they have been."""

    requests: list[Request]
    settled: Future[Outcomes[Response]]
