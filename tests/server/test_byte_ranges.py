from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluvial.server.byte_ranges import (
    ByteRange,
    UnsatisfiableRange,
    is_known,
    requested_range,
)


def wanted(text: str, size_bytes: int = 10, **headers: str) -> ByteRange | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requested_range({"range": text, **named}, size_bytes=size_bytes, etag="v1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bytes=0-3", ByteRange(0, 4)),
        ("bytes=3-", ByteRange(3, 7)),
        ("bytes=-3", ByteRange(7, 3)),
        ("bytes=-30", ByteRange(0, 10)),
        ("bytes=9-100", ByteRange(9, 1)),
        ("bytes= 0 - 0 ", ByteRange(0, 1)),
    ],
)
def test_a_range_is_cut_to_the_file(text: str, expected: ByteRange) -> None:
    assert wanted(text) == expected


@pytest.mark.parametrize("text", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_range_outside_of_the_file_cannot_be_satisfied(text: str) -> None:
    with pytest.raises(UnsatisfiableRange):
        wanted(text)


def test_no_range_of_an_empty_file_can_be_satisfied() -> None:
    with pytest.raises(UnsatisfiableRange):
        wanted("bytes=0-", size_bytes=0)


@pytest.mark.parametrize(
    "text",
    ["", "bytes=", "bytes=-", "bytes=a-b", "items=0-3", "bytes=5-2", "bytes=0-1,3-4", "bytes=0-" + "9" * 99],
)
def test_what_cannot_be_understood_asks_for_the_whole_file(text: str) -> None:
    assert wanted(text) is None


def test_a_range_of_another_version_asks_for_the_whole_file() -> None:
    assert wanted("bytes=0-3", if_range='"v1"') == ByteRange(0, 4)
    assert wanted("bytes=0-3", if_range='"v0"') is None
    assert wanted("bytes=0-3", if_range="Wed, 21 Oct 2015 07:28:00 GMT") is None


@pytest.mark.parametrize("header", ['"v1"', 'W/"v1"', '"v0", "v1"', "*", "v1"])
def test_a_caller_with_this_version_is_recognised(header: str) -> None:
    assert is_known({"if-none-match": header}, "v1")


@pytest.mark.parametrize("header", ['"v0"', "", '"v1x"'])
def test_a_caller_with_another_version_is_not(header: str) -> None:
    assert not is_known({"if-none-match": header}, "v1")
    assert not is_known({}, "v1")


def test_an_answer_says_which_part_it_is() -> None:
    assert ByteRange(3, 4).content_range(10) == "bytes 3-6/10"


@given(st.from_regex(r"\Abytes=[0-9]{0,3}-[0-9]{0,3}\Z"), st.integers(0, 500))
def test_a_range_never_leaves_the_file(text: str, size_bytes: int) -> None:
    try:
        found = wanted(text, size_bytes)
    except UnsatisfiableRange:
        return

    assert found is None or (
        found.start >= 0 and found.length > 0 and found.start + found.length <= size_bytes
    )
