from __future__ import annotations

from email.utils import formatdate

import pytest
import urllib3

from fluvial.client.http import _error
from fluvial.client.worker import MAX_PAUSE_S, MAX_WANTED_PAUSE_S, Worker
from fluvial.errors import FluvialError, RequestError, TooManyRequests, Unavailable, Unreachable


def refused(status: int, retry_after: str | None = None, body: bytes = b"{}") -> FluvialError:
    """The error that an answer becomes."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return _error(urllib3.HTTPResponse(body, headers, status, preload_content=True), "http://127.0.0.1")


def pause_after(error: Exception, n_failures: int = 1) -> float:
    worker = Worker("test", lambda: None, "Working", "")
    for _ in range(n_failures - 1):
        worker._pause_after(error)
    return worker._pause_after(error)


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_to_wait_is_obeyed(status: int) -> None:
    error = refused(status, "45")

    assert isinstance(error, TooManyRequests | Unavailable)
    assert 45 <= pause_after(error) <= 45 * 1.1


def test_a_server_may_ask_by_a_date() -> None:
    error = refused(503, formatdate(4_000_000_000, usegmt=True))

    assert pause_after(error) >= MAX_WANTED_PAUSE_S


@pytest.mark.parametrize("header", ["soon", "-3", ""])
def test_a_server_that_asks_for_nothing_sensible_is_not_waited_for(header: str) -> None:
    error = refused(429, header)

    assert isinstance(error, RequestError)
    assert error.retry_after_s == 0


def test_pauses_grow_to_a_bound_and_differ() -> None:
    error = Unreachable("No server answers.")

    pauses = [pause_after(error, n_failures=20) for _ in range(20)]

    assert pause_after(error) < 1
    assert all(MAX_PAUSE_S / 2 <= pause <= MAX_PAUSE_S * 1.1 for pause in pauses)
    assert len(set(pauses)) == 20


def test_a_400_that_is_not_the_server_s_says_nothing_about_the_record() -> None:
    assert isinstance(refused(400, body=b"<html>Bad Request</html>"), Unreachable)
