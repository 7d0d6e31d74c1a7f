"""How far long work has come: a bar on a terminal's standard error, nothing elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID


class Progress:
    """A bar for as long as the context lasts.

    Args:
        what: What is being done.
        total: How much there is; none if nobody knows.
        counts_bytes: Whether that is in bytes.
    """

    def __init__(self, what: str, total: float | None, *, counts_bytes: bool = False) -> None:
        self._what = what
        self._total = total
        self._counts_bytes = counts_bytes
        self._bars: Bars | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._bars = _bars(counts_bytes=self._counts_bytes)
            self._bars.start()
            self._task = self._bars.add_task(self._what, total=self._total)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def set_total(self, total: float) -> None:
        """How much there is, now that it is known."""
        if self._bars is not None and self._task is not None:
            self._bars.update(self._task, total=total)

    def advance(self, amount: float = 1) -> None:
        """So much more is done."""
        if self._bars is not None and self._task is not None:
            self._bars.advance(self._task, amount)


def _bars(*, counts_bytes: bool) -> Bars:
    from rich import progress  # noqa: PLC0415 - pipes need not wait for it

    from fluvial.cli._output import console  # noqa: PLC0415

    amount = progress.DownloadColumn() if counts_bytes else progress.MofNCompleteColumn()
    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        amount,
        progress.TimeRemainingColumn(),
        console=console(errors=True),
        transient=True,
    )
