"""Files with views and reports: YAML, or JSON where the name ends so."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from fluvial.client.ui_things import Report, View
from fluvial.errors import InvalidRequest, MissingExtra, NotFound


class _Contents(msgspec.Struct, forbid_unknown_fields=True):
    views: list[View] = []
    reports: list[Report] = []


def read_file(path: str | Path) -> list[View | Report]:
    """The views and reports of a file.

    Raises:
        NotFound: There is no such file.
        InvalidRequest: It is not YAML or JSON, or says something else than views and reports.
        MissingExtra: It is YAML, and PyYAML is not installed.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {file}.") from error
    try:
        raw = json.loads(text) if file.suffix == ".json" else _yaml().safe_load(text)
    except ValueError as error:
        raise InvalidRequest(f"{file} is not JSON: {error}.") from error
    except _yaml_error() as error:
        raise InvalidRequest(f"{file} is not YAML: {error}") from error
    try:
        contents = msgspec.convert(raw or {}, _Contents)
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"{file}: {error}.") from error
    return [*contents.views, *contents.reports]


def write_file(path: str | Path, things: Sequence[View | Report]) -> None:
    """Write views and reports to a file.

    Raises:
        MissingExtra: It is to be YAML, and PyYAML is not installed.
    """
    file = Path(path)
    file.write_text(as_text(things, is_json=file.suffix == ".json"), encoding="utf-8")


def as_text(things: Sequence[View | Report], *, is_json: bool) -> str:
    """Views and reports as a file has them; what is as by default is left out."""
    contents = {
        "views": [_said(thing) for thing in things if isinstance(thing, View)],
        "reports": [_said(thing) for thing in things if isinstance(thing, Report)],
    }
    if is_json:
        return json.dumps(contents, indent=2, ensure_ascii=False) + "\n"
    yaml = _yaml()

    class Dumper(yaml.SafeDumper):  # type: ignore[misc, name-defined]
        """Keeps the lines of texts."""

    def represent_text(dumper: Any, text: str) -> Any:
        style = "|" if "\n" in text else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, represent_text)
    written: str = yaml.dump(contents, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=110)
    return written


def _said(thing: View | Report) -> dict[str, Any]:
    given = msgspec.to_builtins(thing)
    return {name: value for name, value in given.items() if value}


def _yaml() -> Any:
    try:
        return importlib.import_module("yaml")
    except ModuleNotFoundError as error:
        raise MissingExtra("A file in YAML (one in JSON does not)", "yaml") from error


def _yaml_error() -> type[Exception]:
    found: type[Exception] = _yaml().YAMLError
    return found
