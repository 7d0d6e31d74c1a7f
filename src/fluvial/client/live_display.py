"""A run in a notebook that is drawn anew while it goes on, by a thread that costs next to nothing.

Used where IPython asks for it, and nowhere else is anything of IPython loaded.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Literal

PAUSE_S = 1.0
MAX_PAUSE_S = 30.0
# The pause after drawing, as a multiple of what drawing took: at most a twentieth of the time goes into it.
PAUSE_FACTOR = 20

_log = logging.getLogger("fluvial")


class LiveDisplay:
    """One output of a notebook, drawn anew until `finish`, `stop`, or until its cell is run again.

    Args:
        shell: IPython's.
        draw: Gives the HTML.
    """

    def __init__(self, shell: Any, draw: Callable[[], str]) -> None:
        self._shell = shell
        self._draw = draw
        self._cell = _current_cell(shell)
        self._wakes = threading.Event()
        self._end: Literal["", "draw", "leave"] = ""
        self._shown = draw()
        self._handle = _display(self._shown)
        shell.events.register("pre_run_cell", self._before_cell)
        threading.Thread(target=self._follow, name="fluvial-display", daemon=True).start()

    def finish(self) -> None:
        """The run has ended: draw it a last time."""
        self._end = self._end or "draw"
        self._wakes.set()

    def stop(self) -> None:
        """The output is gone, or another one shows the same: leave it as it is."""
        self._end = "leave"
        self._wakes.set()

    def _follow(self) -> None:
        pause_s = PAUSE_S
        is_over = False
        while not is_over:
            self._wakes.wait(pause_s)
            end = self._end
            is_over = end != ""
            if end == "leave":
                break
            begun_s = time.monotonic()
            try:
                self._update()
            except Exception as error:  # noqa: BLE001  the outermost frame: nothing of it reaches the program
                _log.debug("A run cannot be drawn: %s", error)
                break
            taken_s = time.monotonic() - begun_s
            pause_s = min(max(PAUSE_S, PAUSE_FACTOR * taken_s), MAX_PAUSE_S)
        self._shell.events.unregister("pre_run_cell", self._before_cell)

    def _update(self) -> None:
        drawn = self._draw()
        if drawn != self._shown:
            self._shown = drawn
            self._handle.update(_as_html(drawn))

    def _before_cell(self, info: Any) -> None:
        if self._cell is not None and getattr(info, "cell_id", None) == self._cell:
            self.stop()


def show_live(draw: Callable[[], str], plain: str, *, is_over: bool) -> LiveDisplay | None:
    """Show something in the cell that runs; in a notebook, drawn anew until it is over.

    Args:
        draw: Gives the HTML.
        plain: Shown in a terminal.
        is_over: Whether it changes no more.
    """
    shell = sys.modules["IPython"].get_ipython()
    if getattr(shell, "kernel", None) is None:
        print(plain)  # noqa: T201  in a terminal, as IPython would
        return None
    if is_over:
        _display(draw())
        return None
    return LiveDisplay(shell, draw)


def _display(html: str) -> Any:
    return sys.modules["IPython.display"].display(_as_html(html), display_id=True)


def _as_html(html: str) -> Any:
    return sys.modules["IPython.display"].HTML(html)


def _current_cell(shell: Any) -> str | None:
    """The cell that runs, where the notebook names it."""
    cell: str | None = shell.get_parent().get("metadata", {}).get("cellId")
    return cell
