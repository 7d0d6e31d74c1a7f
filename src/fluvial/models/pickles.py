"""Find the pickles in a model's folder, and judge them without loading any.

A pickle is known by its content, whatever the file is called: as itself, as joblib writes it (arrays between
the opcodes, compressed or not), inside of zip files (PyTorch), in numpy's files of object arrays. Older
protocols have no mark of their own; those are looked for in files that are called like pickles or that the
model names.
"""

from __future__ import annotations

import ast
import bz2
import dis
import gzip
import io
import lzma
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from msgspec import Struct

from fluvial.errors import UntrustedModel
from fluvial.models import archives
from fluvial.models.pickle_machine import Machine
from fluvial.models.pickle_notes import SOMETHING, Findings, Made, Named, Unreadable

_HEAD_BYTES = 16
_MARKED = re.compile(rb"\x80[\x00-\x05]")  # protocols 2 to 5; 0 and 1 are judged as well
_NPY = b"\x93NUMPY"
_LZ4 = b'\x04"M\x18'
_SUFFIXES = frozenset(
    {".pkl", ".pickle", ".p", ".joblib", ".sav", ".pt", ".pth", ".ckpt", ".cloudpickle", ".dill"}
)
_TORCH_MAGIC = 0x1950A86A20F9469CFC6C
_TORCH_PICKLES = 5  # of PyTorch's files before 1.6; bare numbers follow
_ARRAY = ("joblib.numpy_pickle", "NumpyArrayWrapper")
_MAX_DEPTH = 3
_MAX_INNER_BYTES = 1 << 30
_IMPORT_NAME = dis.opmap["IMPORT_NAME"]
_SHOWN = 12
_FAULTS = (
    Unreadable,
    ValueError,
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    RuntimeError,
)


class PickleScan(Struct, frozen=True, kw_only=True):
    """What a file would do if it were unpickled.

    Attributes:
        path: The file, below the model's folder; members of archives after `!`.
        globals: The classes and functions that it imports, as `module.name`.
        modules: The modules that these are in, and those that code in it imports.
        reasons: Why it is refused, whoever asks.
        has_code: It holds code of its own, by cloudpickle; what that does, nobody can say beforehand.
    """

    path: str
    globals: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    has_code: bool = False


def check(folder: Path, flavors: Mapping[str, Any], *, allow_pickle: bool) -> tuple[PickleScan, ...]:
    """Refuse a model whose files would run code, before any of them is loaded.

    Args:
        folder: The model.
        flavors: The keys of its flavors; files that they name are looked at as pickles.
        allow_pickle: Whether pickles that nothing speaks against may be loaded.

    Returns:
        The scans of its pickles; nothing where it has none.

    Raises:
        UntrustedModel: There are pickles, and they are not allowed; or one of them would run commands, read
            files or cannot be read to its end; or an archive would write outside of its folder.
    """
    scans = scan(folder, flavors)
    refused = tuple(f"{found.path}: {reason}" for found in scans for reason in found.reasons)
    if refused:
        raise UntrustedModel(
            f"The model in {folder} would do what no model needs to, and was not loaded. "
            "allow_pickle does not change that.",
            refused[:_SHOWN],
        )
    if scans and not allow_pickle:
        raise UntrustedModel(
            f"The model in {folder} holds pickles, which can run any code when they are loaded. If you trust "
            "whoever saved it: allow_pickle=True. What they import:",
            tuple(f"{found.path}: {_listed(found)}" for found in scans)[:_SHOWN],
        )
    return scans


def scan(folder: Path, flavors: Mapping[str, Any] | None = None) -> tuple[PickleScan, ...]:
    """What the pickles and archives of a folder would do; files that are neither are left out."""
    named = set(_texts(flavors or {}))
    scans = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        path = file.relative_to(folder).as_posix()
        reasons = archives.reasons_against(file)
        if reasons:
            scans.append(PickleScan(path=path, reasons=reasons))
        else:
            scans += scan_file(file, path, is_named=path in named)
    return tuple(scans)


def scan_file(file: Path, path: str, *, is_named: bool = False) -> list[PickleScan]:
    """The pickles in one file.

    Args:
        file: Where it is.
        path: What it is called in the scans.
        is_named: Whether something else says that it is a pickle.
    """
    with file.open("rb") as content:
        return list(_scan(_Part(content, path, file.stat().st_size, is_named, 0)))


class _Part(NamedTuple):
    """A file, or a member of one.

    Attributes:
        content: At its beginning.
        path: What it is called.
        size_bytes: How long the file is that it is in.
        is_named: Whether something else says that it is a pickle.
        depth: In how many archives and compressed files it is.
    """

    content: io.BufferedReader
    path: str
    size_bytes: int
    is_named: bool
    depth: int

    def inner(self, content: Any, path: str) -> _Part:
        """What is in it, read from something that has `read`."""
        return self._replace(content=_buffered(content), path=path, depth=self.depth + 1)


def _scan(part: _Part) -> Iterator[PickleScan]:
    head = part.content.peek(_HEAD_BYTES)[:_HEAD_BYTES]
    is_likely = part.is_named or _is_called_so(part)
    if part.depth > _MAX_DEPTH:
        yield _refused(part, "archives in archives, too deep to look into")
    elif head.startswith(archives.ZIP_START):
        yield from _scan_zip(part)
    elif head.startswith(_NPY):
        yield from _scan_npy(part)
    elif (unpacked := _unpacked(head, part.content)) is not None:
        yield from _scan_unpacked(part, unpacked, is_likely=is_likely)
    elif head.startswith(_LZ4):
        if is_likely:
            yield _refused(part, "it is compressed by LZ4, which cannot be looked into")
    elif is_likely or _MARKED.match(head):
        yield from _scan_pickles(part, is_certain=_is_called_so(part))


def _is_called_so(part: _Part) -> bool:
    return Path(part.path).suffix.lower() in _SUFFIXES


def _refused(part: _Part, reason: str) -> PickleScan:
    return PickleScan(path=part.path, reasons=(reason,))


def _scan_unpacked(part: _Part, unpacked: Any, *, is_likely: bool) -> Iterator[PickleScan]:
    inner = part.inner(unpacked, part.path)
    try:
        inner.content.peek(1)
    except _FAULTS as error:
        if not part.content.seekable():
            yield _refused(part, f"it cannot be looked into: {error}")
            return
        part.content.seek(0)  # it only begins like a compressed file
        if is_likely:
            yield from _scan_pickles(part, is_certain=_is_called_so(part))
        return
    yield from _scan(inner)


def _scan_zip(part: _Part) -> Iterator[PickleScan]:
    whole: BinaryIO = part.content
    if not whole.seekable():
        whole = io.BytesIO(part.content.read(_MAX_INNER_BYTES + 1))
        if len(whole.getbuffer()) > _MAX_INNER_BYTES:
            yield _refused(part, "an archive in an archive, too large to look into")
            return
    try:
        with zipfile.ZipFile(whole) as archive:
            for member in archive.infolist():
                with archive.open(member) as content:
                    yield from _scan(part.inner(content, f"{part.path}!{member.filename}"))
    except _FAULTS as error:
        yield _refused(part, f"it cannot be looked into: {error}")


def _scan_npy(part: _Part) -> Iterator[PickleScan]:
    source = part.content
    try:
        source.read(len(_NPY))
        major = source.read(2)[0]
        length: int = (
            struct.unpack("<H", source.read(2))[0] if major == 1 else struct.unpack("<I", source.read(4))[0]
        )
        header = ast.literal_eval(source.read(min(length, 1_000_000)).decode("latin-1"))
        holds_objects = "O" in re.findall(r"[A-Za-z]", str(header["descr"]))
    except (*_FAULTS, IndexError, struct.error, SyntaxError, KeyError, TypeError, MemoryError) as error:
        yield _refused(part, f"its header cannot be read: {error}")
        return
    if holds_objects:
        yield from _scan_pickles(part, is_certain=True)


def _scan_pickles(part: _Part, *, is_certain: bool) -> Iterator[PickleScan]:
    """Walk through one pickle after the other, as long as there are any.

    Args:
        part: The file.
        is_certain: Whether it is a pickle even if it imports nothing, or cannot be read.
    """
    findings = Findings()
    source = _Counted(part.content)
    n_pickles, fault = 0, ""
    try:
        value = Machine(source, findings, lambda made: _joblib_array(made, source, findings)).run()
        n_pickles = 1
        is_old_torch = isinstance(value, int) and value == _TORCH_MAGIC
        while not (is_old_torch and n_pickles == _TORCH_PICKLES) and source.has_more():
            Machine(source, findings, lambda made: _joblib_array(made, source, findings)).run()
            n_pickles += 1
    except _FAULTS as error:
        fault = f"it cannot be read as Python would, so nothing says what it does: {error}"
    if not (is_certain or findings.globals):
        return  # text that happens to be opcodes, or numbers that begin like a pickle
    if fault and (n_pickles == 0 or findings.globals):
        findings.reasons[fault] = None
    if archives.is_bomb(part.size_bytes, source.n_read):
        findings.reasons[f"its {part.size_bytes:,} bytes become {source.n_read:,}"] = None
    yield PickleScan(
        path=part.path,
        globals=tuple(findings.globals),
        modules=tuple(dict.fromkeys([*findings.modules, *_imports(findings.codes)])),
        reasons=tuple(findings.reasons),
        has_code=findings.has_code,
    )


class _Counted:
    """Reads forward, looks ahead, and counts."""

    def __init__(self, content: io.BufferedReader) -> None:
        self._content = content
        self.n_read = 0

    def read(self, size: int, /) -> bytes:
        """The next bytes; fewer at the end."""
        taken = self._content.read(size)
        self.n_read += len(taken)
        return taken

    def has_more(self) -> bool:
        """Whether the end is not reached."""
        return bool(self._content.peek(1))


class _Raw(io.RawIOBase):
    """What has `read`, as something to buffer."""

    def __init__(self, content: Any) -> None:
        self._content = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        taken = self._content.read(len(buffer))
        buffer[: len(taken)] = taken
        return len(taken)


def _buffered(content: Any) -> io.BufferedReader:
    return io.BufferedReader(_Raw(content), 65_536)


def _joblib_array(made: Made, source: _Counted, findings: Findings) -> Any:
    """Read the content of an array that joblib writes between the opcodes; other objects are left alone.

    Source: joblib's files, whose wrapper of an array says type, shape and alignment; the content follows at
    once.
    """
    if not (isinstance(made.maker, Named) and (made.maker.module, made.maker.name) == _ARRAY):
        return made
    state = made.state if isinstance(made.state, dict) else {}
    kind, shape = state.get("dtype"), state.get("shape")
    code = kind.arguments[0] if isinstance(kind, Made) and kind.arguments else None
    if not isinstance(code, str) or not isinstance(shape, tuple):
        raise Unreadable("an array of joblib does not say what it is")
    if code.startswith("O") or _has_objects(kind):
        return Machine(source, findings).run()
    machine = Machine(source, findings)
    if state.get("numpy_array_alignment_bytes") is not None:
        machine.skip(machine.take(1)[0])
    counts = [length for length in shape if isinstance(length, int) and length >= 0]
    if len(counts) != len(shape):
        raise Unreadable("an array of joblib has no shape")
    machine.skip(math.prod(counts) * _item_bytes(code))
    return SOMETHING


def _has_objects(kind: Any) -> bool:
    """Whether a structured type has fields that are objects: bit 0 of the flags in its state."""
    state = kind.state
    return isinstance(state, tuple) and len(state) > 7 and isinstance(state[7], int) and bool(state[7] & 1)


def _item_bytes(code: str) -> int:
    match = re.fullmatch(r"[<>=|]?([a-zA-Z])(\d+)", code)
    if match is None:
        raise Unreadable(f"an array of joblib has the type {code!r}")
    return int(match[2]) * (4 if match[1] == "U" else 1)


def _unpacked(head: bytes, content: io.BufferedReader) -> Any:
    """What a file that begins like a compressed one holds, to be read; None where it does not."""
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=content)
    if head.startswith(b"BZh"):
        return bz2.BZ2File(content)
    if head.startswith((b"\xfd7zXZ", b"\x5d\x00\x00")):
        return lzma.LZMAFile(content)
    if re.match(rb"\x78[\x01\x5e\x9c\xda]", head):
        return _Inflated(content)
    return None


class _Inflated:
    """What a zlib stream holds."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self._machine = zlib.decompressobj()

    def read(self, size: int, /) -> bytes:
        """The next bytes; none at the end."""
        while True:
            packed = self._machine.unconsumed_tail or self._content.read(65_536)
            taken = self._machine.decompress(packed, size)
            if taken or self._machine.eof:
                return taken
            if not packed:
                raise EOFError("it ends too soon")


def _imports(codes: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """The modules that code in a pickle imports when it runs.

    Source: the arguments of `types.CodeType`, of which the seventh is the bytecode and the ninth its names;
    each instruction is two bytes, and EXTENDED_ARG puts higher bits before the next one's argument.
    """
    for arguments in codes:
        if len(arguments) < 9 or not isinstance(arguments[6], bytes) or not isinstance(arguments[8], tuple):
            continue
        argument = 0
        bytecode, names = arguments[6], arguments[8]
        for opcode, low in zip(bytecode[::2], bytecode[1::2], strict=False):
            argument = argument << 8 | low
            if opcode == _IMPORT_NAME and argument < len(names) and isinstance(names[argument], str):
                yield names[argument]
            if opcode != dis.EXTENDED_ARG:
                argument = 0


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _listed(found: PickleScan) -> str:
    shown = ", ".join(found.globals[:_SHOWN]) or "nothing"
    more = f" and {len(found.globals) - _SHOWN} more" if len(found.globals) > _SHOWN else ""
    return f"{shown}{more}{'; and code of its own' if found.has_code else ''}"
