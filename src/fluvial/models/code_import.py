"""Code that a model brings along: imported from its folder, which stays as it is.

No bytecode is read there or written: what the manifest does not vouch for is not run, and a folder that was
checked once can be checked again.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
import types
from pathlib import Path
from typing import Any


class _SourceOnly(importlib.machinery.SourceFileLoader):
    """Compiles the source each time."""

    def get_code(self, fullname: str) -> types.CodeType | None:
        """The compiled source."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


_LOADERS: tuple[tuple[Any, list[str]], ...] = (
    (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
    (_SourceOnly, importlib.machinery.SOURCE_SUFFIXES),
)


class _OfModels:
    """Finds modules in the folders of models, before others of that name are looked for."""

    def __init__(self) -> None:
        self.folders: list[str] = []

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Where a module is, if a model brought it."""
        del target
        within = [str(entry) for entry in path] if path is not None else self.folders
        for folder in within:
            if any(folder == own or folder.startswith(f"{own}/") for own in self.folders):
                found = importlib.machinery.FileFinder(folder, *_LOADERS).find_spec(name)
                if found is not None and found.loader is not None:
                    return found
        return None


_finder = _OfModels()


def add_code(folder: Path) -> None:
    """Let the modules in a folder be imported, the latest folder first.

    Modules of the same names that an earlier model brought are forgotten: the next import is of this folder.
    """
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    root = str(folder.resolve())
    if root in _finder.folders:
        _finder.folders.remove(root)
    _finder.folders.insert(0, root)
    names = {path.stem for path in folder.iterdir() if path.is_dir() or path.suffix == ".py"}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        is_earlier = any(file.startswith(f"{other}/") for other in _finder.folders[1:])
        if name.partition(".")[0] in names and is_earlier:
            del sys.modules[name]
    importlib.invalidate_caches()


def run_script(file: Path) -> types.ModuleType:
    """Run a script of a model, as a module that nothing else finds."""
    name = f"fluvial_model_{abs(hash(str(file)))}"
    module = types.ModuleType(name)
    module.__file__ = str(file)
    sys.modules[name] = module  # what it defines can be pickled, and has type hints that can be resolved
    source = file.read_text(encoding="utf-8")
    exec(compile(source, str(file), "exec"), module.__dict__)  # noqa: S102  the model is this script
    return module
