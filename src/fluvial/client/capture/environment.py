"""Variables of the environment that were chosen to be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fluvial.client.capture.masking import MASK, is_secret_name, mask_text

TAG_PREFIX = "fluvial.env."
MAX_VALUE_CHARS = 1000


def environment_tags(environment: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """A tag for each chosen variable that is set; one whose name says that it is a secret is masked."""
    return {
        TAG_PREFIX + name: MASK if is_secret_name(name) else mask_text(environment[name])[:MAX_VALUE_CHARS]
        for name in names
        if environment.get(name)
    }
