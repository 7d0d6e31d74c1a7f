"""Who did something, where it is kept."""

from __future__ import annotations

# Who calls a platform that has no accounts, and does not say who they are.
EVERYBODY = "everybody"


def known(author: str) -> str | None:
    """The author's name, where one was said."""
    return None if author == EVERYBODY else author
