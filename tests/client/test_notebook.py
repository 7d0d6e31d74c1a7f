"""Runs in a real notebook kernel."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from ipykernel.kernelspec import write_kernel_spec
from nbclient import NotebookClient

BEGIN = """
import fluvial
run = fluvial.start_run()
fluvial.log_param("rate", 0.1)
fluvial.log_metric("loss", 1.0, step=0)
run
"""
TRAIN = """
import threading
n_before = threading.active_count()
for step in range(1, 50):
    fluvial.log_metric("loss", 1 / step, step=step)
"""
END = """
fluvial.end_run()
displays = [thread for thread in threading.enumerate() if thread.name == "fluvial-display"]
for thread in displays:
    thread.join(30)
print(len(displays), [thread.is_alive() for thread in displays])
"""
READ = "fluvial.get_run(run.info.run_id)"


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> str:
    """The name of a kernel of this Python, whose home folder is this test's."""
    kernels = tmp_path / "jupyter/kernels"
    write_kernel_spec(str(kernels / "this"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    return "this"


def run_notebook(kernel: str, *cells: str) -> list[list[Any]]:
    """The outputs of each cell."""
    notebook = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]  # type: ignore[no-untyped-call]
    NotebookClient(notebook, kernel_name=kernel, timeout=60).execute()
    return [cell.outputs for cell in notebook.cells]


def test_a_run_that_is_shown_follows_what_is_logged_and_stops_with_the_run(kernel: str) -> None:
    shown, _, ended, read = run_notebook(kernel, BEGIN, TRAIN, END, READ)

    (output,) = shown
    assert "FINISHED" in output.data["text/html"]
    assert "last 0.0204082" in output.data["text/html"]
    assert "rate" in output.data["text/html"]
    assert ended[0].text.strip() == "1 [False]"
    assert "<polyline" in read[0].data["text/html"]


def test_a_run_that_is_shown_again_is_followed_once(kernel: str) -> None:
    first, second, _, _ = run_notebook(kernel, BEGIN, "run", TRAIN, END)

    assert "RUNNING" in first[0].data["text/html"]
    assert "FINISHED" in second[0].data["text/html"]
