from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from fluvial.errors import RestoreFailed
from fluvial.models.environment import Lock
from fluvial.models.restore import clean_environment, command, restore

NOTHING = Lock(python="", lines=(), is_exact=True, source="requirements.lock")


def test_an_environment_is_made_once_and_has_only_what_the_lock_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(pytest.__file__).parents[1]))

    first = restore(NOTHING, tmp_path)
    again = restore(NOTHING, tmp_path)

    assert (first.was_cached, again.was_cached) == (False, True)
    assert (first.python, first.loader) == (again.python, again.loader)
    program = "import fluvial.errors, msgspec, sys; print(sys.prefix); import pytest"
    run = [
        *command(again, "fluvial.errors")[:3],
        f"import sys; sys.path.append({str(again.loader)!r}); {program}",
    ]
    finished = subprocess.run(run, env=clean_environment(), capture_output=True, text=True, check=False)
    assert finished.stdout.strip() == str(again.folder)
    assert "No module named 'pytest'" in finished.stderr


def test_what_a_stopped_process_left_is_made_anew(tmp_path: Path) -> None:
    made = restore(NOTHING, tmp_path)
    (made.folder / "ready").unlink()
    made.python.unlink()

    assert not restore(NOTHING, tmp_path).was_cached
    assert made.python.exists()


def test_a_package_that_cannot_be_had_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    lock = Lock(
        python="", lines=("no-such-package-anywhere==1.0",), is_exact=True, source="requirements.lock"
    )

    with pytest.raises(RestoreFailed, match="no-such-package-anywhere"):
        restore(lock, tmp_path)
