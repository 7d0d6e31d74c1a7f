from __future__ import annotations

import io
import os
import resource
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fluvial.artifacts import ArtifactEntry, StoreOptions, open_store
from fluvial.artifacts.file import FileStore
from fluvial.errors import InvalidRequest, InvalidSetting, NotFound, StorageFull, Unavailable
from fluvial.testing.artifacts import ArtifactStoreSuite, read, write


class TestFileStore(ArtifactStoreSuite):
    @pytest.fixture
    def store(self, tmp_path: Path) -> FileStore:
        return FileStore(tmp_path / "root")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "root"


@pytest.fixture
def store(root: Path) -> FileStore:
    return FileStore(root)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret").write_text("secret")
    return folder


def leftovers(root: Path) -> list[str]:
    return [entry.name for entry in (root / ".fluvial-parts").iterdir()]


def test_a_link_that_leads_out_is_neither_read_nor_listed(store: FileStore, root: Path, secret: Path) -> None:
    (root / "folder").symlink_to(secret)
    (root / "file").symlink_to(secret / "secret")

    for key in ("folder/secret", "file"):
        with pytest.raises(NotFound):
            store.open(key)
        with pytest.raises(NotFound):
            store.stat(key)
    assert store.list("folder") == []
    assert store.list("") == []


def test_nothing_is_written_through_a_link(store: FileStore, root: Path, secret: Path) -> None:
    (root / "folder").symlink_to(secret)
    (root / "file").symlink_to(secret / "secret")

    with pytest.raises(InvalidRequest):
        write(store, "folder/new", b"x")
    write(store, "file", b"mine")

    assert [entry.name for entry in secret.iterdir()] == ["secret"]
    assert (secret / "secret").read_text() == "secret"
    assert read(store, "file") == b"mine"


def test_deleting_stops_at_links(store: FileStore, root: Path, secret: Path) -> None:
    write(store, "a/kept-not", b"x")
    (root / "a" / "link").symlink_to(secret)
    (root / "link").symlink_to(secret)

    store.delete("link/secret")
    store.delete("link")
    store.delete("a")

    assert (secret / "secret").read_text() == "secret"
    assert store.list("") == []


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(path))


@pytest.mark.parametrize("make", [make_pipe, make_socket])
def test_what_is_no_regular_file_is_not_found(
    store: FileStore, root: Path, make: Callable[[Path], None]
) -> None:
    make(root / "odd")

    with pytest.raises((NotFound, Unavailable)):
        store.open("odd")
    assert store.list("") == []


def test_the_folder_of_unfinished_files_is_out_of_reach(store: FileStore, root: Path) -> None:
    (root / ".fluvial-parts" / "part").write_text("half")

    for call in (store.open, store.stat, store.delete, store.list):
        with pytest.raises(InvalidRequest):
            call(".fluvial-parts/part")
    with pytest.raises(InvalidRequest):
        write(store, ".fluvial-parts/x", b"x")
    assert store.list("") == []


def test_a_file_where_a_folder_is_needed_is_refused_and_leaves_nothing(store: FileStore, root: Path) -> None:
    write(store, "a", b"x")
    write(store, "folder/b", b"x")

    with pytest.raises(InvalidRequest, match="file and a folder"):
        write(store, "a/b", b"x")
    with pytest.raises(InvalidRequest, match="file and a folder"):
        write(store, "folder", b"x")

    assert read(store, "a") == b"x"
    assert read(store, "folder/b") == b"x"
    assert leftovers(root) == []


def test_a_full_disk_is_said_and_leaves_nothing(store: FileStore, root: Path) -> None:
    write(store, "a", b"before")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
    try:
        with pytest.raises(StorageFull, match="No space is left"):
            store.write("a", io.BytesIO(bytes(3 << 20)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert read(store, "a") == b"before"
    assert leftovers(root) == []


def test_what_a_killed_process_left_behind_goes_after_a_day(store: FileStore, root: Path) -> None:
    parts = root / ".fluvial-parts"
    for name in ("old", "new"):
        (parts / name).write_text("half")
    (parts / "old-folder" / "a").mkdir(parents=True)
    two_days_ago = time.time() - 2 * 86_400
    for name in ("old", "old-folder"):
        os.utime(parts / name, (two_days_ago, two_days_ago))

    FileStore(root)

    assert leftovers(root) == ["new"]


def test_the_root_may_be_a_link_and_moves_with_its_descriptor(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    store = FileStore(tmp_path / "link")

    (tmp_path / "link").unlink()
    write(store, "a.txt", b"x")

    assert (tmp_path / "disk" / "a.txt").read_bytes() == b"x"


@pytest.mark.parametrize("form", ["{}", "file://{}", "file:{}", "file://localhost{}", "FILE://{}"])
def test_a_path_or_a_file_uri_names_a_folder(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "with space"
    uri = form.format(str(folder).replace(" ", " " if form == "{}" else "%20"))

    store = open_store(uri, StoreOptions())
    write(store, "a.txt", b"x")

    assert store.list("") == [ArtifactEntry(name="a.txt", size_bytes=1)]
    assert (folder / "a.txt").read_bytes() == b"x"


@pytest.mark.parametrize(
    "uri", ["file://elsewhere/x", "file:///x?y", "file:///x#y", "s3://b/x?y=1", "ftp://host/x", "names:x"]
)
def test_a_location_that_no_store_can_open_is_refused(uri: str) -> None:
    with pytest.raises(InvalidSetting):
        open_store(uri, StoreOptions())


def test_a_root_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(InvalidSetting, match="cannot be kept"):
        FileStore(tmp_path / "file")
