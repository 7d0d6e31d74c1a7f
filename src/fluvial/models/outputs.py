"""What a model answered, as JSON, and whether it answers the same elsewhere.

Numbers are the same within a relative 1e-5: another processor or another build of a linear algebra library
adds up in another order. Everything else is the same or is not.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FILE = "expected_output.json"
RELATIVE_TOLERANCE = 1e-5
ABSOLUTE_TOLERANCE = 1e-8
_MAX_BYTES = 64 * 1024**2


def write(folder: Path, answer: Any) -> None:
    """Keep beside a model what it answered to its input example."""
    (folder / FILE).write_text(json.dumps(plain(answer)), encoding="utf-8")


def read(folder: Path) -> Any:
    """What a model answered when it was saved, as `plain` has it; None where nobody kept it."""
    file = folder / FILE
    if not file.is_file() or file.stat().st_size > _MAX_BYTES:
        return None
    return json.loads(file.read_text(encoding="utf-8"))


def plain(answer: Any) -> Any:
    """An answer as JSON has it: arrays and columns as lists, tables as lists by column, others as text.

    NaN and infinities are texts, as in `"NaN"`.
    """
    if answer is None or isinstance(answer, bool | int | str):
        return answer
    if isinstance(answer, float):
        return answer if math.isfinite(answer) else _SPELLED.get(answer, "NaN")
    if isinstance(answer, bytes):
        return answer.hex()
    if isinstance(answer, Mapping):
        return {str(key): plain(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [plain(value) for value in answer]
    if hasattr(answer, "to_dict") and hasattr(answer, "columns"):  # a table of pandas or polars
        return {str(name): plain(answer[name]) for name in answer.columns}
    if hasattr(answer, "toarray"):  # a sparse matrix
        return plain(answer.toarray())
    for listing in ("to_list", "tolist"):
        if hasattr(answer, listing):
            return plain(getattr(answer, listing)())
    return str(answer)


_SPELLED = {math.inf: "Infinity", -math.inf: "-Infinity"}


def differences(expected: Any, given: Any, place: str = "answer") -> Iterator[str]:
    """Where two answers differ, as texts that name the place; nothing where they are the same.

    Args:
        expected: As `plain` has it.
        given: As well.
        place: What the whole is called.
    """
    if isinstance(expected, dict) and isinstance(given, dict):
        if expected.keys() != given.keys():
            yield f"{place} has {sorted(given)} instead of {sorted(expected)}"
            return
        for key, value in expected.items():
            yield from differences(value, given[key], f"{place}[{key!r}]")
    elif isinstance(expected, list) and isinstance(given, list):
        if len(expected) != len(given):
            yield f"{place} has {len(given)} values instead of {len(expected)}"
            return
        for index, (one, other) in enumerate(zip(expected, given, strict=True)):
            yield from differences(one, other, f"{place}[{index}]")
    elif not _is_same(expected, given):
        yield f"{place} is {given!r:.60} instead of {expected!r:.60}"


def _is_same(expected: Any, given: Any) -> bool:
    if _is_number(expected) and _is_number(given):
        return math.isclose(expected, given, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE)
    return type(expected) is type(given) and expected == given


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
