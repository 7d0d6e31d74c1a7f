"""Look into archives before a library does: names that leave the folder, links, and bombs.

Zip files are what PyTorch, numpy, Keras and skops write; tar files are what frameworks hand on. Nothing is
unpacked here: what a hostile archive would do is read from its directory.
"""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from fluvial.artifacts.names import checked_name
from fluvial.errors import InvalidRequest

ZIP_START = b"PK\x03\x04"
_TAR_START = (257, b"ustar")
# A model's zeros compress well, but not to less than a thousandth, and then to something.
MAX_RATIO = 1_000
_SMALL_BYTES = 1 << 30
_MAX_MEMBERS = 1_000_000


def is_bomb(packed_bytes: int, unpacked_bytes: int) -> bool:
    """Whether so few bytes that become so many are meant to fill a disk or a memory."""
    return unpacked_bytes > _SMALL_BYTES and unpacked_bytes > MAX_RATIO * packed_bytes


def reasons_against(file: Path) -> tuple[str, ...]:
    """What is wrong with a file that is a zip or tar archive; nothing where it is another file."""
    with file.open("rb") as content:
        head = content.read(_TAR_START[0] + len(_TAR_START[1]))
        if head.startswith(ZIP_START):
            return tuple(_against_zip(content, file.stat().st_size))
        if head[_TAR_START[0] :] == _TAR_START[1]:
            content.seek(0)
            return tuple(_against_tar(content))
    return ()


def _against_zip(content: BinaryIO, packed_bytes: int) -> Iterator[str]:
    try:
        members = zipfile.ZipFile(content).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield f"it begins like a zip file, and is none: {error}"
        return
    if len(members) > _MAX_MEMBERS:
        yield f"it has {len(members):,} members"
        return
    seen: set[str] = set()
    for member in members:
        yield from _against_name(member.orig_filename.removesuffix("/"))
        if stat.S_ISLNK(member.external_attr >> 16):
            yield f"{member.filename!r} is a link"
        if member.flag_bits & 0x1:
            yield f"{member.filename!r} is encrypted"
        if member.filename in seen:
            yield f"{member.filename!r} is in it twice"
        seen.add(member.filename)
    unpacked_bytes = sum(member.file_size for member in members)
    if is_bomb(packed_bytes, unpacked_bytes):
        yield f"its {packed_bytes:,} bytes become {unpacked_bytes:,}"


def _against_tar(content: BinaryIO) -> Iterator[str]:
    try:
        with tarfile.open(fileobj=content, mode="r:") as archive:
            for n_members, member in enumerate(archive, 1):
                yield from _against_name(member.name.removeprefix("./").removesuffix("/") or "root")
                if not (member.isfile() or member.isdir()):
                    yield f"{member.name!r} is neither a file nor a folder"
                if n_members > _MAX_MEMBERS:
                    yield f"it has more than {_MAX_MEMBERS:,} members"
                    return
    except (tarfile.TarError, OSError, ValueError) as error:
        yield f"it begins like a tar file, and is none: {error}"


def _against_name(name: str) -> Iterator[str]:
    try:
        checked_name(name)
    except InvalidRequest as error:
        yield f"a member's name leaves the folder: {error.message}"
