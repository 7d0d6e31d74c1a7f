"""Masks what looks like a secret in command lines, URLs, variables and diffs."""

from __future__ import annotations

import re
from collections.abc import Sequence

MASK = "***"

_SECRET_NAME = re.compile(
    r"passw|passphrase|secret|token(?!iz)|api[_-]?key|access[_-]?key|private[_-]?key|credential|authorization",
    re.IGNORECASE,
)
_IN_URL = re.compile(r"(?<=://)[^/\s@\"']+(?=@)")
# Keys that say by their form whose they are: OpenAI, GitHub, GitLab, AWS, Slack, Hugging Face, Google; JWT.
_KNOWN_FORM = re.compile(
    r"\b(?:sk-[\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|A[KS]IA[0-9A-Z]{16}"
    r"|xox[abprs]-[\w-]{10,}|hf_\w{16,}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"
)
_PRIVATE_KEY = re.compile(
    r"(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
)
# NAME = "value", name: value, --name value: the value is a text in quotes, or one word that calls nothing.
_ASSIGNED = re.compile(
    rf"((?:{_SECRET_NAME.pattern})[\w-]*[\"']?[ \t]*[:=][ \t]*)"
    r"(?:\"[^\"\n]+\"|'[^'\n]+'|[\w+/=~-]{6,}(?![\w+/=~(.\[-]))",
    re.IGNORECASE,
)


def is_secret_name(name: str) -> bool:
    """Whether what is called so is likely a secret."""
    return _SECRET_NAME.search(name) is not None


def mask_text(text: str) -> str:
    """A text, its likely secrets replaced by `***`."""
    text = _PRIVATE_KEY.sub(rf"\1{MASK}\2", text)
    text = _IN_URL.sub(MASK, text)
    text = _KNOWN_FORM.sub(MASK, text)
    return _ASSIGNED.sub(rf"\1{MASK}", text)


def mask_arguments(arguments: Sequence[str]) -> list[str]:
    """A command line, likely secrets replaced: `--token X`, `--token=X`, `API_KEY=X`, `https://user:X@host`."""
    masked = []
    hides_next = False
    for argument in arguments:
        name, equals, _ = argument.partition("=")
        if hides_next and not argument.startswith("-"):
            masked.append(MASK)
        elif equals and is_secret_name(name) and not any(sign in name for sign in " \n("):
            masked.append(f"{name}={MASK}")
        else:
            masked.append(mask_text(argument))
        hides_next = argument.startswith("-") and not equals and is_secret_name(argument)
    return masked
