"""What a version takes and gives, as its MLmodel file says; nothing of the model is loaded."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import yaml

from fluvial.errors import RequestError
from fluvial.services.context import Context
from fluvial.store.model_versions import VersionRow

MLMODEL = "MLmodel"
MAX_BYTES = 4 << 20


class NoSignature(Exception):
    """There is none; says why."""


class Signature(NamedTuple):
    """What a model takes and gives: columns, or tensors, as the MLmodel file writes them."""

    inputs: list[dict[str, Any]]
    outputs: list[dict[str, Any]]


def read_mlmodel(context: Context, row: VersionRow) -> dict[str, Any]:
    """What the MLmodel file of a version says.

    Raises:
        NoSignature: There is no such file, it cannot be read, or the server does not go there.
    """
    about = f"Version {row.version}"
    try:
        place = context.locations.find(row.storage_uri)
        with place.store.open(place.key(MLMODEL)) as file:
            is_large = file.stat.size_bytes > MAX_BYTES
            text = b"" if is_large else file.read()
    except RequestError as error:
        raise NoSignature(f"{about} has no {MLMODEL} file that the server can read.") from error
    if is_large:
        raise NoSignature(f"The {MLMODEL} file of version {row.version} is too large.")
    try:
        said = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise NoSignature(f"The {MLMODEL} file of version {row.version} is not YAML.") from error
    if not isinstance(said, dict):
        raise NoSignature(f"The {MLMODEL} file of version {row.version} says nothing.")
    return said


def signature_of(context: Context, row: VersionRow) -> Signature:
    """The signature of a version.

    Raises:
        NoSignature: It has none that can be read.
    """
    said = read_mlmodel(context, row).get("signature")
    if not isinstance(said, dict):
        raise NoSignature(f"Version {row.version} has no signature.")
    return Signature(_schema(row, said.get("inputs")), _schema(row, said.get("outputs")))


def incompatibilities(before: Signature, now: Signature) -> list[str]:
    """What keeps a model from standing in for another: it must take what callers send, give what they read.

    A new input is no harm where it may be left out, nor is a new output.
    """
    found = []
    taken, sent = _by_name(now.inputs), _by_name(before.inputs)
    for name, field in sent.items():
        if name in taken and _kind(field) != _kind(taken[name]):
            found.append(f"The input {name} is {_said(taken[name])}, and was {_said(field)}.")
    for name, field in taken.items():
        if name not in sent and field.get("required", True):
            found.append(f"The input {name} is new, and may not be left out.")
        if name in sent and field.get("required", True) and not sent[name].get("required", True):
            found.append(f"The input {name} may not be left out any more.")
    given = _by_name(now.outputs)
    for name, field in _by_name(before.outputs).items():
        if name not in given:
            found.append(f"The output {name} is gone.")
        elif _kind(field) != _kind(given[name]):
            found.append(f"The output {name} is {_said(given[name])}, and was {_said(field)}.")
    return found


def _schema(row: VersionRow, text: Any) -> list[dict[str, Any]]:
    if text is None:
        return []
    try:
        fields = json.loads(text) if isinstance(text, str) else text
    except ValueError as error:
        raise NoSignature(f"The signature of version {row.version} cannot be read.") from error
    if not isinstance(fields, list) or not all(isinstance(field, dict) for field in fields):
        raise NoSignature(f"The signature of version {row.version} cannot be read.")
    return fields


def _by_name(fields: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(field.get("name", number)): field for number, field in enumerate(fields)}


def _kind(field: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in field.items() if name not in {"name", "required", "optional"}}


def _said(field: dict[str, Any]) -> str:
    return json.dumps(_kind(field), sort_keys=True)
