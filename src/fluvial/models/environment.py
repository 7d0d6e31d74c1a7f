"""The files that say which environment a model needs: for people, for MLflow's tools, and exactly.

requirements.txt, conda.yaml and python_env.yaml are what MLflow's tools read; they name what the model
imports itself, and MLflow, which those tools run it by. requirements.lock names every package that was there
when it was saved, in its version; it is what `fluvial models verify` rebuilds.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from fluvial.errors import InvalidRequest, MissingExtra
from fluvial.models.requirements import (
    LOADERS,
    Package,
    Requirements,
    are_installed,
    name_of,
    of_lines,
    read_lines,
)

try:
    import yaml
except ImportError as error:
    raise MissingExtra("Saving a model", "models") from error

REQUIREMENTS = "requirements.txt"
CONSTRAINTS = "constraints.txt"
CONDA = "conda.yaml"
PYTHON_ENV = "python_env.yaml"
LOCK = "requirements.lock"
# Packages that MLflow's tools install first.
_BUILD = ("pip", "setuptools", "wheel")


class Lock(Struct, frozen=True, kw_only=True):
    """What an environment consists of, to be rebuilt.

    Attributes:
        python: Version of Python, such as `3.11.7`; empty where nothing says it.
        lines: Requirements: one per package where the lock is exact, else what somebody said is needed.
        constraints: Versions of packages if they are needed.
        is_exact: Whether every package is named with its version.
        source: The file that says so.
    """

    python: str
    lines: tuple[str, ...]
    constraints: tuple[str, ...] = ()
    is_exact: bool
    source: str


def write(
    folder: Path,
    requirements: Requirements,
    *,
    mlflow_version: str,
    python_version: str | None = None,
    conda_env: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """Write the files of a model's environment.

    Args:
        folder: The model.
        requirements: What it needs.
        mlflow_version: The version of MLflow whose form the model has; its tools install that.
        python_version: The Python to run it with; by default the one that runs here.
        conda_env: The content of conda.yaml, where the user gives one.

    Returns:
        The entry `env` of the flavor `python_function` in MLmodel.
    """
    python = python_version or platform.python_version()
    lines = [
        f"mlflow=={mlflow_version}",
        *(line for line in requirements.lines if not line.startswith("mlflow")),
    ]
    if requirements.constraints:
        lines.insert(0, f"-c {CONSTRAINTS}")
        _write_lines(folder / CONSTRAINTS, requirements.constraints)
    _write_lines(folder / REQUIREMENTS, lines)
    conda = conda_env or {
        "channels": ["conda-forge"],
        "dependencies": [f"python={python}", "pip", {"pip": lines}],
        "name": "mlflow-env",
    }
    _write_yaml(folder / CONDA, conda)
    _write_yaml(
        folder / PYTHON_ENV,
        {"python": python, "build_dependencies": list(_BUILD), "dependencies": [f"-r {REQUIREMENTS}"]},
    )
    write_lock(folder, requirements.lock, python=python)
    return {"conda": CONDA, "virtualenv": PYTHON_ENV}


def write_lock(folder: Path, packages: tuple[Package, ...], *, python: str) -> None:
    """Write requirements.lock: each package with its version, and what it was made with."""
    lines = [
        f"# Made by fluvial on {platform.system()} {platform.machine()}.",
        f"# python=={python}",
        *map(_locked, packages),
    ]
    _write_lines(folder / LOCK, lines)


def _locked(package: Package) -> str:
    return f"{package}  # here {package.version}+{package.local}" if package.local else str(package)


def change(folder: Path, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> tuple[str, ...]:
    """Change what a model says that it needs, in all files that say it. Its manifest has to be written anew.

    Args:
        folder: The model.
        add: Requirements; one of a package that is there already takes its place.
        remove: Names of packages.

    Returns:
        The lines of requirements.txt afterwards.

    Raises:
        InvalidRequest: The model has no requirements.txt, does not need a package that is to be removed, or a
        line
            is no requirement.
    """
    file = folder / REQUIREMENTS
    if not file.is_file():
        raise InvalidRequest(f"The model in {folder} has no {REQUIREMENTS}.")
    lines, constraints = read_lines(file.read_text(encoding="utf-8"), folder, folder)
    added, _ = read_lines("\n".join(add))
    by_name = {name_of(line): line for line in lines}
    for name in map(name_of, remove):
        if by_name.pop(name, None) is None:
            raise InvalidRequest(f"The model does not name {name}. It names {', '.join(by_name)}.")
    by_name |= {name_of(line): line for line in added}
    limits = [f"-c {CONSTRAINTS}"] if constraints else []
    _write_lines(file, [*limits, *by_name.values()])
    if (folder / CONDA).is_file():
        conda = _read_yaml(folder / CONDA)
        kept = [entry for entry in conda.get("dependencies", []) if not isinstance(entry, Mapping)]
        conda["dependencies"] = [*kept, {"pip": [*limits, *by_name.values()]}]
        _write_yaml(folder / CONDA, conda)
    needs = [line for name, line in by_name.items() if name not in LOADERS]
    if are_installed(needs):
        write_lock(folder, of_lines(needs, constraints).lock, python=_python_of(folder))
    else:
        (folder / LOCK).unlink(missing_ok=True)  # what is elsewhere cannot be locked here
    return tuple(by_name.values())


def read(folder: Path) -> Lock:
    """What a model's environment consists of: its lock, or else what MLflow's files name.

    Raises:
        InvalidRequest: It has none of the files, or one that cannot be read.
    """
    python = _python_of(folder)
    for name in (LOCK, REQUIREMENTS):
        file = folder / name
        if file.is_file():
            lines, constraints = read_lines(file.read_text(encoding="utf-8"), folder, folder)
            return Lock(
                python=python,
                lines=tuple(lines),
                constraints=tuple(constraints),
                is_exact=name == LOCK,
                source=name,
            )
    if (folder / CONDA).is_file():
        lines, constraints = read_lines("\n".join(_pip_lines(_read_yaml(folder / CONDA))), folder, folder)
        return Lock(
            python=python, lines=tuple(lines), constraints=tuple(constraints), is_exact=False, source=CONDA
        )
    raise InvalidRequest(
        f"The model in {folder} does not say which packages it needs: it has none of {LOCK}, {REQUIREMENTS} "
        f"and {CONDA}."
    )


def named(folder: Path) -> tuple[str, ...]:
    """The lines of a model's requirements.txt; none where it has no such file."""
    file = folder / REQUIREMENTS
    if not file.is_file():
        return ()
    return tuple(read_lines(file.read_text(encoding="utf-8"), folder, folder)[0])


def _python_of(folder: Path) -> str:
    if (folder / PYTHON_ENV).is_file():
        return str(_read_yaml(folder / PYTHON_ENV).get("python", ""))
    if (folder / CONDA).is_file():
        for dependency in _read_yaml(folder / CONDA).get("dependencies", []):
            name, _, version = str(dependency).replace("==", "=").partition("=")
            if name.strip() == "python":
                return version.strip()
    return ""


def _pip_lines(conda: Mapping[str, Any]) -> list[str]:
    """The packages that conda.yaml lets pip install; those of conda's own channels have other names."""
    for dependency in conda.get("dependencies", []):
        if isinstance(dependency, Mapping):
            return [str(line) for line in dependency.get("pip", [])]
    return []


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{file} is no YAML: {error}.") from error
    if not isinstance(content, dict):
        raise InvalidRequest(f"{file} does not describe an environment.")
    return content


def _write_yaml(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(yaml.safe_dump(dict(content), sort_keys=False), encoding="utf-8")


def _write_lines(file: Path, lines: tuple[str, ...] | list[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
