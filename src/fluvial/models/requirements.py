"""The packages that a model needs: which are imported, in which versions they are here, and what these need.

Nothing is started and nothing imported to find out: `fluvial.models.imports` does that, where it is asked
for. The modules come from whoever saves the model, from the pickles in its folder (also what code inside of
them imports) and from its code files; installed packages say which modules they have and what they require.
`fluvial models verify` then proves the answer in an environment that has nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from fluvial.errors import InvalidRequest, MissingExtra
from fluvial.models import code_files, pickles

try:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name
except ImportError as error:
    raise MissingExtra("Saving a model", "models") from error

# Modules whose package is called otherwise, the most usual ones: they are found without reading all packages.
_CALLED_OTHERWISE = {
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "cv2": "opencv-python",
    "PIL": "pillow",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil",
    "google": "protobuf",
}
# What loads models is there already where one is loaded.
LOADERS = frozenset({"fluvial", "mlflow", "mlflow-skinny"})


class Package(Struct, frozen=True, kw_only=True):
    """One installed package.

    Attributes:
        name: As packages are compared: lower case, `-` between words.
        version: Without the local part, which no index has: `2.4.0` for `2.4.0+cpu`.
        local: That part.
        url: Where it was installed from, if not from an index: a repository at a commit, or a folder of this
        machine.
    """

    name: str
    version: str
    local: str = ""
    url: str = ""

    def __str__(self) -> str:
        if self.url:
            return f"{self.name} @ {self.url}"
        return f"{self.name}=={self.version}"


class Requirements(Struct, frozen=True, kw_only=True):
    """What a model needs.

    Attributes:
        lines: Of requirements.txt: what it imports itself, pinned, or what the user said.
        lock: All packages that these need here, in the order of their names.
        constraints: Of constraints.txt: versions of packages if they are needed at all.
        missing: Modules that are imported, and that no installed package has.
    """

    lines: tuple[str, ...] = ()
    lock: tuple[Package, ...] = ()
    constraints: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def of_model(
    folder: Path,
    modules: Iterable[str],
    *,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    imported: Sequence[str] | None = None,
) -> Requirements:
    """What a model needs that has just been written.

    Args:
        folder: The model, its files written.
        modules: Modules that are known to be needed; those of its pickles among them.
        pip_requirements: What the user says instead of what is found: lines, or the path of a requirements
        file.
        extra_pip_requirements: What is needed beside what is found.
        imported: Names of the packages that importing has shown to be needed, instead of what reading finds.

    Raises:
        InvalidRequest: A requirement cannot be read.
    """
    extra, extra_constraints = _given(extra_pip_requirements)
    if pip_requirements is not None:
        lines, constraints = _given(pip_requirements)
        return of_lines([*lines, *extra], [*constraints, *extra_constraints], ())
    if imported is not None:
        return _pinned(imported, extra, extra_constraints, ())
    sources = [file for file in folder.rglob("*.py") if file.is_file()]
    return of_modules(modules, sources, extra=extra, constraints=extra_constraints)


def of_modules(
    modules: Iterable[str],
    sources: Iterable[Path] = (),
    *,
    extra: Sequence[str] = (),
    constraints: Sequence[str] = (),
) -> Requirements:
    """What modules and source files need, directly or through code of one's own.

    Args:
        modules: Names of modules.
        sources: Python files that are needed.
        extra: Lines that are needed beside.
        constraints: Lines of constraints.txt.
    """
    sources = list(sources)
    own = {file.stem for file in sources} | {
        file.parent.name for file in sources if file.name == "__init__.py"
    }
    found = set()
    missing = []
    for module in code_files.trace(modules, sources).installed:
        name = package_of(module)
        if name is None:
            if module.partition(".")[0] not in own:
                missing.append(module)
        elif name not in LOADERS:
            found.add(name)
    return _pinned(sorted(found), extra, constraints, missing)


def modules_of_pickles(folder: Path) -> tuple[str, ...]:
    """The modules that the pickles in a folder name, and that code inside of them imports."""
    return tuple(module for scan in pickles.scan(folder) for module in scan.modules)


def pinned(name: str) -> str:
    """The requirement of an installed package in the version that is here."""
    return str(_installed(name).package)


def are_installed(lines: Iterable[str]) -> bool:
    """Whether all these requirements are met by what is installed here."""
    for line in lines:
        requirement = Requirement(line)
        try:
            version = _installed(canonicalize_name(requirement.name)).package.version
        except metadata.PackageNotFoundError:
            return False
        if not requirement.specifier.contains(version, prereleases=True):
            return False
    return True


def package_of(module: str) -> str | None:
    """The installed package that has a module, as packages are compared; None if none has."""
    root = module.partition(".")[0]
    for guess in (root, _CALLED_OTHERWISE.get(root, "")):
        if guess and _has(guess, root) and root != "google":
            return canonicalize_name(guess)
    candidates = _packages_by_module().get(root, ())
    if len(candidates) > 1:  # a name that several packages share, such as `google`
        path = module.replace(".", "/")
        inside = [
            name
            for name in candidates
            if f"\n{path}" in f"\n{metadata.distribution(name).read_text('RECORD') or ''}"
        ]
        candidates = tuple(inside) or candidates
    return canonicalize_name(candidates[0]) if candidates else None


def read_lines(text: str, place: Path | None = None, root: Path | None = None) -> tuple[list[str], list[str]]:
    """The requirements and the constraints of a requirements file, `-r` and `-c` followed.

    Args:
        text: Its content.
        place: The folder that other files are named from; None if it may name none.
        root: The folder that these lie in; None for anywhere.

    Raises:
        InvalidRequest: A line is no requirement, or has an option that stands for something else.
    """
    lines: list[str] = []
    constraints: list[str] = []
    for raw in text.replace("\\\n", " ").splitlines():
        line = re.sub(r"(^|\s)#.*$", "", raw).strip()
        line = re.sub(r"\s+--hash=\S+", "", line)
        option = re.match(r"(-r|--requirement|-c|--constraint)[\s=]+(\S+)$", line)
        if not line:
            continue
        if option:
            if place is None:
                raise InvalidRequest(f"{line!r} names a file, which cannot be read here.")
            file = place / option[2]
            if root is not None and not file.resolve().is_relative_to(root.resolve()):
                raise InvalidRequest(f"{line!r} names a file outside of {root}.")
            inner, further = read_lines(_text_of(file), file.parent, root)
            (lines if option[1] in {"-r", "--requirement"} else constraints).extend(inner)
            constraints += further
        else:
            name_of(line)
            lines.append(line)
    return lines, constraints


def of_lines(
    lines: Sequence[str], constraints: Sequence[str] = (), missing: Sequence[str] = ()
) -> Requirements:
    """What requirements need here; packages that are not installed are left to whoever installs them.

    Args:
        lines: Requirements.
        constraints: Lines of constraints.txt.
        missing: Modules that no package has.
    """
    return Requirements(
        lines=tuple(dict.fromkeys(lines)),
        lock=tuple(_closure(lines)),
        constraints=tuple(dict.fromkeys(constraints)),
        missing=tuple(missing),
    )


def _pinned(
    names: Iterable[str], extra: Sequence[str], constraints: Sequence[str], missing: Sequence[str]
) -> Requirements:
    """Packages in the versions that are here, and lines beside these, which come first where both say one."""
    said = {name_of(line) for line in extra}
    lines = [pinned(name) for name in names if name not in said]
    return of_lines([*lines, *extra], constraints, missing)


def _given(said: Sequence[str] | str | None) -> tuple[list[str], list[str]]:
    if said is None:
        return [], []
    if isinstance(said, str):
        return read_lines(_text_of(Path(said)), Path(said).parent)
    return read_lines("\n".join(said), Path())


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidRequest(f"The requirements in {file} cannot be read: {error.strerror}.") from error


def name_of(line: str) -> str:
    """The package that a requirement names, as packages are compared.

    Raises:
        InvalidRequest: It is no requirement.
    """
    try:
        return canonicalize_name(Requirement(line).name)
    except InvalidRequirement as error:
        raise InvalidRequest(f"{line!r} is no requirement: {error}.".replace("\n", " ")) from error


class _Installed(NamedTuple):
    package: Package
    requires: tuple[str, ...]


@cache
def _installed(name: str) -> _Installed:
    """An installed package. Its metadata is read by lines; the standard library parses it as an e-mail.

    Raises:
        PackageNotFoundError: It is not installed.
    """
    distribution = metadata.distribution(name)
    head = (distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or "").partition("\n\n")[
        0
    ]
    fields = [line.partition(": ")[::2] for line in head.splitlines()]
    called = next((value for key, value in fields if key == "Name"), name)
    version, _, local = next((value for key, value in fields if key == "Version"), "0").partition("+")
    package = Package(name=canonicalize_name(called), version=version, local=local, url=_url_of(distribution))
    return _Installed(package, tuple(value for key, value in fields if key == "Requires-Dist"))


def _url_of(distribution: metadata.Distribution) -> str:
    """Where a package came from, as PEP 610 has it; empty for one from an index."""
    text = distribution.read_text("direct_url.json")
    if not text:
        return ""
    origin = json.loads(text)
    source = origin.get("vcs_info")
    if source:
        return f"{source['vcs']}+{origin['url']}@{source['commit_id']}"
    # An archive that was fetched; a file or folder of this machine says nothing elsewhere.
    return "" if str(origin["url"]).startswith("file:") else str(origin["url"])


def _closure(lines: Iterable[str]) -> Iterator[Package]:
    """What is installed of some requirements, and of what these require, in the order of their names."""
    found: dict[str, Package] = {}
    seen: set[tuple[str, str]] = set()
    pending = [(line, "") for line in lines]
    while pending:
        line, extra = pending.pop()
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) in seen:
                continue
            seen.add((name, wanted))
            try:
                installed = _installed(name)
            except metadata.PackageNotFoundError:
                break
            if name not in LOADERS:
                found[name] = installed.package
                pending += [(further, wanted) for further in installed.requires]
    yield from (found[name] for name in sorted(found))


def _has(name: str, root: str) -> bool:
    """Whether an installed package of this name has this module."""
    try:
        record = metadata.distribution(name).read_text("RECORD")
    except metadata.PackageNotFoundError:
        return False
    return record is not None and re.search(rf"(?m)^{re.escape(root)}(/|\.)", record) is not None


@cache
def _packages_by_module() -> dict[str, tuple[str, ...]]:
    return {
        module: tuple(dict.fromkeys(names)) for module, names in metadata.packages_distributions().items()
    }
