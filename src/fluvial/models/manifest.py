"""The manifest of a model: the SHA-256 of each file, written last and checked before anything is loaded.

It is the file `manifest.json` of the model's folder. A signature is over its bytes, and so vouches for all
files. What is checked is the folder: a file that the manifest does not name, a link, or anything but files
and folders is refused as much as other content.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from fluvial.artifacts.names import checked_name
from fluvial.errors import InvalidRequest, ModelDamaged, NotFound, UntrustedModel

FILE = "manifest.json"
SIGNATURE_FILE = "manifest.sigstore.json"
VERSION = 1
_ALGORITHM = "sha256"
# Written beside a model by MLflow's client when it fetches a version; holds its name and number, and is not
# read here.
_LEFT_OUT = frozenset({FILE, SIGNATURE_FILE, "registered_model_meta"})
_MAX_BYTES = 64 * 1024**2
_SHOWN = 5


class FileDigest(Struct, frozen=True, kw_only=True):
    """One file of a model.

    Attributes:
        path: Its name below the model's folder, with `/`.
        sha256: Of its content, in lower-case hex.
        size_bytes: Its length.
    """

    path: str
    sha256: str
    size_bytes: int


class Manifest(Struct, frozen=True, kw_only=True):
    """What a model consists of.

    Attributes:
        version: Of this form.
        algorithm: `sha256`.
        files: In the order of their names.
    """

    version: int = VERSION
    algorithm: str = _ALGORITHM
    files: tuple[FileDigest, ...]

    @property
    def size_bytes(self) -> int:
        """How long all files are together."""
        return sum(file.size_bytes for file in self.files)


def write(folder: Path, known: Manifest | None = None) -> Manifest:
    """Write the manifest of a model that is complete.

    Args:
        folder: The model.
        known: Digests that were just taken: files of many gigabytes are read once.

    Raises:
        ModelDamaged: The folder holds links or other things that are no files.
    """
    taken = known.files if known is not None else ()
    rest = of_folder(folder, without=tuple(file.path for file in taken))
    manifest = Manifest(files=tuple(sorted([*taken, *rest.files], key=lambda file: file.path)))
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    (folder / FILE).write_bytes(content + b"\n")
    return manifest


def of_folder(folder: Path, *, without: tuple[str, ...] = ()) -> Manifest:
    """The manifest that a folder would have.

    Args:
        folder: The model.
        without: Files to leave out.

    Raises:
        ModelDamaged: The folder holds links or other things that are no files.
    """
    found = sorted(name for name in _names(folder) if name not in {*_LEFT_OUT, *without})
    return Manifest(files=tuple(_digest_of(name, folder / name) for name in found))


def check(folder: Path, *, is_required: bool = False) -> Manifest | None:
    """Hold a model's folder to its manifest, before anything else of it is read.

    Args:
        folder: The model.
        is_required: Whether a model without a manifest is refused; those that MLflow saved have none.

    Returns:
        The manifest; None where there is none.

    Raises:
        NotFound: There is no such folder.
        ModelDamaged: A file differs, is missing, or is not in the manifest; there are links; the manifest
            cannot be read or names files outside of the folder.
        UntrustedModel: A manifest is required, and there is none.
    """
    if not folder.is_dir():
        raise NotFound(f"There is no model at {folder}: no such folder.")
    names = set(_names(folder))  # also without a manifest: nothing follows a link out of the folder
    manifest = read(folder)
    if manifest is None:
        if is_required:
            raise UntrustedModel(
                f"The model in {folder} has no {FILE}, so nothing says whether its files are those that were "
                "saved. Save it again with fluvial, or allow such models: FLUVIAL_REQUIRE_MANIFEST=false."
            )
        return None
    faults = [*_differences(folder, manifest, names)]
    if faults:
        shown = "".join(f"\n  {fault}" for fault in faults[:_SHOWN])
        more = f"\n  and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise ModelDamaged(
            f"The model in {folder} is not what was saved; nothing of it was loaded:{shown}{more}\n"
            "  Fetch it anew from where it was logged."
        )
    return manifest


def read(folder: Path) -> Manifest | None:
    """The manifest of a model as it is written there; None where there is none.

    Raises:
        ModelDamaged: It cannot be read, or names files outside of the folder.
    """
    file = folder / FILE
    if not file.exists():
        return None
    if file.stat().st_size > _MAX_BYTES:
        raise ModelDamaged(f"{file} is no manifest: it is longer than {_MAX_BYTES} bytes.")
    try:
        manifest = msgspec.json.decode(file.read_bytes(), type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelDamaged(f"{file} is no manifest: {error}.") from error
    if manifest.version > VERSION or manifest.algorithm != _ALGORITHM:
        raise ModelDamaged(
            f"{file} is a manifest of version {manifest.version} ({manifest.algorithm}), which this version "
            "of fluvial cannot check. Update fluvial."
        )
    for named in manifest.files:
        try:
            checked_name(named.path)
        except InvalidRequest as error:
            raise ModelDamaged(f"{file} names a file outside of the model: {error.message}") from error
    return manifest


def _names(folder: Path) -> Iterator[str]:
    """The files below a folder, links refused."""
    pending = [(folder, "")]
    while pending:
        place, prefix = pending.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                name = f"{prefix}{entry.name}"
                if entry.is_symlink():
                    raise ModelDamaged(
                        f"{name!r} in the model {folder} is a link, which could point anywhere; "
                        "nothing was loaded."
                    )
                if entry.is_dir(follow_symlinks=False):
                    pending.append((Path(entry.path), f"{name}/"))
                elif entry.is_file(follow_symlinks=False):
                    yield name
                else:
                    raise ModelDamaged(f"{name!r} in the model {folder} is neither a file nor a folder.")


def _differences(folder: Path, manifest: Manifest, names: set[str]) -> Iterator[str]:
    named = {file.path for file in manifest.files}
    for extra in sorted(names - named - _LEFT_OUT):
        hint = ": delete it" if "__pycache__" in extra else ""
        yield f"{extra} is not in the manifest{hint}"
    for file in manifest.files:
        if file.path not in names:
            yield f"{file.path} is missing"
            continue
        size_bytes = (folder / file.path).stat().st_size
        if size_bytes != file.size_bytes:
            yield f"{file.path} has {size_bytes} bytes instead of {file.size_bytes}"
        elif _digest_of(file.path, folder / file.path).sha256 != file.sha256:
            yield f"{file.path} has other content (its SHA-256 differs)"


def _digest_of(name: str, file: Path) -> FileDigest:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, _ALGORITHM).hexdigest()
        return FileDigest(path=name, sha256=digest, size_bytes=os.fstat(content.fileno()).st_size)
