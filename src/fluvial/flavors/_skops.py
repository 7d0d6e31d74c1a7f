"""Models as skops files: data without code, of types that are listed before anything is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import skops.io

from fluvial.errors import UntrustedModel


def save_skops(model: Any, file: Path, own: Sequence[str], trusted: Sequence[str]) -> None:
    """Write a skops file that can be loaded again.

    Args:
        model: What to keep.
        file: Where to.
        own: Types that its flavor trusts.
        trusted: Further types that whoever saves it has looked at.

    Raises:
        UntrustedModel: It holds other types than these.
    """
    skops.io.dump(model, file)
    unknown = _unknown(file, (*own, *trusted))
    if unknown:
        file.unlink()
        raise UntrustedModel(
            "The model holds types that are not scikit-learn's own: whoever loads it has to trust them. Look "
            "at them, then save with skops_trusted_types=[…], and load with trusted=[…] of the same:",
            tuple(unknown),
        )


def load_skops(file: Path, trusted: Sequence[str]) -> Any:
    """What a skops file holds.

    Raises:
        UntrustedModel: It holds types that are not trusted.
    """
    unknown = _unknown(file, trusted)
    if unknown:
        raise UntrustedModel(
            "The model holds types that nothing vouches for; nothing was loaded. Look at them, then load it "
            "with trusted=[…] if they are what you expect:",
            tuple(unknown),
        )
    return skops.io.load(file, trusted=list(trusted))


def _unknown(file: Path, trusted: Sequence[str]) -> list[str]:
    return [name for name in skops.io.get_untrusted_types(file=file) if name not in trusted]
