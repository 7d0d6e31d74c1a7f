"""Files in parts: what is refused, and what is forgotten."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from fluvial.errors import Conflict, InvalidRequest, NotFound, TooManyRequests, Unavailable
from fluvial.services import uploads
from fluvial.services.platform import EVERYBODY, Platform
from fluvial.wire.runs import DELETE_RUN, RunId
from fluvial.wire.uploads import BeginUpload, FinishUpload, digest_of_parts, part_bytes
from tests.platforms import Clock
from tests.services.making import start

PART = part_bytes(0)
CONTENT = [b"a" * PART, b"b" * PART, b"rest"]
WEEK_MS = 7 * 86_400_000


def begin(platform: Platform, run_id: str, path: str = "large.bin", parts: list[bytes] = CONTENT) -> str:
    return uploads.begin(platform, EVERYBODY, request(run_id, path, parts)).upload_id


def request(run_id: str, path: str = "large.bin", parts: list[bytes] = CONTENT) -> BeginUpload:
    return BeginUpload(
        run_id=run_id,
        path=path,
        size_bytes=sum(map(len, parts)),
        digest=digest_of_parts(hashlib.sha256(part).digest() for part in parts),
    )


def put(
    platform: Platform, run_id: str, upload_id: str, number: int, content: bytes, *, said: bytes | None = None
) -> None:
    sha256 = hashlib.sha256(content if said is None else said).hexdigest()
    uploads.keep_part(platform, EVERYBODY, (run_id, upload_id, number), io.BytesIO(content), sha256)


def finish(platform: Platform, run_id: str, upload_id: str) -> None:
    uploads.finish(platform, EVERYBODY, FinishUpload(run_id=run_id, upload_id=upload_id))


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_parts_in_any_order_make_the_file_and_nothing_shows_before(
    platform: Platform, tmp_path: Path
) -> None:
    run_id = start(platform)
    upload_id = begin(platform, run_id)
    for number in (3, 1):
        put(platform, run_id, upload_id, number, CONTENT[number - 1])
    with pytest.raises(Conflict, match="2 of 3 parts"):
        finish(platform, run_id, upload_id)
    assert "large.bin" not in files_in(tmp_path / "artifacts")
    assert uploads.begin(platform, EVERYBODY, request(run_id)).parts == (1, 3)

    put(platform, run_id, upload_id, 2, CONTENT[1])
    finish(platform, run_id, upload_id)
    finish(platform, run_id, upload_id)

    (kept,) = (tmp_path / "artifacts").rglob("large.bin")
    assert kept.read_bytes() == b"".join(CONTENT)
    assert uploads.begin(platform, EVERYBODY, request(run_id)).is_finished


def test_a_part_that_arrives_damaged_does_not_count_even_if_it_was_there(platform: Platform) -> None:
    run_id = start(platform)
    upload_id = begin(platform, run_id)
    put(platform, run_id, upload_id, 1, CONTENT[0])

    with pytest.raises(Unavailable, match="did not arrive"):
        put(platform, run_id, upload_id, 1, b"x" * PART, said=CONTENT[0])

    assert uploads.begin(platform, EVERYBODY, request(run_id)).parts == ()


def test_parts_of_another_file_make_none(platform: Platform, tmp_path: Path) -> None:
    run_id = start(platform)
    upload_id = begin(platform, run_id)
    for number, content in enumerate([CONTENT[0], CONTENT[0], CONTENT[2]], 1):
        put(platform, run_id, upload_id, number, content)

    with pytest.raises(Conflict, match="are not those of the file"):
        finish(platform, run_id, upload_id)

    assert files_in(tmp_path / "artifacts") == []


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../b", "a\0b", ""])
def test_no_upload_leaves_the_folder_of_its_run(platform: Platform, path: str) -> None:
    run_id = start(platform)

    with pytest.raises(InvalidRequest):
        begin(platform, run_id, path)


def test_an_upload_needs_its_run_and_a_part_that_it_has(platform: Platform) -> None:
    run_id, other = start(platform), start(platform)
    upload_id = begin(platform, run_id)

    with pytest.raises(NotFound):
        begin(platform, "0" * 32)
    with pytest.raises(NotFound):
        put(platform, other, upload_id, 1, CONTENT[0])
    for number in (0, 4):
        with pytest.raises(InvalidRequest, match="are 1 to 3"):
            put(platform, run_id, upload_id, number, b"")
    platform.call(DELETE_RUN, RunId(run_id=run_id))
    with pytest.raises(InvalidRequest):
        put(platform, run_id, upload_id, 1, CONTENT[0])


def test_a_run_has_only_so_many_unfinished_uploads(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_OPEN_OF_RUN", 2)
    run_id = start(platform)
    for number in range(2):
        begin(platform, run_id, f"{number}.bin")

    with pytest.raises(TooManyRequests):
        begin(platform, run_id, "3.bin")


def test_what_nobody_goes_on_with_for_a_week_is_forgotten_with_its_parts(
    platform: Platform, clock: Clock, tmp_path: Path
) -> None:
    run_id, deleted = start(platform), start(platform)
    upload_id = begin(platform, run_id)
    put(platform, run_id, upload_id, 1, CONTENT[0])
    put(platform, deleted, begin(platform, deleted), 1, CONTENT[0])
    platform.call(DELETE_RUN, RunId(run_id=deleted))
    clock.now_ms += WEEK_MS - 1000
    begin(platform, run_id, "newer.bin")
    assert uploads.purge_abandoned(platform) == 0
    clock.now_ms += 2000

    assert uploads.purge_abandoned(platform) == 2

    assert len(files_in(tmp_path / "artifacts")) == 1
    with pytest.raises(NotFound):
        put(platform, run_id, upload_id, 1, CONTENT[0])
    assert uploads.begin(platform, EVERYBODY, request(run_id)).parts == ()
