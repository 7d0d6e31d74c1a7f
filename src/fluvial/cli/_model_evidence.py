"""What a verification showed, as evidence that gates judge by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, structs

from fluvial.entities.promotion import Verdict
from fluvial.wire.promotions import ADD_EVIDENCE, LIST_EVIDENCE, AddEvidence, ListEvidence
from fluvial.wire.registered_models import GET_ALIAS, AliasName

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fluvial.cli._platform import Reached
    from fluvial.client.vulnerabilities import Scan
    from fluvial.models.drift import ColumnDrift
    from fluvial.models.verify import Verification


class Finding(Struct, frozen=True, kw_only=True):
    """One piece of evidence.

    Attributes:
        kind: `environment`, `latency`, `licences`, `vulnerabilities`, `format` or `drift`.
        verdict: Whether it speaks for the model.
        summary: For people.
        details: For programs.
    """

    kind: str
    verdict: Literal["pass", "fail", "unknown"]
    summary: str
    details: dict[str, Any]


def evidence_of(found: Verification, scan: Scan, folder: Path) -> list[Finding]:
    """All that a verification showed."""
    return [_environment(found), *_latency(found), _licences(found), _vulnerabilities(scan), _format(folder)]


def _environment(found: Verification) -> Finding:
    details = {
        name: value
        for name, value in structs.asdict(found).items()
        if name not in {"verdict", "latency", "packages"}
    }
    summary = (
        found.problem or f"answers as {'when it was saved' if found.compared_with == 'saved' else 'here'}"
    )
    return Finding(kind="environment", verdict=found.verdict, summary=summary, details=details)


def _latency(found: Verification) -> list[Finding]:
    if found.latency is None:
        return []
    summary = f"p50 {found.latency.p50_ms:.2f} ms, p99 {found.latency.p99_ms:.2f} ms for one row"
    return [
        Finding(kind="latency", verdict="pass", summary=summary, details=structs.asdict(found.latency)),
    ]


def _licences(found: Verification) -> Finding:
    by_package = {f"{package.name} {package.version}": package.licence for package in found.packages}
    silent = sorted(name for name, licence in by_package.items() if not licence)
    if not by_package:
        summary = "nothing is installed"
    elif silent:
        summary = f"{len(silent)} of {len(by_package)} packages do not say theirs: {', '.join(silent[:5])}"
    else:
        summary = f"{len(by_package)} packages, {len(set(by_package.values()))} licences"
    verdict: Literal["pass", "unknown"] = "unknown" if silent or not by_package else "pass"
    return Finding(kind="licences", verdict=verdict, summary=summary, details={"packages": by_package})


def _vulnerabilities(scan: Scan) -> Finding:
    if scan.problem:
        summary = f"not known: {scan.problem}"
    elif scan.found:
        shown = ", ".join(f"{one.package} {one.id}" for one in scan.found[:5])
        summary = f"{len(scan.found)} known in {scan.n_packages} packages: {shown}"
    else:
        summary = f"none known in {scan.n_packages} packages"
    details = {"found": [structs.asdict(one) for one in scan.found], "problem": scan.problem}
    return Finding(kind="vulnerabilities", verdict=scan.verdict, summary=summary, details=details)


def _format(folder: Path) -> Finding:
    from fluvial.models import pickles  # noqa: PLC0415 - commands that only print do not need it
    from fluvial.models.mlmodel import Model  # noqa: PLC0415

    scans = pickles.scan(folder, Model.load(folder).flavors)
    summary = f"pickles: {', '.join(scan.path for scan in scans)}" if scans else "no pickles"
    details = {"pickles": [structs.asdict(scan) for scan in scans]}
    return Finding(kind="format", verdict="fail" if scans else "pass", summary=summary, details=details)


def evidence_of_drift(found: Sequence[ColumnDrift], limit: float, n_rows: tuple[int, int]) -> Finding:
    """How far evaluation data have moved, held to a limit."""
    worst = found[0]
    verdict: Literal["pass", "fail"] = "pass" if worst.psi <= limit else "fail"
    summary = f"PSI {worst.psi:.3f} of {worst.name}, the farthest of all; {limit:g} is allowed"
    details = {
        "max_psi": worst.psi,
        "limit": limit,
        "n_rows": list(n_rows),
        "columns": [structs.asdict(one) for one in found],
    }
    return Finding(kind="drift", verdict=verdict, summary=summary, details=details)


class About(Struct, frozen=True, kw_only=True):
    """What evidence is about: a logged model, or a version."""

    model_id: str = ""
    name: str = ""
    version: str = ""


def store(platform: Reached, folder: Path, uri: str, findings: Sequence[Finding]) -> bool:
    """Keep what a verification showed with the model that it is about, for gates and pages.

    Returns:
        Whether it is kept: a folder that no server knows of has no place for it.
    """
    about = about_of(platform, folder, uri)
    if about is None:
        return False
    for finding in findings:
        details = {"summary": finding.summary, **finding.details}
        evidence = AddEvidence(
            model_id=about.model_id,
            name=about.name,
            version=about.version,
            kind=finding.kind,
            verdict=Verdict(finding.verdict),
            details=details,
        )
        platform.call(ADD_EVIDENCE, evidence)
    return True


def kept_of(platform: Reached, about: About) -> list[tuple[str, str]]:
    """The last verdict of each kind that is kept with a model."""
    asked = ListEvidence(model_id=about.model_id, name=about.name, version=about.version, is_latest=True)
    return [(one.kind, one.verdict.value) for one in platform.call(LIST_EVIDENCE, asked).evidence]


def about_of(platform: Reached, folder: Path, uri: str) -> About | None:
    """The version that a URI names, else the logged model; None for a folder, here or in a bucket."""
    from fluvial.models.mlmodel import Model  # noqa: PLC0415 - commands that only print do not need it
    from fluvial.models.uri import (  # noqa: PLC0415
        AliasUri,
        LocalModel,
        StoredModel,
        VersionUri,
        parse_model_uri,
    )

    named = parse_model_uri(uri)
    model_id = Model.load(folder).model_id
    if isinstance(named, VersionUri) and named.version.isdecimal():
        return About(name=named.name, version=named.version)
    if isinstance(named, AliasUri):
        found = platform.call(GET_ALIAS, AliasName(name=named.name, alias=named.alias)).model_version
        return About(name=found.name, version=found.version)
    is_known = not isinstance(named, LocalModel | StoredModel)
    return About(model_id=model_id) if model_id and is_known else None
