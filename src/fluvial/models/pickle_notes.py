"""What a walk through a pickle notes down: stand-ins for what would be there, and what was found."""

from __future__ import annotations

from typing import Any


class Unreadable(Exception):
    """These bytes are no pickle that Python would read to its end."""


class Named:
    """A global that the pickle names: a class or a function."""

    __slots__ = ("module", "name")

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name


class Made:
    """What a call makes.

    Attributes:
        maker: What was called: a `Named`, or something that was made itself.
        arguments: What with, as far as it is known.
        state: What was given to it afterwards.
    """

    __slots__ = ("arguments", "maker", "state")

    def __init__(self, maker: Any, arguments: tuple[Any, ...]) -> None:
        self.maker = maker
        self.arguments = arguments
        self.state: Any = None


class _Something:
    """A value that does not matter here: a float, a long array, a list."""


SOMETHING = _Something()


class Findings:
    """What walks through pickles have found so far.

    Attributes:
        globals: What is imported, as `module.name`.
        modules: The modules that these are in.
        reasons: Why it must not be loaded, each once, in the order found.
        codes: What the code in it is made from, see `has_code`: the arguments of Python's `CodeType`.
        has_code: Whether it holds code of its own, by cloudpickle, which nothing here looks into.
    """

    def __init__(self) -> None:
        self.globals: dict[str, None] = {}
        self.modules: dict[str, None] = {}
        self.reasons: dict[str, None] = {}
        self.codes: list[tuple[Any, ...]] = []
        self.has_code = False
