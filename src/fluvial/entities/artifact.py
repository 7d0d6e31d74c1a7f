"""An artifact: a file of a run or a model, named by its path within it."""

from __future__ import annotations

from fluvial.entities.noun import Noun


class FileInfo(Noun, frozen=True, kw_only=True):
    """One entry of an artifact folder.

    Attributes:
        path: Where it is, `/`-separated.
        is_dir: Whether it is a folder.
        file_size: Bytes, of a file.
    """

    path: str
    is_dir: bool
    file_size: int | None = None
