from __future__ import annotations

import json
import math
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluvial.entities.experiment import ViewType
from fluvial.entities.metric import Metric
from fluvial.entities.tag import Tag
from fluvial.errors import InvalidRequest
from fluvial.wire.codec import decode, decode_msgpack, decode_query, encode, to_query
from fluvial.wire.endpoint import Endpoint
from fluvial.wire.experiments import SearchExperiments
from fluvial.wire.metrics import GetMetricHistoryBulkInterval, MetricHistory
from fluvial.wire.runs import LogBatch, LogMetric, SetTag
from fluvial.wire.table import endpoints

# What every database keeps: any text but with NUL and halves of surrogate pairs.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
int64s = st.integers(-(2**63), 2**63 - 1)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def refuse_constant(name: str) -> float:
    raise AssertionError(f"{name} is not JSON")


@given(value=st.floats(), step=int64s, timestamp=int64s, key=texts)
def test_a_metric_comes_back_as_it_was_sent(value: float, step: int, timestamp: int, key: str) -> None:
    sent = LogMetric(run_id="r", key=key, value=value, step=step, timestamp=timestamp)

    body = encode(sent)
    read = decode(LogMetric, body)

    json.loads(body, parse_constant=refuse_constant)
    assert (read.key, read.step, read.timestamp) == (key, step, timestamp)
    assert read.value == value or (math.isnan(read.value) and math.isnan(value))
    assert math.isnan(value) or math.copysign(1, read.value) == math.copysign(1, value)


@given(values=st.lists(st.floats(), max_size=5), key=texts)
def test_numbers_that_json_lacks_are_spelled_out_in_lists_too(values: list[float], key: str) -> None:
    history = MetricHistory(metrics=tuple(Metric(key=key, value=value, timestamp=0) for value in values))

    read = json.loads(encode(history), parse_constant=refuse_constant)

    spelled = [
        value if math.isfinite(value) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
        for value in values
    ]
    assert [each["value"] for each in read.get("metrics", [])] == spelled
    assert {each["key"] for each in read.get("metrics", [])} <= {key}


@pytest.mark.parametrize("text", [":null", "null,", "null]", '{"a":null}'])
def test_text_that_looks_like_null_is_left_alone(text: str) -> None:
    sent = SetTag(run_id="r", key="k", value=text)

    assert decode(SetTag, encode(sent)) == sent


@given(run_ids=st.lists(texts, min_size=1), key=texts, start=st.none() | int64s)
def test_a_message_comes_back_from_a_query(run_ids: list[str], key: str, start: int | None) -> None:
    sent = GetMetricHistoryBulkInterval(run_ids=tuple(run_ids), metric_key=key, start_step=start)
    query: dict[str, list[str]] = {}
    for name, value in to_query(sent):
        query.setdefault(name, []).append(value)

    assert decode_query(GetMetricHistoryBulkInterval, query) == sent


@pytest.mark.parametrize("view", ["DELETED_ONLY", "2"])
@pytest.mark.parametrize("name", ["view_type", "viewType"])
def test_a_query_takes_what_a_body_takes(name: str, view: str) -> None:
    read = decode_query(SearchExperiments, {name: [view], "from_the_future": ["1"]})

    assert read == SearchExperiments(view_type=ViewType.DELETED_ONLY)


def test_a_journal_of_a_newer_client_is_read_without_what_it_adds() -> None:
    packed = msgspec.msgpack.encode(
        {"run_id": "r", "tags": [{"key": "t", "value": "1", "color": "red"}], "priority": 3}
    )

    assert decode_msgpack(LogBatch, packed) == LogBatch(run_id="r", tags=(Tag(key="t", value="1"),))


@pytest.mark.parametrize(
    "packed",
    [b"", b"\xc1", b"\x81", msgspec.msgpack.encode([1]), b"\x91" * 100_000, b"\x81\xa1z" + b"\x91" * 100_000,
     msgspec.msgpack.encode({"run_id": "ab", "key": "k"}).replace(b"ab", b"\xff\xfe"),
     msgspec.msgpack.encode({"run_id": "a\x00b", "key": "k"})],
)  # fmt: skip
def test_a_damaged_call_in_a_journal_is_refused(packed: bytes) -> None:
    with pytest.raises(InvalidRequest):
        decode_msgpack(SetTag, packed)


@pytest.mark.parametrize("endpoint", endpoints(), ids=lambda endpoint: endpoint.path)
@settings(max_examples=25, deadline=None)
@given(value=json_values, names=st.data())
def test_whatever_is_sent_is_read_or_refused(
    endpoint: Endpoint[Any, Any], value: object, names: st.DataObject
) -> None:
    fields = [field.encode_name for field in msgspec.structs.fields(endpoint.request)]
    chosen = names.draw(st.lists(st.sampled_from(fields), unique=True)) if fields else []
    body = json.dumps(dict.fromkeys(chosen, value) if chosen else value)

    try:
        read = decode(endpoint.request, body.encode())
    except InvalidRequest:
        return
    assert isinstance(read, endpoint.request)
