"""Read-only SQL over views of the store: the rows that a query needs, of one state, and DuckDB beside us."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from fluvial.errors import InvalidRequest, NotSupported, TooManyRequests
from fluvial.queries.process import Limits, QueryProcess
from fluvial.services import rules
from fluvial.services.context import Context, Permission, Principal
from fluvial.services.platform import Platform
from fluvial.services.views import all_experiments, page_of
from fluvial.store import views
from fluvial.wire.sql import RunSql
from fluvial.wire.views import VIEWS, Page

__all__ = ["Limits", "run_sql"]

MAX_QUERY_CHARS = 100_000
BATCH_RUNS = 2_000
AT_ONCE = 2
WAIT_S = 5.0

_running = threading.BoundedSemaphore(AT_ONCE)


def run_sql(platform: Platform, principal: Principal, request: RunSql, limits: Limits) -> bytes:
    """The answer to a query, in the format that it asks for.

    Raises:
        InvalidRequest: The query is none, fails, or takes too much.
        TooManyRequests: Others run already.
        NotSupported: DuckDB or pyarrow is not installed here, or SQL is turned off.
    """
    if limits.time_s <= 0:
        raise NotSupported("SQL is turned off on this server: FLUVIAL_SQL_TIME_S is 0.")
    if len(request.query) > MAX_QUERY_CHARS:
        raise InvalidRequest(f"A query has at most {MAX_QUERY_CHARS} characters, not {len(request.query)}.")
    if request.max_rows < 1:
        raise InvalidRequest(f"max_rows is at least 1, not {request.max_rows}.")
    if not _running.acquire(timeout=WAIT_S):
        raise TooManyRequests(f"{AT_ONCE} queries are running: try again.", retry_after_s=WAIT_S)
    try:
        return _run(platform, principal, request, limits)
    finally:
        _running.release()


def _run(platform: Platform, principal: Principal, request: RunSql, limits: Limits) -> bytes:
    with tempfile.TemporaryDirectory(prefix="fluvial-sql-") as name:
        folder = Path(name)
        with QueryProcess(folder, limits) as process:
            needed = process.plan(request.query, dict(VIEWS))
            platform.read_with(
                Permission.QUERY,
                principal,
                lambda context: _Snapshot(context, request, limits, folder).write(needed),
            )
            return process.run(request.max_rows, request.format)


class _Snapshot:
    """The rows of views at one moment, being written to Arrow files."""

    def __init__(self, context: Context, request: RunSql, limits: Limits, folder: Path) -> None:
        self._context = context
        self._limits = limits
        self._folder = folder
        self._n_left = limits.read_rows
        self._until = time.monotonic() + limits.time_s
        wanted = set(rules.experiment_ids(request.experiment_ids))
        self._experiment_ids = [
            row[0] for row in views.experiments(context.transaction) if not wanted or row[0] in wanted
        ]

    def write(self, needed: dict[str, list[str]]) -> None:
        """Write the columns of the views that are needed.

        Raises:
            InvalidRequest: They have too many rows.
        """
        import pyarrow as pa  # noqa: PLC0415 - an extra

        from fluvial.wire import arrow_views  # noqa: PLC0415

        for view, names in needed.items():
            columns = tuple(names)
            # A stream, not a file: it may have another dictionary of run ids with each batch.
            with pa.ipc.new_stream(
                str(self._folder / f"{view}.arrow"), arrow_views.schema(view, columns)
            ) as writer:
                for page in self._pages(view):
                    writer.write_batch(arrow_views.batch(view, page, columns))

    def _pages(self, view: str) -> Iterator[Page]:
        if view == "experiments":
            yield self._counted(all_experiments(self._context))
            return
        for experiment_id in self._experiment_ids:
            after = 0
            while rows := views.runs_after(self._context.transaction, experiment_id, after, BATCH_RUNS):
                page = self._counted(page_of(self._context, view, rows))
                yield page
                while page.after is not None:
                    page = self._counted(page_of(self._context, view, rows, page.after))
                    yield page
                after = rows[-1].run_key

    def _counted(self, page: Page) -> Page:
        self._n_left -= page.n_rows
        if self._n_left < 0 or time.monotonic() > self._until:
            raise InvalidRequest(
                "The query reads more than it may: at most "
                f"{self._limits.read_rows:,} rows, and {self._limits.time_s:g} s long. "
                "Name the experiments that it is about (--experiment, experiment_ids)."
            )
        return page
