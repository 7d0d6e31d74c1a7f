"""What was changed in the code and not committed, as git says it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from msgspec import Struct

from fluvial.client.capture.masking import mask_text
from fluvial.settings import HOME_NAME

TIMEOUT_S = 10.0
MAX_UNTRACKED = 200

# No lock is taken, and nothing is run that the repository's own configuration names.
_COMMAND = ("git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


class Uncommitted(Struct, frozen=True):
    """What a work tree has that its commit lacks.

    Attributes:
        patch: The changes, secrets masked; empty where there are none.
        untracked: Files that git does not track and was not told to ignore, their paths from the root.
    """

    patch: str
    untracked: list[str]


def read_uncommitted(root: Path, limit_bytes: int) -> Uncommitted | None:
    """What a work tree has that its commit lacks; none where git cannot say.

    Args:
        root: Of the work tree.
        limit_bytes: Of the patch; a longer one is cut there, and says so.
    """
    diff = _git(root, limit_bytes, "diff", "HEAD", "--no-color", "--no-ext-diff", "--no-textconv")
    others = _git(root, limit_bytes, "ls-files", "--others", "--exclude-standard", "-z")
    if diff is None or others is None:
        return None
    patch = mask_text(diff[:limit_bytes].decode(errors="replace"))
    if len(diff) > limit_bytes:
        patch += f"\n# Cut here: only the first {limit_bytes} bytes of the changes are kept.\n"
    names = [name.decode(errors="replace") for name in others[:limit_bytes].split(b"\0")]
    names = [name for name in names if name and HOME_NAME not in name.split("/")]  # our own journals
    return Uncommitted(patch, names[:MAX_UNTRACKED])


def _git(root: Path, limit_bytes: int, *arguments: str) -> bytes | None:
    """What a command of git prints, one byte more than the limit at most; none if it fails."""
    with tempfile.TemporaryFile() as printed:
        try:
            done = subprocess.run(  # noqa: S603 - git, with arguments of our own
                [*_COMMAND, "-C", str(root), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.DEVNULL,
                # Within a hook of git, its variables would name another repository.
                env={name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
                timeout=TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None  # git is not installed, or it takes too long
        printed.seek(0)
        return printed.read(limit_bytes + 1) if done.returncode == 0 else None
