"""Find the code of one's own that a model needs, by following imports, and copy it into the model's folder.

Code is one's own where no installed package has it: it lies neither in the standard library nor in a folder
of installed packages. Imports are read from the source, also those within functions; nothing is imported to
find out.
"""

from __future__ import annotations

import ast
import importlib.machinery
import shutil
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct

from fluvial.errors import InvalidRequest

FOLDER = "code"
_NOT_NEEDED = shutil.ignore_patterns("__pycache__", "*.pyc", ".git", ".venv", "node_modules")


class Traced(Struct, frozen=True, kw_only=True):
    """What a module needs, all the way down.

    Attributes:
        own: The files of one's own modules, by the modules' names; packages by their `__init__.py`.
        installed: The modules of others that these import, the standard library's left out.
    """

    own: dict[str, Path]
    installed: tuple[str, ...]


def trace(modules: Iterable[str], files: Iterable[Path] = ()) -> Traced:
    """Follow the imports of modules and of source files.

    Args:
        modules: Names of modules that can be imported here.
        files: Sources that are no modules, such as models kept as code.
    """
    own: dict[str, Path] = {}
    installed: dict[str, None] = {}
    pending = list(modules)
    for file in files:
        pending += _imports_of(file, "")
    while pending:
        name = pending.pop()
        root = name.partition(".")[0]
        if root in sys.stdlib_module_names or root in {"__main__", "fluvial"} or name in own:
            continue
        found = list(_own_files(name))
        if not found:
            if root not in own and _is_found(root):
                installed[name] = None
            continue
        for module, file in found:
            if module not in own:
                own[module] = file
                pending += _imports_of(file, module)
    return Traced(own=own, installed=tuple(sorted(installed)))


def copy(folder: Path, modules: Iterable[str], code_paths: Sequence[str | Path] = ()) -> tuple[str, ...]:
    """Copy the code of one's own that a model needs into its folder `code/`.

    Args:
        folder: The model.
        modules: Those that it needs; what they import of one's own is copied as well.
        code_paths: Files and folders to copy as they are.

    Returns:
        The names of the files and folders that are in `code/` now; nothing where none are needed.

    Raises:
        InvalidRequest: One of `code_paths` does not exist.
    """
    target = folder / FOLDER
    for given in map(Path, code_paths):
        if not given.exists():
            raise InvalidRequest(f"There is no code at {given}.")
        if given.is_dir():
            shutil.copytree(given, target / given.resolve().name, ignore=_NOT_NEEDED, dirs_exist_ok=True)
        else:
            target.mkdir(exist_ok=True)
            shutil.copy2(given, target / given.name)
    copy_modules(folder, trace(modules).own)
    return tuple(sorted(entry.name for entry in target.iterdir())) if target.exists() else ()


def copy_modules(folder: Path, own: Mapping[str, Path]) -> None:
    """Copy modules of one's own into the folder `code/` of a model; what is there already stays as it is.

    Args:
        folder: The model.
        own: Their files, by the modules' names; packages by their `__init__.py`.
    """
    for module, file in own.items():
        place = folder.joinpath(FOLDER, *module.split("."))
        place = place / "__init__.py" if file.name == "__init__.py" else place.with_suffix(".py")
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, place)


def _own_files(name: str) -> Iterator[tuple[str, Path]]:
    """The files of a module of one's own and of the packages that it is in; nothing if it is another's."""
    place: list[str] | None = None
    parts = name.split(".")
    for n_parts in range(1, len(parts) + 1):
        module = ".".join(parts[:n_parts])
        spec = importlib.machinery.PathFinder.find_spec(module, place)
        if spec is None:
            return  # an attribute of the module before it
        if spec.origin is not None and spec.origin.endswith(".py"):
            file = Path(spec.origin).resolve()
            if is_installed(file):
                return
            yield module, file
        if spec.submodule_search_locations is None:
            return
        place = [location for location in spec.submodule_search_locations if location]


def _is_found(root: str) -> bool:
    try:
        return importlib.machinery.PathFinder.find_spec(root) is not None
    except (ImportError, ValueError):
        return False


def _imports_of(file: Path, module: str) -> Iterator[str]:
    """The modules that a source imports, also relatively; `from a import b` may mean the module `a.b`."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError) as error:
        raise InvalidRequest(f"The imports of {file} cannot be read: {error}.") from error
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            if base:
                yield base
                yield from (f"{base}.{alias.name}" for alias in node.names if alias.name != "*")


def is_installed(file: Path) -> bool:
    """Whether a file, its path resolved, lies in the standard library or among installed packages."""
    return any(file.is_relative_to(folder) for folder in _installed_folders())


@cache
def _installed_folders() -> tuple[Path, ...]:
    paths = sysconfig.get_paths()
    folders = {paths[key] for key in ("purelib", "platlib", "stdlib", "platstdlib") if key in paths}
    folders |= {*site.getsitepackages(), site.getusersitepackages()}
    return tuple(Path(folder).resolve() for folder in folders)
