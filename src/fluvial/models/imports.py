"""What a saved model really imports: a fresh interpreter loads it, and replays its input example.

Reading finds what may be imported; here it is seen. Packages that installed ones import beside what they ask
for (pandas takes bottleneck where it is there) are tried without: the interpreter is started again and does
not find them, and where the model still answers as it did, it does not need them.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from fluvial.errors import InvalidModel
from fluvial.models import code_files, environment, outputs, replay, requirements
from fluvial.models.mlmodel import Model
from fluvial.models.requirements import LOADERS
from fluvial.models.verify import READERS, run_here

LIMIT_S = 120.0


class Imported(Struct, frozen=True):
    """What importing showed.

    Attributes:
        packages: Names of the packages that the model needs itself, in order.
        own: The files of modules that no package has and that the model does not bring, by the modules'
            names.
    """

    packages: tuple[str, ...]
    own: dict[str, Path]


def trace(known: Sequence[str], request: replay.Request, *, limit_s: float = LIMIT_S) -> Imported:
    """Load a model in a fresh interpreter and predict for its input example, to see what it imports.

    Without an input example nothing is left out of what is known: `predict` may import more.

    Args:
        known: Names of the packages that it is thought to need.
        request: The model, its MLmodel file written, and how it is loaded.
        limit_s: For how long to try, in seconds.

    Raises:
        InvalidModel: It cannot be loaded, or does not predict, in that time.
    """
    end = time.monotonic() + limit_s
    first = run_here(request, limit_s=limit_s)
    if first.error:
        raise InvalidModel(
            f"What the model imports cannot be seen, for a fresh interpreter fails: {first.error}"
        )
    seen = {package for package in first.imported.values() if package} - LOADERS
    needed = {name for name in known if name in seen or not first.has_example}
    unasked = seen - _with_theirs(needed) - _with_theirs(_names(READERS))
    while unasked and (left_s := end - time.monotonic()) > 0:
        hidden = tuple(module for module, package in first.imported.items() if package in unasked)
        without = run_here(msgspec.structs.replace(request, hidden=hidden), limit_s=left_s)
        if not without.error and not any(
            itertools.islice(outputs.differences(first.output, without.output), 1)
        ):
            break
        missed = {package for module, package in first.imported.items() if _is_in(without.missing, module)}
        needed |= missed & unasked or unasked  # what cannot be told apart is needed altogether
        unasked -= _with_theirs(needed)
    else:
        needed |= unasked
    return Imported(tuple(sorted(needed)), {module: Path(file) for module, file in first.own.items()})


def update(
    folder: Path,
    request: replay.Request,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    limit_s: float,
) -> tuple[str, ...]:
    """Let a saved model need what it really imports. Its manifest has to be written anew.

    Args:
        folder: The model.
        request: How it is loaded.
        add: Requirements that it has whatever is seen.
        remove: Names of packages that it does not need.
        limit_s: For how long to try, in seconds.

    Returns:
        The lines of requirements.txt afterwards.

    Raises:
        InvalidModel: It cannot be loaded, or does not predict, in that time.
        InvalidRequest: It has no requirements.txt, or one that cannot be read.
    """
    before = {requirements.name_of(line) for line in environment.named(folder)} - LOADERS
    found = trace(sorted(before), request, limit_s=limit_s)
    said = {requirements.name_of(line) for line in (*add, *remove)}
    fresh = [requirements.pinned(name) for name in found.packages if name not in before | said]
    unused = sorted(before - set(found.packages) - said)
    lines = environment.change(folder, add=[*fresh, *add], remove=[*unused, *remove])
    if found.own:
        code_files.copy_modules(folder, found.own)
        model = Model.load(folder)
        model.set_code(code_files.FOLDER)
        model.save(folder)
    return lines


def _is_in(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.") or module.startswith(f"{name}.")


def _names(modules: Sequence[str]) -> set[str]:
    return {name for module in modules if (name := requirements.package_of(module)) is not None}


def _with_theirs(names: set[str]) -> set[str]:
    """Packages, and all that they ask for."""
    return {package.name for package in requirements.of_lines(sorted(names)).lock} | names
