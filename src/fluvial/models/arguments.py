"""Options as values, from the arguments of the public functions that take them one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import Struct

Options = TypeVar("Options", bound=Struct)


def among(kind: type[Options], arguments: Mapping[str, Any]) -> Options:
    """The options of one kind among a function's arguments, such as its `locals()`.

    Args:
        kind: Each of its fields is the name of an argument.
        arguments: None stands for what was not said.
    """
    said = {name: arguments[name] for name in kind.__struct_fields__}
    return kind(**{name: value for name, value in said.items() if value is not None})
