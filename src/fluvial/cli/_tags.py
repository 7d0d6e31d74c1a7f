"""Tags on the command line: KEY=VALUE."""

from __future__ import annotations

from collections.abc import Sequence

import click

from fluvial.entities.tag import Tag


def parse_tags(texts: Sequence[str]) -> tuple[Tag, ...]:
    """The tags that arguments name.

    Raises:
        UsageError: One has no `=` or no key.
    """
    tags = []
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise click.UsageError(f"A tag is KEY=VALUE, not {text!r}. To delete one: --delete KEY.")
        tags.append(Tag(key=key, value=value))
    return tuple(tags)
