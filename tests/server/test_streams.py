"""Columns of points, and slices of journals."""

from __future__ import annotations

import math
import struct
import uuid
import zlib

import pyarrow as pa
import pytest

from fluvial.wire.charts import CHARTS_PATH
from fluvial.wire.journal import (
    MAX_SLICE_BYTES,
    RunDefinition,
    SeriesDefinition,
    SliceHeader,
    pack_slice,
    point_frame,
)
from tests.server.tracking import Tracking, assert_not_found, assert_refused
from tests.server_process import Answer, ServerProcess, on_both_databases

pytestmark = on_both_databases

POINTS = "/api/1.0/fluvial/metrics/points"
INGEST = "/api/1.0/fluvial/ingest"


def columns(answer: Answer) -> tuple[tuple[int, ...], tuple[int, ...], tuple[float, ...]]:
    (n,) = struct.unpack_from("<Q", answer.body)
    assert len(answer.body) == 8 + 24 * n
    steps = struct.unpack_from(f"<{n}q", answer.body, 8)
    timestamps = struct.unpack_from(f"<{n}q", answer.body, 8 + 8 * n)
    values = struct.unpack_from(f"<{n}d", answer.body, 8 + 16 * n)
    return steps, timestamps, values


def a_slice(tracking: Tracking, n: int = 3) -> bytes:
    header = SliceHeader(
        journal_id=uuid.uuid4().hex,
        first_sequence=0,
        n_records=n,
        runs=(RunDefinition(0, tracking.run_id),),
        series=(SeriesDefinition(0, "loss"),),
    )
    return pack_slice(header, b"".join(point_frame(0, 0, i, 100 + i, i / 2) for i in range(n)))


def ingest(server: ServerProcess, body: bytes, encoding: str | None = None) -> Answer:
    headers = {} if encoding is None else {"Content-Encoding": encoding}
    return server.request("POST", INGEST, body=body, headers=headers)


def test_every_point_of_a_metric_comes_as_columns_by_step(tracking: Tracking) -> None:
    points = [(5, 1, 0.5), (-2, 9, float("inf")), (3, 2, float("nan"))]
    for step, timestamp, value in points:
        spelled = {"inf": "Infinity", "nan": "NaN"}.get(str(value), value)
        tracking.log("log-metric", key="m", value=spelled, step=step, timestamp=timestamp)

    answer = tracking.server.get(POINTS, run_id=tracking.run_id, metric_key="m")

    steps, timestamps, values = columns(answer)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert (steps, timestamps) == ((-2, 3, 5), (9, 2, 1))
    assert (values[0], values[2], math.isnan(values[1])) == (math.inf, 0.5, True)


def test_a_metric_without_points_is_an_empty_table(tracking: Tracking) -> None:
    answer = tracking.server.get(POINTS, run_id=tracking.run_id, metric_key="nothing")

    assert answer.body == bytes(8)


@pytest.mark.parametrize(
    "query", [{}, {"run_id": "a"}, {"metric_key": "m"}, {"run_id": "", "metric_key": "m"}]
)
def test_columns_of_what_is_not_named_are_refused(server: ServerProcess, query: dict[str, str]) -> None:
    assert_refused(server.request("GET", POINTS, query=query), "lacks")


def test_columns_of_a_run_that_is_not_there_are_not_found(server: ServerProcess) -> None:
    assert_not_found(server.get(POINTS, run_id="0" * 32, metric_key="m"))


@pytest.mark.parametrize("path", [POINTS, "/get-artifact", "/api/1.0/fluvial/events"])
def test_a_nul_character_in_a_query_is_refused(server: ServerProcess, path: str) -> None:
    assert_refused(server.get(path, run_id="a\x00", metric_key="m", path="a"), "NUL")


@pytest.mark.parametrize("encoding", [None, "identity", "deflate"])
def test_a_slice_of_a_journal_is_applied_once(tracking: Tracking, encoding: str | None) -> None:
    plain = a_slice(tracking)
    body = zlib.compress(plain) if encoding == "deflate" else plain

    first = ingest(tracking.server, body, encoding)
    again = ingest(tracking.server, body, encoding)

    assert first.json == {"next_sequence": 3, "n_points": 3}
    assert (again.status, again.json["error_code"]) == (409, "JOURNAL_GAP")
    assert again.json["details"] == {"expected_sequence": 3}
    assert [(p["step"], p["timestamp"], p["value"]) for p in tracking.history("loss")] == [
        (0, 100, 0.0), (1, 101, 0.5), (2, 102, 1.0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"", None),
        (b"FLJ1", None),
        (b"FLJ1\xff\xff\xff\xff", None),
        (b"not a slice", None),
        (b"FLJ1\x00\x00\x00\x00", None),
        (b"FLJ1", "deflate"),
        (b"FLJ1", "gzip"),
        (zlib.compress(b"FLJ1" * 100)[:-4], "deflate"),
    ],
)
def test_a_body_that_is_no_slice_is_refused(server: ServerProcess, body: bytes, encoding: str | None) -> None:
    assert_refused(ingest(server, body, encoding))


def test_a_run_that_could_not_be_is_refused_and_holds_nothing_up(tracking: Tracking) -> None:
    runs = (RunDefinition(0, "a\x00b"), RunDefinition(1, tracking.run_id))
    header = SliceHeader(
        journal_id=uuid.uuid4().hex,
        first_sequence=0,
        n_records=2,
        runs=runs,
        series=(SeriesDefinition(0, "loss"),),
    )
    body = pack_slice(header, point_frame(0, 0, 0, 1, 0.5) + point_frame(1, 0, 0, 1, 0.5))

    answer = ingest(tracking.server, body).json

    assert (answer["next_sequence"], answer["n_points"]) == (2, 1)
    assert [each["sequence"] for each in answer["rejected"]] == [0]


@pytest.mark.parametrize("cut", [1, 10, 40])
def test_a_slice_that_is_cut_off_is_refused_whole(tracking: Tracking, cut: int) -> None:
    assert_refused(ingest(tracking.server, a_slice(tracking)[:-cut]))
    assert tracking.history("loss") == []


def test_a_slice_that_swells_beyond_the_limit_is_refused(server: ServerProcess) -> None:
    bomb = zlib.compress(bytes(MAX_SLICE_BYTES + 1), 9)

    answer = ingest(server, bomb, "deflate")

    assert (answer.status, answer.json["error_code"]) == (413, "REQUEST_TOO_LARGE")


def test_a_chart_is_an_arrow_stream(tracking: Tracking) -> None:
    for step in range(3):
        tracking.log("log-metric", key="m", value=step / 2, step=step, timestamp=step)

    wanted = {"series": [{"run_id": tracking.run_id, "key": "m"}], "start": 1}
    answer = tracking.server.post(CHARTS_PATH, **wanted)

    assert answer.headers["Content-Type"] == "application/vnd.apache.arrow.stream"
    rows = pa.ipc.open_stream(answer.body).read_all().to_pydict()
    assert (rows["x_first"], rows["max"], rows["count"]) == ([1, 2], [0.5, 1.0], [1, 1])


@pytest.mark.parametrize(
    "message", [{}, {"series": []}, {"series": [{"run_id": "a"}]}, {"series": [], "x": "day"}, {"series": 7}]
)
def test_a_chart_that_cannot_be_is_refused(server: ServerProcess, message: dict[str, object]) -> None:
    assert_refused(server.post(CHARTS_PATH, **message), "")
