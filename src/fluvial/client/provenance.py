"""Where a run comes from: user, source file, code version. Read from files, without a subprocess."""

from __future__ import annotations

import functools
import getpass
import os
import sys
from pathlib import Path

from fluvial.entities.run import USER_TAG

SOURCE_NAME_TAG = "mlflow.source.name"
SOURCE_TYPE_TAG = "mlflow.source.type"
COMMIT_TAG = "mlflow.source.git.commit"


@functools.cache
def user_name() -> str:
    """Who runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in some containers
        return str(os.getuid())


def source_tags() -> dict[str, str]:
    """Tags that say where a new run comes from."""
    name, kind = _source()
    tags = {USER_TAG: user_name(), SOURCE_NAME_TAG: name, SOURCE_TYPE_TAG: kind}
    commit = find_commit(Path(name).parent if kind == "LOCAL" else Path())
    if commit is not None:
        tags[COMMIT_TAG] = commit
    return tags


@functools.cache
def find_commit(folder: Path) -> str | None:
    """The commit that the repository around a folder is at."""
    try:
        here = folder.resolve()
        for parent in (here, *here.parents):
            marker = parent / ".git"
            if marker.is_dir():
                return _head_of(marker)
            if marker.is_file():  # a worktree or a submodule
                git_folder = parent / marker.read_text().removeprefix("gitdir:").strip()
                return _head_of(git_folder)
    except OSError:
        return None  # not readable: then unknown
    return None


def _source() -> tuple[str, str]:
    """Name and kind of what is running."""
    if "ipykernel" in sys.modules:
        return os.environ.get("JPY_SESSION_NAME", "notebook"), "NOTEBOOK"
    script = sys.argv[0] if sys.argv else ""
    return script if script not in ("", "-c", "-m") else "<console>", "LOCAL"


def _head_of(git_folder: Path) -> str | None:
    head = (git_folder / "HEAD").read_text().strip()
    if not head.startswith("ref:"):
        return head
    reference = head.removeprefix("ref:").strip()
    common = git_folder / "commondir"
    roots = [git_folder]
    if common.is_file():  # a worktree keeps its branches with the repository
        roots.append(git_folder / common.read_text().strip())
    for root in roots:
        if (root / reference).is_file():
            return (root / reference).read_text().strip()
        packed = root / "packed-refs"
        if packed.is_file():
            for line in packed.read_text().splitlines():
                commit, _, name = line.partition(" ")
                if name == reference:
                    return commit
    return None
