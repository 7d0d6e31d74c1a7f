"""Requests of one kind that come while the database is busy, carried out together in one transaction.

A request that alone would cost a look-up, a segment, a summary and a commit shares them with those that came
beside it. Each gets its own answer, and a refused one does not hold up the others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Generic

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

    def submit(self, request: Request) -> Future[Response]:
        """Begin to carry out a request, with those that come before its transaction begins."""
        future: Future[Response] = Future()
        with self._lock:
            batch = self._open
            is_new = batch is None
            if batch is None:
                batch = self._open = _Batch()
            batch.requests.append(request)
            batch.futures.append(future)
        if is_new:
            self._start(batch)
        return future

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
        batch.settle(done)

    def _close(self, batch: _Batch[Request, Response]) -> None:
        with self._lock:
            if self._open is batch:
                self._open = None


class _Batch(Generic[Request, Response]):
    """Requests that are carried out together, and who waits for them."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.futures: list[Future[Response]] = []

    def settle(self, done: Future[Any]) -> None:
        """Answer all, once the transaction is durable or has failed."""
        error = done.exception()
        outcomes = [error] * len(self.futures) if error is not None else done.result()
        for future, outcome in zip(self.futures, outcomes, strict=True):
            if not future.set_running_or_notify_cancel():
                continue  # nobody waits any more
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
