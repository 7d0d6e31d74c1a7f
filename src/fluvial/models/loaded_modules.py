"""Which modules this process has imported, and how to keep some from being found."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from msgspec import Struct

from fluvial.models import code_files, requirements

_NOT_OF_MODELS = frozenset({"__main__", "fluvial", "sitecustomize", "usercustomize"})


class Loaded(Struct, frozen=True):
    """The modules of a process, the standard library's left out.

    Attributes:
        packages: The installed package of each module, by the module's name: `sklearn`, `google.protobuf`;
            empty where none has it.
        own: The files of modules that no package has, by the modules' names.
    """

    packages: dict[str, str]
    own: dict[str, str]


def loaded(model: Path) -> Loaded:
    """What is imported here now, beside what a model brings in its folder."""
    packages: dict[str, str] = {}
    own: dict[str, str] = {}
    for name, module in sorted(sys.modules.items()):
        file = _file_of(module)
        root = name.partition(".")[0]
        if file is None or root.startswith("_") or root in sys.stdlib_module_names | _NOT_OF_MODELS:
            continue
        if file.is_relative_to(model.resolve()):
            continue
        if file.suffix == ".py" and not code_files.is_installed(file):
            own[name] = str(file)
        else:
            packages[_first_with_file(name)] = ""
    found = {module: requirements.package_of(module) or "" for module in packages}
    return Loaded(found, own)


def hide(modules: Sequence[str]) -> None:
    """Let modules, and what is below them, not be found by this process from now on."""
    finders: list[Any] = [_Hiding(finder, tuple(modules)) for finder in sys.meta_path]
    sys.meta_path[:] = finders


class _Hiding:
    """A finder that finds all but some modules."""

    def __init__(self, finder: Any, hidden: tuple[str, ...]) -> None:
        self._finder = finder
        self._hidden = hidden

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Where a module is; None for those that are hidden."""
        if any(name == hidden or name.startswith(f"{hidden}.") for hidden in self._hidden):
            return None
        return self._finder.find_spec(name, path, target)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._finder, name)


def _file_of(module: ModuleType | None) -> Path | None:
    """The file of a module; of none for those of the interpreter, and for namespaces."""
    file = getattr(module, "__file__", None)
    return Path(file).resolve() if isinstance(file, str) else None


def _first_with_file(name: str) -> str:
    """The outermost package that a module is in and that is no mere namespace."""
    parts = name.split(".")
    for n_parts in range(1, len(parts)):
        above = ".".join(parts[:n_parts])
        if _file_of(sys.modules.get(above)) is not None:
            return above
    return name
