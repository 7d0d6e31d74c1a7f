"""Models as skops files: data without code, of types that are listed before anything is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import skops.io

from fluvial.errors import UntrustedModel


def save_skops(model: Any, file: Path, own: Sequence[str], trusted: Sequence[str]) -> list[str]:
    """Write a skops file that can be loaded again; returns the types that its loader has to trust.

    Args:
        model: What to keep.
        file: Where to.
        own: Types that its flavor trusts; `*` stands for any text.
        trusted: Further types that whoever saves it has looked at.

    Raises:
        UntrustedModel: It holds other types than these.
    """
    skops.io.dump(model, file)
    found: list[str] = skops.io.get_untrusted_types(file=file)
    unknown = _unknown(found, own, trusted)
    if unknown:
        file.unlink()
        raise UntrustedModel(
            "The model holds types that are not scikit-learn's own: whoever loads it has to trust them. Look "
            "at them, then save with skops_trusted_types=[…], and load with trusted=[…] of the same:",
            tuple(unknown),
        )
    return found


def load_skops(file: Path, own: Sequence[str], trusted: Sequence[str]) -> Any:
    """What a skops file holds.

    Raises:
        UntrustedModel: It holds types that are not trusted.
    """
    found = skops.io.get_untrusted_types(file=file)
    unknown = _unknown(found, own, trusted)
    if unknown:
        raise UntrustedModel(
            "The model holds types that nothing vouches for; nothing was loaded. Look at them, then load it "
            "with trusted=[…] if they are what you expect:",
            tuple(unknown),
        )
    return skops.io.load(file, trusted=found)


def _unknown(found: Sequence[str], own: Sequence[str], trusted: Sequence[str]) -> list[str]:
    return [
        name
        for name in found
        if name not in trusted and not any(fnmatchcase(name, pattern) for pattern in own)
    ]
