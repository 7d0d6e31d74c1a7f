"""Artifacts on their way: a copy of each file waits in the journal's folder until it is uploaded.

    artifacts/00000001.data   the file as it was when it was logged
    artifacts/00000001.json   which run it belongs to, and under which name: `SpooledFile`

The entry is written last, by renaming, so that a file without one is a copy that was broken off.
"""

from __future__ import annotations

import itertools
import logging
import shutil
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from fluvial.client.journal import ARTIFACTS_FOLDER
from fluvial.client.receipts import UploadedFile, note_upload
from fluvial.client.transport import Transport
from fluvial.client.worker import Worker
from fluvial.errors import FluvialError, RequestError, Unreachable
from fluvial.wire.digests import OnBytes, SentBytes

CONTENT_SUFFIX = ".data"
ENTRY_SUFFIX = ".json"
UPLOADS_AT_ONCE = 4

# Answers that stay the same however often it is tried.
_REFUSALS = (400, 404, 405, 409, 413, 501)

_log = logging.getLogger("fluvial")


class SpooledFile(Struct, frozen=True, kw_only=True):
    """A file that waits for its upload.

    Attributes:
        run_id: The run.
        path: Name of the artifact.
        position: Chunk and offset of the journal where the run was when it was logged.
        refused: Why the server refused it, where it did.
    """

    run_id: str
    path: str
    position: tuple[int, int]
    refused: str = ""


class Waiting(Struct, frozen=True):
    """A file in the queue.

    Attributes:
        entry: What it is.
        content: The file to upload.
        entry_file: Its entry on the disk; none where the disk had no space and `content` is the user's file.
        journal: Folder of the journal; none if that is in memory.
    """

    entry: SpooledFile
    content: Path
    entry_file: Path | None
    journal: Path | None


class Spool:
    """Copies files and uploads them in the background, in order.

    Args:
        folder: Of the journal; none if it is in memory.
        connect: Gives the way to the platform; none for never.
        has_sent: Whether the platform has everything before a position of the journal.
        where: The platform, for people.

    Attributes:
        lost: Artifacts for which there was no space.
    """

    def __init__(
        self,
        folder: Path | None,
        connect: Callable[[], Transport] | None,
        has_sent: Callable[[tuple[int, int]], bool],
        where: str,
    ) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="fluvial-") if folder is None else None
        self._folder = Path(self._scratch.name) if self._scratch else Path(folder or "", ARTIFACTS_FOLDER)
        self._folder.mkdir(exist_ok=True)
        self._journal = folder
        self._connect = connect
        self._has_sent = has_sent
        self.lost: list[str] = []
        self._numbers = itertools.count(1)
        self._queue: deque[Waiting] = deque()
        self._n_bytes = 0
        self._counting = threading.Lock()
        self._worker: Worker | None = None
        if connect is not None:
            self._worker = Worker(
                "fluvial-uploader",
                self._work,
                f"Uploading artifacts to {where}",
                "Your program goes on; the files are kept and sent later.",
            )
            self._worker.start()

    @property
    def last_error(self) -> Exception | None:
        """Why the latest try to upload failed; none if it did not."""
        return self._worker.last_error if self._worker is not None else None

    @property
    def n_waiting(self) -> int:
        """How many files are not uploaded yet."""
        return len(self._queue)

    @property
    def n_bytes_waiting(self) -> int:
        """About how much of them is not uploaded yet."""
        return self._n_bytes

    def add(self, run_id: str, path: str, source: Path | bytes, position: tuple[int, int]) -> None:
        """Keep a copy of a file, or some bytes, and upload them later.

        Raises:
            OSError: The file cannot be read.
        """
        if isinstance(source, Path):
            source.open("rb").close()
        entry = SpooledFile(run_id=run_id, path=path, position=position)
        number = next(self._numbers)
        content = self._folder / f"{number:08d}{CONTENT_SUFFIX}"
        try:
            if isinstance(source, Path):
                shutil.copyfile(source, content)
            else:
                content.write_bytes(source)
            entry_file: Path | None = _write_entry(entry, content)
        except OSError as error:
            content.unlink(missing_ok=True)
            if isinstance(source, bytes):
                self.lost.append(f"{path} of run {run_id}")
                _log.warning("The artifact %s cannot be kept and is lost: %s", path, error)
                return
            _log.warning(
                "No copy of the artifact %s can be kept (%s): leave it until it is sent.", path, error
            )
            content, entry_file = source.absolute(), None
        self._count(-content.stat().st_size)
        self._queue.append(Waiting(entry, content, entry_file, self._journal))

    def flush(self, timeout_s: float | None, *, gives_up: bool) -> bool:
        """Wait until the platform has all files; see `Sender.flush`."""
        if not self._queue or self._worker is None:
            return not self._queue
        return self._worker.wait_until(lambda: not self._queue, timeout_s, gives_up=gives_up)

    def stop(self, timeout_s: float) -> None:
        """Upload no more."""
        if self._worker is not None:
            self._worker.stop(timeout_s)

    def _work(self) -> None:
        while self._connect is not None and (ready := self._ready()):
            upload_all(self._connect(), ready, self._queue.remove, self._count)

    def _count(self, n_sent: int) -> None:
        with self._counting:
            self._n_bytes -= n_sent

    def _ready(self) -> list[Waiting]:
        """The files whose runs the platform has."""
        return [file for file in tuple(self._queue) if self._has_sent(file.entry.position)]


def stored_files(folder: Path) -> list[Waiting]:
    """The files that wait in a journal's folder, in order, without those that were refused."""
    waiting = []
    for entry_file in sorted((folder / ARTIFACTS_FOLDER).glob(f"*{ENTRY_SUFFIX}")):
        entry = msgspec.json.decode(entry_file.read_bytes(), type=SpooledFile)
        if not entry.refused:
            waiting.append(Waiting(entry, entry_file.with_suffix(CONTENT_SUFFIX), entry_file, folder))
    return waiting


def upload_all(
    transport: Transport,
    files: Sequence[Waiting],
    on_done: Callable[[Waiting], object],
    on_bytes: OnBytes,
) -> None:
    """Upload files, several at once; those of one name one after the other, so that the last one stays.

    Args:
        transport: Where to.
        files: In the order in which they were logged.
        on_done: Told of each that is uploaded or put aside.
        on_bytes: Told of what goes, in whichever thread.

    Raises:
        RequestError: One has to be tried again; the others were tried.
        Unreachable: The platform did not answer for one.
    """
    by_name: dict[tuple[str, str], list[Waiting]] = {}
    for file in files:
        by_name.setdefault((file.entry.run_id, file.entry.path), []).append(file)

    waiting = deque(by_name.values())
    failures: list[Exception] = []

    def work() -> None:
        while waiting:
            try:
                for file in waiting.popleft():
                    upload(transport, file, on_bytes)
                    on_done(file)
            except IndexError:  # another thread took the last
                return
            except (FluvialError, OSError) as error:
                failures.append(error)

    # Not an executor: it would take nothing any more at the end of the process.
    helpers = [
        threading.Thread(target=work, name="fluvial-upload", daemon=True)
        for _ in range(min(UPLOADS_AT_ONCE, len(by_name)) - 1)
    ]
    for helper in helpers:
        helper.start()
    work()
    for helper in helpers:
        helper.join()
    if failures:
        raise failures[0]


def upload(transport: Transport, file: Waiting, on_bytes: OnBytes) -> None:
    """Upload a file that waits. One that is refused is put aside, and the reason logged.

    Raises:
        RequestError: It has to be tried again.
        Unreachable: The platform did not answer.
    """
    entry = file.entry
    sent = SentBytes(on_bytes)
    try:
        digest = transport.upload(entry.run_id, entry.path, file.content, sent)
    except Unreachable:
        sent.undo()
        raise
    except (RequestError, FileNotFoundError) as error:
        sent.undo()
        if isinstance(error, RequestError) and error.status not in _REFUSALS:
            raise
        _log.warning("The artifact %s of run %s cannot be sent: %s", entry.path, entry.run_id, error)
        if file.entry_file is not None:
            _write_entry(structs.replace(entry, refused=str(error)), file.content)
        return
    if file.journal is not None:
        note_upload(file.journal, UploadedFile(run_id=entry.run_id, path=entry.path, digest=digest))
    if file.entry_file is not None:
        file.entry_file.unlink()
        file.content.unlink()


def _write_entry(entry: SpooledFile, content: Path) -> Path:
    target = content.with_suffix(ENTRY_SUFFIX)
    part = content.with_suffix(".part")
    part.write_bytes(msgspec.json.encode(entry))
    part.replace(target)
    return target
