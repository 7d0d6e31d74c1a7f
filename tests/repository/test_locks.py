from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
TO_RUN = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["server"],
    *PROJECT["project"]["optional-dependencies"]["pandas"],
    *PROJECT["dependency-groups"]["quickstart"],
]
IN_IMAGE = [
    *PROJECT["project"]["dependencies"],
    *(
        each
        for extra in ("server", "postgres", "objectstore")
        for each in PROJECT["project"]["optional-dependencies"][extra]
    ),
]
TO_WORK = [
    *TO_RUN,
    *PROJECT["project"]["optional-dependencies"]["parquet"],
    *PROJECT["dependency-groups"]["dev"],
]


def locked(name: str) -> dict[str, list[str]]:
    """The versions of each package in a lock; more than one where they differ between Pythons."""
    versions: dict[str, list[str]] = {}
    for package, version in re.findall(
        r"^([\w.\-]+)(?:\[[^]]*])?==(\S+)", (ROOT / name).read_text(), re.MULTILINE
    ):
        versions.setdefault(canonicalize_name(package), []).append(version)
    return versions


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("requirements/run.txt", TO_RUN),
        ("requirements/image.txt", IN_IMAGE),
        (
            "requirements/dev.txt",
            [
                *TO_RUN,
                *PROJECT["dependency-groups"]["dev"],
                *PROJECT["project"]["optional-dependencies"]["parquet"],
            ],
        ),
    ],
)
def test_a_lock_has_every_requirement_in_a_version_that_satisfies_it(
    lock: str, requirements: list[str]
) -> None:
    versions = locked(lock)

    for requirement in map(Requirement, requirements):
        found = versions.get(canonicalize_name(requirement.name), [])
        assert found, f"{requirement} is not in {lock}: run make lock"
        assert all(map(requirement.specifier.contains, found)), (
            f"{requirement}, but {lock} has {found}: run make lock"
        )


@pytest.mark.parametrize("lock", ["requirements/run.txt", "requirements/image.txt"])
def test_what_runs_fluvial_is_what_it_was_tested_with(lock: str) -> None:
    tested = locked("requirements/dev.txt")

    assert locked(lock).items() <= tested.items()


def test_the_web_apps_lock_names_the_packages_of_every_platform() -> None:
    """What npm cannot look up it leaves out without a word; npm ci then refuses the lock everywhere."""
    packages = json.loads((ROOT / "web/package-lock.json").read_text())["packages"]
    named = {name for entry in packages.values() for name in entry.get("optionalDependencies", {})}

    assert [name for name in named if f"node_modules/{name}" not in packages] == []
