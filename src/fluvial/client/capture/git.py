"""The version of the code: commit, branch and remote, read from git's files without a process."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from msgspec import Struct

from fluvial.client.capture.masking import mask_text

COMMIT_TAG = "mlflow.source.git.commit"
BRANCH_TAG = "mlflow.source.git.branch"
REMOTE_TAG = "mlflow.source.git.repoURL"


class Repository(Struct, frozen=True):
    """A git repository on the disk.

    Attributes:
        root: The folder that is tracked.
        git_folder: What git keeps about this work tree.
        common_folder: What it keeps about all work trees of the repository.
    """

    root: Path
    git_folder: Path
    common_folder: Path

    @classmethod
    def around(cls, folder: Path) -> Self | None:
        """The repository that a folder is in, if it is in one that can be read."""
        try:
            here = folder.resolve()
            for root in (here, *here.parents):
                marker = root / ".git"
                if marker.is_dir():
                    return cls(root, marker, marker)
                if marker.is_file():  # a worktree or a submodule
                    git_folder = root / marker.read_text().removeprefix("gitdir:").strip()
                    common = git_folder / "commondir"
                    shared = git_folder / common.read_text().strip() if common.is_file() else git_folder
                    return cls(root, git_folder, shared)
        except OSError:
            return None  # not readable: then unknown
        return None

    def tags(self) -> dict[str, str]:
        """Commit, branch and remote, as far as they are known."""
        try:
            head = (self.git_folder / "HEAD").read_text().strip()
            reference = head.removeprefix("ref:").strip()
            is_detached = reference == head
            known = {
                COMMIT_TAG: head if is_detached else self._commit_of(reference),
                BRANCH_TAG: None if is_detached else reference.removeprefix("refs/heads/"),
                REMOTE_TAG: self._remote(),
            }
        except OSError:
            return {}
        return {key: value for key, value in known.items() if value}

    def _commit_of(self, reference: str) -> str | None:
        for folder in (self.git_folder, self.common_folder):
            if (folder / reference).is_file():
                return (folder / reference).read_text().strip()
        packed = self.common_folder / "packed-refs"
        if packed.is_file():
            for line in packed.read_text().splitlines():
                commit, _, name = line.partition(" ")
                if name == reference:
                    return commit
        return None

    def _remote(self) -> str | None:
        """The URL of `origin`, or else of the first remote, without its user's credentials."""
        found: dict[str, str] = {}
        section = ""
        config = self.common_folder / "config"
        for line in config.read_text(errors="replace").splitlines() if config.is_file() else ():
            text = line.strip()
            if text.startswith("["):
                section = text
            elif section.startswith("[remote ") and text.partition("=")[0].strip() == "url":
                found.setdefault(section.split('"')[1] if '"' in section else section, text.partition("=")[2])
        url = found.get("origin") or next(iter(found.values()), None)
        return None if url is None else mask_text(url.strip())
