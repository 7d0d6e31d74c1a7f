"""Params and tags: what a run was given, and the labels put on it."""

from __future__ import annotations

from fluvial.entities.noun import Noun

MAX_KEY_CHARS = 250
MAX_PARAM_CHARS = 6000
MAX_RUN_TAG_CHARS = 8000
MAX_EXPERIMENT_TAG_CHARS = 20_000


class Param(Noun, frozen=True, omit_defaults=False, gc=False):
    """An input of a run, as text; written once.

    Attributes:
        key: 1 to 250 characters.
        value: Up to 6000 characters; may be empty.
    """

    key: str
    value: str = ""


class Tag(Noun, frozen=True, omit_defaults=False, gc=False):
    """A label of a run or an experiment; may change later.

    Attributes:
        key: 1 to 250 characters.
        value: Up to 8000 characters on a run, 20,000 on an experiment; may be empty.
    """

    key: str
    value: str = ""
