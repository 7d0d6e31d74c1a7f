"""Rebuild the environment of a model, apart from everything else on the machine, once per lock.

An environment is a folder named after the hash of what is in it: a second model with the same lock, or a
second start, finds it there. What loads the model (fluvial and the few packages that it stands on) lies in a
folder of its own, which comes last in the search path: it never hides a package that the model brings.
"""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

import fluvial
from fluvial.errors import MissingExtra, RestoreFailed
from fluvial.models.environment import Lock
from fluvial.models.requirements import of_modules

_FORM = "1"  # counts up when environments are made in another way
_READY = "ready"
LOADER_MODULES = ("click", "msgspec", "packaging", "psutil", "rich", "urllib3", "yaml")
_SHOWN_CHARS = 3_000
# What would let packages of the caller's environment into the one that is made.
_LEFT_OUT = frozenset({"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX"})


class Restored(Struct, frozen=True, kw_only=True):
    """An environment that is ready to run a model.

    Attributes:
        key: Hash of what is in it, 16 hex digits.
        folder: Where it is.
        python: Its interpreter.
        loader: Folder of what loads the model, for the end of the search path.
        was_cached: Whether it was there already.
        took_s: How long it took to have it, in seconds.
    """

    key: str
    folder: Path
    python: Path
    loader: Path
    was_cached: bool
    took_s: float


def restore(
    lock: Lock, cache: Path, *, modules: Sequence[str] = (), shows_progress: bool = False
) -> Restored:
    """Have the environment that a lock describes.

    Args:
        lock: What it consists of.
        cache: Folder of all environments.
        modules: What loading needs of this environment, where the lock does not have it.
        shows_progress: Whether uv draws its progress on the standard error stream.

    Raises:
        RestoreFailed: A package or a Python of that version cannot be had.
        MissingExtra: uv is not installed.
    """
    begun = time.perf_counter()
    key = _key_of(lock)
    folder = cache / "environments" / key
    with _alone(cache / "environments" / f"{key}.lock"):
        was_cached = (folder / _READY).exists()
        if not was_cached:
            _build(lock, folder, shows_progress)
    loader = _loader(lock, cache, modules, shows_progress)
    return Restored(
        key=key,
        folder=folder,
        python=_python_in(folder),
        loader=loader,
        was_cached=was_cached,
        took_s=time.perf_counter() - begun,
    )


def command(restored: Restored, module: str, *arguments: str) -> list[str]:
    """The command that runs the function `main` of a module of fluvial in an environment.

    Nothing of the caller's environment gets in: neither its variables for Python nor the user's packages.
    """
    imports = f"import sys; sys.path.append({str(restored.loader)!r}); from {module} import main"
    program = f"{imports}; main(sys.argv[1:])"
    return [str(restored.python), "-I", "-c", program, *arguments]


def clean_environment() -> dict[str, str]:
    """The variables of this process, without those that would let packages in."""
    return {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}


def _build(lock: Lock, folder: Path, shows_progress: bool) -> None:
    if folder.exists():
        shutil.rmtree(folder)  # somebody was stopped half-way
    interpreter = _interpreter(lock.python)
    _run(["venv", "--quiet", "--no-project", "--python", interpreter, str(folder)], shows_progress)
    wanted = folder / "wanted.txt"
    limits = folder / "limits.txt"
    wanted.write_text("".join(f"{line}\n" for line in lock.lines))
    limits.write_text("".join(f"{line}\n" for line in lock.constraints))
    install = ["pip", "install", "--python", str(_python_in(folder)), "-r", str(wanted), "-c", str(limits)]
    if lock.is_exact:
        install.append("--no-deps")  # the lock names all of them: there is nothing to resolve
    if lock.lines:
        _run([*install, "--compile-bytecode"], shows_progress)
    (folder / _READY).touch()


def _loader(lock: Lock, cache: Path, modules: Sequence[str], shows_progress: bool) -> Path:
    """The folder of what loads models in environments of one version of Python."""
    packages = [str(package) for package in of_modules([*LOADER_MODULES, *modules]).lock]
    source = Path(fluvial.__file__).parent
    version = _minor(lock.python)
    key = _hash([_FORM, version, platform.machine(), str(source), *packages])
    folder = cache / "loaders" / key
    with _alone(cache / "loaders" / f"{key}.lock"):
        if not (folder / _READY).exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            target = ["--target", str(folder), "--python", _interpreter(lock.python), "--no-deps"]
            _run(["pip", "install", *target, *packages], shows_progress)
            (folder / "fluvial").symlink_to(source, target_is_directory=True)
            (folder / _READY).touch()
    return folder


def find_uv() -> str:
    """The command uv: on the path, or of the package `uv`.

    Raises:
        MissingExtra: It is nowhere.
    """
    found = shutil.which("uv")
    if found:
        return found
    try:
        import uv  # noqa: PLC0415 - only where it is not on the path
    except ImportError as error:
        raise MissingExtra("Rebuilding the environment of a model", "models") from error
    return str(uv.find_uv_bin())


def _run(arguments: Sequence[str], shows_progress: bool) -> None:
    finished = subprocess.run(  # noqa: S603 - a list of arguments, no shell
        [find_uv(), *arguments],
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=None if shows_progress else subprocess.PIPE,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        said = f"\n{finished.stderr.strip()[-_SHOWN_CHARS:]}" if finished.stderr else ""
        raise RestoreFailed(f"The environment cannot be rebuilt: uv {arguments[0]} failed.{said}")


def _interpreter(python: str) -> str:
    """The Python to make an environment with: the one that runs here where its minor version is the same."""
    if _minor(python) == _minor(platform.python_version()):
        return str(Path(getattr(sys, "_base_executable", "") or sys.executable).resolve())
    return _minor(python)


def _minor(python: str) -> str:
    return ".".join(python.split(".")[:2]) if python else _minor(platform.python_version())


def _python_in(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _key_of(lock: Lock) -> str:
    exact = "exact" if lock.is_exact else "resolved"
    machine = f"{sys.platform} {platform.machine()}"
    packages = [*sorted(lock.lines), "-c", *sorted(lock.constraints)]
    return _hash([_FORM, machine, _minor(lock.python), exact, *packages])


def _hash(parts: Sequence[str]) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Keep other processes from making the same folder at the same time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
