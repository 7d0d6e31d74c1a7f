from __future__ import annotations

import itertools
import posixpath
from urllib.parse import quote, unquote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from fluvial.artifacts.names import checked_folder, checked_name
from fluvial.errors import InvalidRequest

# One entry per class of path traversal that has had a CVE in MLflow, and those next to them.
HOSTILE = {
    "parent folder (CVE-2023-1177, CVE-2023-6909)": ["..", "../x", "a/../../x", "a/..", "a/../b"],
    "absolute path (CVE-2023-2780, CVE-2023-30172)": ["/etc/passwd", "//etc/passwd", "/"],
    "as a URI of its own (CVE-2023-1176, CVE-2023-2356)": [
        "file:///etc/passwd",
        "http://host/x",
        "s3://bucket/x",
    ],
    "percent-encoded (CVE-2023-6977)": ["%2e%2e/x", "..%2fx", "%2e%2e%2fx", "a%2f..%2fx", "%2fetc"],
    "encoded twice or more": ["%252e%252e%252fx", "%25252e%25252e/x", "a/%252e%252e/%252e%252e/x"],
    "fragment (CVE-2024-1483)": ["#/../../etc", "a#/../x", "a%23/../x", "a#b", "a%23b", "%2523"],
    "query (CVE-2024-3848)": ["?/../../etc", "a?/../x", "a%3f/../x", "a?b", "a%3Fb"],
    "backslash, Windows (CVE-2023-3765, CVE-2024-1558)": ["..\\x", "a\\..\\x", "%5c..", "\\\\h\\s"],
    "drive, Windows (CVE-2023-3765)": ["C:/x", "c:x", "a/C:/x", "%43:/x", "C%3a/x"],
    "dots that Windows drops": ["...", ".. ", "a/. ./x", ". .", "a/.../x"],
    "current folder": [".", "./x", "a/./x", "a/."],
    "empty segment (GHSA-5cvj-7rg6-jggj)": ["", "a//x", "a/", "//proc/self/root", "a/%2fx"],
    "NUL and control characters": ["a\0", "a%00.txt", "a\n", "a%0d%0aX: y", "\x7f", "a\x85", "\t"],
    "line separators": ["a\u2028b", "a\u2029b"],
    "overlong UTF-8": ["%c0%ae%c0%ae/x", "%e0%80%ae", "%c0%af", "..%c0%afx"],
    "not UTF-8": ["%ff", "a\udc80", "\ufffd"],
    "look-alikes": ["‥/x", "․․/x", "．．/x", "．．／x", "a/．．＼x", "%ef%bc%8e%ef%bc%8e/x"],  # noqa: RUF001
    "too long": ["a" * 256, "é" * 128, "/".join(["a" * 200] * 6), "x" * 100_000, "%25" * 400],
}

HARMLESS = [
    "model/MLmodel",
    "a.txt",
    ".hidden",
    "..data",
    "a..b/c..",
    "with space.txt",
    "images/img+step+0+timestamp+1795411118491+526cd4f7+compressed.webp",
    "50%.txt",
    "100%25 sure.txt",
    "a%20b.txt",
    "日本語/図1.png",
    "metrics: loss (val) [1] {x} @ ~ = , ; ! $ & ' \" | * < > ^ `.csv",
    "tensor:0",
    "a" * 255,
    "/".join(["a" * 100] * 10),
]


@pytest.mark.parametrize(
    "name", [pytest.param(n, id=f"{kind}: {n[:40]!r}") for kind in HOSTILE for n in HOSTILE[kind]]
)
def test_a_hostile_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match="Invalid path"):
        checked_name(name)


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_name_is_kept_as_it_is(name: str) -> None:
    assert checked_name(name) == name


def test_a_refusal_does_not_repeat_a_name_of_any_length() -> None:
    with pytest.raises(InvalidRequest) as caught:
        checked_name("x" * 1_000_000)

    assert len(caught.value.message) < 200


@pytest.mark.parametrize(("name", "folder"), [("", ""), ("a", "a"), ("a/", "a"), ("a/b/", "a/b")])
def test_a_folder_may_end_in_a_slash_and_the_root_is_empty(name: str, folder: str) -> None:
    assert checked_folder(name) == folder


@pytest.mark.parametrize("name", ["/", "//", "a//", "..", "../", "%2e%2e/", ".", "./"])
def test_a_hostile_folder_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match="Invalid path"):
        checked_folder(name)


def encodings(text: str) -> st.SearchStrategy[str]:
    """The text with any of its characters percent-encoded, any number of times."""

    def encode(choices: list[int]) -> str:
        written = ""
        for character, times in zip(text, choices, strict=True):
            piece = character
            for _ in range(times):
                piece = f"%{ord(piece):02x}" if len(piece) == 1 and piece < "\x80" else quote(piece, safe="")
            written += piece
        return written

    return st.lists(st.integers(0, 4), min_size=len(text), max_size=len(text)).map(encode)


segments = st.sampled_from(["a", "b.txt", "..", ".", "", "C:", "...", "x\\y", "ü"])
paths = st.lists(segments, min_size=1, max_size=5).map("/".join)


@given(paths.flatmap(lambda path: st.tuples(st.just(path), encodings(path))))
@example(("../x", "%2e%2e%2fx"))
def test_no_encoding_turns_a_refused_name_into_an_accepted_one(case: tuple[str, str]) -> None:
    plain, encoded = case
    try:
        checked_name(plain)
    except InvalidRequest:
        with pytest.raises(InvalidRequest):
            checked_name(encoded)
    else:
        assert checked_name(encoded) == encoded


@given(st.text(alphabet=st.sampled_from("./\\%2eE5cfF0aA3:C#? \0é．‥"), max_size=24))  # noqa: RUF001
def test_an_accepted_name_stays_below_its_root_however_often_it_is_decoded(name: str) -> None:
    try:
        checked_name(name)
    except InvalidRequest:
        assume(False)
    for _ in itertools.repeat(None, 12):
        joined = posixpath.normpath(posixpath.join("/root/below", name))
        assert joined.startswith("/root/below/")
        assert not {"\\", "\0", "#", "?"} & set(name)
        name = unquote(name)
