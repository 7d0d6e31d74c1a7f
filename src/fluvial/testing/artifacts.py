"""What every artifact store must do: subclass it, and give it a fixture `store`."""

from __future__ import annotations

import io
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fluvial.artifacts import ArtifactEntry, ArtifactStore, checked_name
from fluvial.errors import InvalidRequest, NotFound

_ESCAPING = ["../x", "a/../../x", "/etc/passwd", "..\\x", "a/%2e%2e/x", "a\0b", "C:/x", ""]
_LARGE_BYTES = 21 * (1 << 20) + 7  # more than two parts of any store, and an odd rest


class Trickle:
    """Content that comes in small, uneven pieces, as from a network; may break off with an error."""

    def __init__(self, content: bytes, *, breaks_off: bool = False) -> None:
        self._rest = memoryview(content)
        self._breaks_off = breaks_off
        self._sizes = random.Random(0)  # noqa: S311

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, often fewer."""
        if self._breaks_off and not self._rest:
            raise ConnectionResetError("the sender went away")
        taken = self._sizes.randint(1, size)
        piece, self._rest = self._rest[:taken], self._rest[taken:]
        return bytes(piece)


def write(store: ArtifactStore, key: str, content: bytes) -> None:
    """Write bytes that are in memory."""
    store.write(key, io.BytesIO(content))


def read(store: ArtifactStore, key: str, *, start: int = 0, length: int | None = None) -> bytes:
    """Read a file, or a range of one, into memory."""
    with store.open(key, start=start, length=length) as reader:
        return reader.readall() or b""


class ArtifactStoreSuite:
    """Subclass it, and give it a fixture `store` that makes an empty store."""

    def test_what_was_written_is_read_back(self, store: ArtifactStore) -> None:
        write(store, "a/b/c.txt", b"hello")

        assert read(store, "a/b/c.txt") == b"hello"

    def test_an_empty_file_is_a_file(self, store: ArtifactStore) -> None:
        write(store, "empty", b"")

        assert read(store, "empty") == b""
        assert store.stat("empty").size_bytes == 0
        assert store.list("") == [ArtifactEntry(name="empty", size_bytes=0)]

    def test_a_large_file_that_trickles_in_is_whole(self, store: ArtifactStore) -> None:
        content = random.Random(1).randbytes(_LARGE_BYTES)  # noqa: S311

        store.write("large", Trickle(content), size_bytes=len(content))

        assert store.stat("large").size_bytes == len(content)
        assert read(store, "large") == content

    def test_writing_again_replaces_the_file_and_its_etag(self, store: ArtifactStore) -> None:
        write(store, "a.txt", b"first, longer")
        before = store.stat("a.txt")

        write(store, "a.txt", b"second")

        assert read(store, "a.txt") == b"second"
        assert store.stat("a.txt").etag != before.etag

    @pytest.mark.parametrize(
        ("start", "length", "expected"),
        [
            (0, 4, b"0123"),
            (3, 4, b"3456"),
            (7, None, b"789"),
            (7, 100, b"789"),
            (9, 1, b"9"),
            (4, 0, b""),
        ],
    )
    def test_a_range_of_a_file_is_read(
        self, store: ArtifactStore, start: int, length: int | None, expected: bytes
    ) -> None:
        write(store, "digits", b"0123456789")

        assert read(store, "digits", start=start, length=length) == expected

    def test_a_reader_knows_the_whole_file(self, store: ArtifactStore) -> None:
        write(store, "digits", b"0123456789")

        with store.open("digits", start=2, length=3) as reader:
            assert reader.stat == store.stat("digits")
            assert reader.stat.size_bytes == 10

    def test_a_missing_file_is_not_found(self, store: ArtifactStore) -> None:
        write(store, "a/b.txt", b"x")

        for key in ("missing", "a/missing", "a/b.txt/c"):
            with pytest.raises(NotFound):
                store.stat(key)
            with pytest.raises(NotFound):
                store.open(key)

    def test_a_folder_is_no_file(self, store: ArtifactStore) -> None:
        write(store, "a/b.txt", b"x")

        with pytest.raises(InvalidRequest, match="folder"):
            store.stat("a")
        with pytest.raises(InvalidRequest, match="folder"):
            store.open("a")

    def test_a_folder_lists_one_level_by_name_with_sizes(self, store: ArtifactStore) -> None:
        write(store, "m/b.txt", b"xx")
        write(store, "m/deep/er/c.txt", b"x")
        write(store, "m/a.txt", b"x")
        write(store, "mm", b"x")

        assert store.list("m") == [
            ArtifactEntry(name="a.txt", size_bytes=1),
            ArtifactEntry(name="b.txt", size_bytes=2),
            ArtifactEntry(name="deep", size_bytes=None),
        ]
        assert [entry.name for entry in store.list("")] == ["m", "mm"]

    def test_a_missing_folder_and_a_file_list_nothing(self, store: ArtifactStore) -> None:
        assert store.list("") == []
        write(store, "a/b.txt", b"x")

        assert store.list("missing") == []
        assert store.list("a/b.txt") == []

    def test_a_folder_is_deleted_with_all_below_and_nothing_beside(self, store: ArtifactStore) -> None:
        for key in ("a/1", "a/b/2", "a/b/c/3", "ab/4", "a.txt"):
            write(store, key, b"x")

        store.delete("a")

        assert store.list("a") == []
        assert [entry.name for entry in store.list("")] == ["a.txt", "ab"]

    def test_deleting_twice_is_deleting_once(self, store: ArtifactStore) -> None:
        write(store, "a/b.txt", b"x")

        store.delete("a/b.txt")
        store.delete("a/b.txt")
        store.delete("never/was")

        with pytest.raises(NotFound):
            store.stat("a/b.txt")

    def test_a_folder_goes_with_its_last_file(self, store: ArtifactStore) -> None:
        write(store, "a/b/c.txt", b"x")
        write(store, "a/d.txt", b"x")

        store.delete("a/b/c.txt")

        assert store.list("a") == [ArtifactEntry(name="d.txt", size_bytes=1)]

    @pytest.mark.parametrize("size_bytes", [100, _LARGE_BYTES])
    def test_content_that_breaks_off_leaves_what_was_there(
        self, store: ArtifactStore, size_bytes: int
    ) -> None:
        write(store, "kept", b"before")

        for key in ("kept", "new"):
            with pytest.raises(ConnectionResetError):
                store.write(key, Trickle(bytes(size_bytes), breaks_off=True))

        assert read(store, "kept") == b"before"
        assert [entry.name for entry in store.list("")] == ["kept"]

    def test_of_writers_at_once_one_wins_whole(self, store: ArtifactStore) -> None:
        contents = [bytes([number]) * 100_000 for number in range(8)]

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda content: write(store, "a/b/same", content), contents))

        assert read(store, "a/b/same") in contents

    @pytest.mark.parametrize("key", _ESCAPING)
    def test_no_operation_takes_a_name_that_leads_out(self, store: ArtifactStore, key: str) -> None:
        with pytest.raises(InvalidRequest):
            write(store, key, b"x")
        with pytest.raises(InvalidRequest):
            store.open(key)
        with pytest.raises(InvalidRequest):
            store.stat(key)
        with pytest.raises(InvalidRequest):
            store.delete(key)
        if key:  # the root can be listed
            with pytest.raises(InvalidRequest):
                store.list(key)

    @settings(
        max_examples=50,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
        ],
    )
    @given(name=st.text(min_size=1, max_size=30) | st.from_regex(r"\A[a %+&=;:'\"*~.é日-]{1,12}\Z"))
    def test_every_name_that_is_accepted_round_trips(self, store: ArtifactStore, name: str) -> None:
        try:
            checked_name(name)
        except InvalidRequest:
            return
        write(store, f"names/{name}", name.encode())

        assert read(store, f"names/{name}") == name.encode()
        assert name.split("/", maxsplit=1)[0] in [entry.name for entry in store.list("names")]

        store.delete("names")
        assert store.list("names") == []
