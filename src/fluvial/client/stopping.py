"""A run that somebody asked to stop, in the web app: its program ends as at Ctrl-C.

The wish comes with the answer to a sign of life, in the thread that sends. A program that wants to end in its
own way says how with `run.on_stop`, or looks at `run.stop_requested`.
"""

from __future__ import annotations

import ctypes
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterable

_actions: dict[str, Callable[[], None]] = {}
_asked: set[str] = set()

_log = logging.getLogger("fluvial")


def on_stop(run_id: str, action: Callable[[], None]) -> None:
    """Say what is done when a run of this process should stop, in place of interrupting the main thread."""
    _actions[run_id] = action


def was_asked_to_stop(run_id: str) -> bool:
    """Whether a run of this process should stop."""
    return run_id in _asked


def forget_stop(run_id: str) -> None:
    """The run has ended."""
    _actions.pop(run_id, None)
    _asked.discard(run_id)


def stop_runs(run_ids: Iterable[str]) -> None:
    """Stop some runs of this process, each once: a program that goes on after all is left alone."""
    for run_id in run_ids:
        if run_id in _asked:
            continue
        _asked.add(run_id)
        action = _actions.get(run_id)
        _log.warning("Somebody asked that the run %s stops.", run_id)
        if action is None:
            _interrupt()
            continue
        try:
            action()
        except Exception:  # noqa: BLE001 - code of the program's
            # The thread that sends goes on: what was logged is worth more.
            _log.exception("What was to be done when the run %s should stop failed.", run_id)


def _interrupt() -> None:
    """Interrupt the main thread as Ctrl-C does."""
    main = threading.main_thread()
    if main.ident is None:
        return
    if callable(signal.getsignal(signal.SIGINT)):
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main.ident, signal.SIGINT)  # ends a sleep, too
        else:
            signal.raise_signal(signal.SIGINT)
    elif "ipykernel" in sys.modules:
        _log.warning("No cell is running: end the run with fluvial.end_run().")
    else:
        # A shell has programs in the background ignore Ctrl-C; the wish is meant all the same.
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(main.ident), ctypes.py_object(KeyboardInterrupt)
        )
