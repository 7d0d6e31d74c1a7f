"""`fluvial.progress(…)`: a loop that shows how far it is, and logs how fast."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

from fluvial.client.active_run import ActiveRun
from fluvial.client.fluent import active_run

__all__ = ["progress"]

LOG_INTERVAL_S = 5.0

Item = TypeVar("Item")


def progress(
    iterable: Iterable[Item],
    description: str = "progress",
    total: int | None = None,
    show: bool | None = None,
) -> Iterator[Item]:
    """Go through something, showing a bar of rich, and log the speed to the active run.

    The metrics are `<description>/items_per_second` and `<description>/items`, every 5 s and at the end;
    their step is the number of items done. What draws a bar itself, as `tqdm(loader)`, is taken as it is:
    no second bar is drawn. Within a `rich.progress.Progress` of your own, say `show=False`.

    Args:
        iterable: What to go through.
        description: What the bar and the metrics are called.
        total: How many items there are, where `iterable` does not know.
        show: Whether to draw a bar; where it is not given, on a terminal.

    Example:
        >>> with fluvial.start_run():
        ...     for batch in fluvial.progress(range(100), "batches", show=False):
        ...         pass
    """
    if show is None:
        draws_itself = hasattr(iterable, "set_postfix")  # as tqdm's bars have, and what imitates them
        show = not draws_itself and sys.stderr.isatty()
    if total is None and isinstance(iterable, Sized):
        total = len(iterable)
    return _counted(_drawn(iterable, description, total) if show else iterable, description)


def _drawn(iterable: Iterable[Item], description: str, total: int | None) -> Iterator[Item]:
    # rich takes longer to load than all of the client.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    yield from track(iterable, description, total=total, console=Console(stderr=True))


def _counted(iterable: Iterable[Item], description: str) -> Iterator[Item]:
    run = active_run()
    n_done = n_logged = 0
    logged_at_s = time.monotonic()
    try:
        for item in iterable:
            yield item
            n_done += 1
            now_s = time.monotonic()
            if run is not None and now_s - logged_at_s >= LOG_INTERVAL_S:
                _log(run, description, n_done, (n_done - n_logged) / (now_s - logged_at_s))
                n_logged, logged_at_s = n_done, now_s
    finally:
        elapsed_s = time.monotonic() - logged_at_s
        if run is not None and n_done > n_logged and elapsed_s > 0:
            _log(run, description, n_done, (n_done - n_logged) / elapsed_s)


def _log(run: ActiveRun, description: str, n_done: int, speed: float) -> None:
    metrics = {f"{description}/items": n_done, f"{description}/items_per_second": speed}
    run.tracker.log_metrics(run.run_id, metrics, n_done)
