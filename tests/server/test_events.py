"""Server-sent events: what a page listens to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import urllib3

from fluvial import __version__
from tests.server.tracking import Tracking
from tests.server_process import ServerProcess, on_both_databases, running_server

pytestmark = on_both_databases

EVENTS = "/api/1.0/fluvial/events"


@contextmanager
def listening(server: ServerProcess, query: str = "") -> Iterator[Iterator[tuple[str, Any]]]:
    """The events that the server sends; they are being gathered once this is entered."""
    answer = urllib3.request(
        "GET", f"{server.url}{EVENTS}{query}", preload_content=False, timeout=60, retries=False
    )
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    events = parsed(answer)
    name, hello = next(events)
    assert name == "hello"
    assert hello["server_time"] > 1_700_000_000_000
    assert hello["version"] == __version__
    try:
        yield events
    finally:
        answer.close()


def parsed(answer: urllib3.BaseHTTPResponse) -> Iterator[tuple[str, Any]]:
    buffer = b""
    for chunk in answer.stream(1):
        buffer += chunk
        while b"\n\n" in buffer:
            text, _, buffer = buffer.partition(b"\n\n")
            fields = dict(
                line.split(": ", 1) for line in text.decode().split("\n") if not line.startswith(":")
            )
            if fields:
                yield fields["event"], json.loads(fields["data"])


def changes_until(events: Iterator[tuple[str, Any]], run_id: str | None, kind: str) -> list[Any]:
    """The changes up to one that is awaited."""
    seen = []
    for name, change in events:
        assert name == "change"
        seen.append(change)
        if change["run_id"] == run_id and kind in change["kinds"]:
            break
    return seen


def test_what_is_written_to_a_run_is_told(tracking: Tracking) -> None:
    with listening(tracking.server, f"?run_id={tracking.run_id}") as events:
        tracking.log("log-metric", key="m", value=1, timestamp=1)
        assert (
            changes_until(events, tracking.run_id, "metrics")[-1]["experiment_id"] == tracking.experiment_id
        )
        tracking.log("log-parameter", key="p", value="1")
        changes_until(events, tracking.run_id, "params")
        tracking.log("set-tag", key="t", value="1")
        changes_until(events, tracking.run_id, "tags")
        tracking.log("update", status="FINISHED")
        changes_until(events, tracking.run_id, "run")
        tracking.log("outputs", models=[{"model_id": "m-1", "step": 0}])
        changes_until(events, tracking.run_id, "inputs")


def test_a_listener_to_one_experiment_hears_of_no_other(tracking: Tracking) -> None:
    other = Tracking(tracking.server)

    with listening(tracking.server, f"?experiment_id={tracking.experiment_id}") as events:
        other.log("log-metric", key="m", value=1, timestamp=1)
        new_run = tracking.new_run()
        heard = changes_until(events, new_run, "run")

    assert {each["experiment_id"] for each in heard} <= {tracking.experiment_id, None}


def test_who_names_nothing_hears_everything(tracking: Tracking) -> None:
    with listening(tracking.server) as events:
        tracking.post(
            "experiments/set-experiment-tag", experiment_id=tracking.experiment_id, key="a", value="b"
        )
        heard = changes_until(events, None, "experiment")

    assert heard[-1]["experiment_id"] == tracking.experiment_id


def test_what_was_refused_is_not_told(tracking: Tracking) -> None:
    with listening(tracking.server, f"?run_id={tracking.run_id}") as events:
        tracking.log(
            "log-batch",
            params=[{"key": "p", "value": "1"}],
            metrics=[{"key": "/", "value": 1, "timestamp": 1}],
        )
        tracking.log("set-tag", key="t", value="1")
        heard = changes_until(events, tracking.run_id, "tags")

    assert {kind for each in heard for kind in each["kinds"]} == {"tags"}


def test_the_head_of_the_stream_ends(server: ServerProcess) -> None:
    answer = server.request("HEAD", EVENTS)

    assert (answer.status, answer.body) == (200, b"")


def test_listeners_do_not_hold_up_a_server_that_stops(backend: str, tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        answer = urllib3.request("GET", f"{server.url}{EVENTS}", preload_content=False, timeout=60)
        next(parsed(answer))

    assert server.process.returncode == 0
    answer.close()
