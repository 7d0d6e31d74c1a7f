"""The other end of `worker.py`: starts it, waits for it only so long, and ends it."""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

import msgspec

from fluvial.errors import InvalidRequest, NotSupported

WORKER = Path(__file__).with_name("worker.py")
# Between the time that a query may take, at which it interrupts itself, and its end by force.
GRACE_S = 3.0
_TYPES = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "text": "VARCHAR",
    "repeated text": "VARCHAR",
    "time": "TIMESTAMPTZ",
}


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a query may use.

    Attributes:
        time_s: How long it may take, in seconds.
        memory_mb: Of DuckDB.
        threads: Of DuckDB.
        max_rows: Of the result.
        result_mb: Of the result.
        read_rows: Rows that are read from the store for it.
    """

    time_s: float = 30.0
    memory_mb: int = 1_000
    threads: int = 2
    max_rows: int = 100_000
    result_mb: int = 64
    read_rows: int = 50_000_000


class QueryProcess:
    """A process that runs one query.

    Args:
        folder: Where it takes rows from and writes the result.
        limits: What the query may use.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        missing = [name for name in ("duckdb", "pyarrow") if find_spec(name) is None]
        if missing:
            raise NotSupported(
                f"SQL needs {' and '.join(missing)} where the store is: pip install 'fluvial[sql]' there."
            )
        self._folder = folder
        self._limits = limits
        # Nothing of this process's environment: it holds the store's password, and more.
        self._process = subprocess.Popen(  # noqa: S603  our own file
            [sys.executable, "-I", str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=folder,
            # An allocator that takes memory as it is needed, so that what it reserves is not taken for use.
            env={"HOME": str(folder), "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"},
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def plan(self, query: str, views: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
        """Which columns of which views the query needs.

        Raises:
            InvalidRequest: It is no SELECT over the views.
        """
        kinds = {name: {column: _TYPES[kind] for column, kind in of.items()} for name, of in views.items()}
        asked = {"query": query, "views": kinds, "limits": msgspec.to_builtins(self._limits)}
        needs: dict[str, list[str]] = self._ask(asked)["needs"]
        return needs

    def run(self, max_rows: int, answer_format: str) -> bytes:
        """Run the query over the rows that are in the folder.

        Raises:
            InvalidRequest: It failed, or took too much.
        """
        rows = min(max_rows, self._limits.max_rows)
        self._ask({"folder": str(self._folder), "max_rows": rows, "format": answer_format})
        return (self._folder / "result").read_bytes()

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        try:
            stdin = cast("IO[str]", self._process.stdin)
            stdin.write(json.dumps(message) + "\n")
            stdin.flush()
        except BrokenPipeError as error:
            raise self._broken_off() from error
        line = self._line()
        if not line:
            raise self._broken_off()
        answer: dict[str, Any] = json.loads(line)
        if "refused" in answer:
            raise InvalidRequest(answer["refused"])
        return answer

    def _line(self) -> str:
        stdout = cast("IO[str]", self._process.stdout)
        with selectors.DefaultSelector() as waiting:
            waiting.register(stdout, selectors.EVENT_READ)
            if not waiting.select(self._limits.time_s + GRACE_S):
                raise InvalidRequest(f"The query took more than {self._limits.time_s:g} s and was stopped.")
        return stdout.readline()

    def _broken_off(self) -> InvalidRequest:
        status = self._process.wait()
        return InvalidRequest(
            f"The query needs more memory or time than it may have ({self._limits.memory_mb} MB, "
            f"{self._limits.time_s:g} s): its process ended with status {status}."
        )
