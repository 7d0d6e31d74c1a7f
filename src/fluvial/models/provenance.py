"""Where a model comes from, as a statement of in-toto with SLSA's predicate, version 1.

It is the file `provenance.json`: its subjects are the model's files by their digests, its dependencies the
commit, the datasets and the packages that the model was made from. The manifest, and so a signature, covers
it.

Source: https://slsa.dev/spec/v1.0/provenance and https://github.com/in-toto/attestation (Statement v1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec import Struct

from fluvial.errors import ModelDamaged
from fluvial.models import manifest
from fluvial.models.requirements import Package

FILE = "provenance.json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/provenance/v1"
_BUILD = "urn:fluvial:provenance:model:v1"
_BUILDER = "urn:fluvial:provenance:client"


class Commit(Struct, frozen=True, kw_only=True):
    """The code that made a model.

    Attributes:
        repository: Its URL, without credentials; empty where it has none.
        sha: The commit.
        is_dirty: Whether files were changed and not committed.
    """

    repository: str = ""
    sha: str
    is_dirty: bool = False


class Dataset(Struct, frozen=True, kw_only=True):
    """Data that the model was made from.

    Attributes:
        name: Of the dataset.
        digest: Of its content, as the run has it.
        context: What it was read for.
    """

    name: str
    digest: str
    context: str = ""


class Origin(Struct, frozen=True, kw_only=True):
    """What made a model.

    Attributes:
        run_id: The run; empty where there is none.
        experiment_id: Its experiment.
        entry_point: The program.
        params: Of the run.
        commit: Its code; None where it is in no repository.
        datasets: Its data.
        started_at: When the run began, ms since the Unix epoch; 0 where there is none.
        saved_at: When the model was saved, ms since the Unix epoch.
        version: Of fluvial.
    """

    run_id: str = ""
    experiment_id: str = ""
    entry_point: str = ""
    params: Mapping[str, str] = {}
    commit: Commit | None = None
    datasets: Sequence[Dataset] = ()
    started_at: int = 0
    saved_at: int
    version: str


def write(folder: Path, origin: Origin, packages: Sequence[Package]) -> manifest.Manifest:
    """Write where a model comes from; everything but the manifest has been written.

    Args:
        folder: The model.
        origin: What made it.
        packages: What was installed of what it needs.

    Returns:
        The digests of the files, for `manifest.write`.
    """
    digests = manifest.of_folder(folder, without=(FILE,))
    subjects = [{"name": file.path, "digest": {"sha256": file.sha256}} for file in digests.files]
    statement = {
        "_type": STATEMENT,
        "subject": subjects,
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": _BUILD,
                "externalParameters": {"entryPoint": origin.entry_point, "params": dict(origin.params)},
                "internalParameters": {"experimentId": origin.experiment_id},
                "resolvedDependencies": [
                    *_of_commit(origin.commit),
                    *map(_of_dataset, origin.datasets),
                    *map(_of_package, packages),
                ],
            },
            "runDetails": {
                "builder": {"id": _BUILDER, "version": {"fluvial": origin.version}},
                "metadata": {
                    "invocationId": origin.run_id,
                    **({"startedOn": _time(origin.started_at)} if origin.started_at else {}),
                    "finishedOn": _time(origin.saved_at),
                },
            },
        },
    }
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(statement), indent=1) + b"\n")
    return digests


def read(folder: Path) -> dict[str, Any] | None:
    """The statement beside a model; None where there is none.

    Raises:
        ModelDamaged: It is no statement of provenance.
    """
    file = folder / FILE
    if not file.is_file():
        return None
    try:
        statement = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelDamaged(f"{file} is no statement of provenance: {error}.") from error
    if statement.get("_type") != STATEMENT or statement.get("predicateType") != PREDICATE:
        raise ModelDamaged(f"{file} is no statement of provenance in SLSA's form.")
    return statement


def _of_commit(commit: Commit | None) -> list[dict[str, Any]]:
    if commit is None:
        return []
    entry: dict[str, Any] = {"digest": {"gitCommit": commit.sha}, "name": "source"}
    if commit.repository:
        entry["uri"] = f"git+{commit.repository}"
    if commit.is_dirty:
        entry["annotations"] = {"uncommittedChanges": True}
    return [entry]


def _of_dataset(dataset: Dataset) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": dataset.name, "digest": {"fluvialDataset": dataset.digest}}
    if dataset.context:
        entry["annotations"] = {"context": dataset.context}
    return entry


def _of_package(package: Package) -> dict[str, Any]:
    """A package by its purl, https://github.com/package-url/purl-spec."""
    entry: dict[str, Any] = {"uri": f"pkg:pypi/{package.name}@{quote(package.version)}"}
    if package.url:
        entry["downloadLocation"] = package.url
    return entry


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
