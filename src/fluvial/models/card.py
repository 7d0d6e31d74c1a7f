"""A model card: what a model is, where it comes from and how far it can be trusted, as Markdown.

Source: the sections of Mitchell et al., "Model Cards for Model Reporting", FAT* 2019; what only people know
(intended use, limits, ethics) is left to them, under headings of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from fluvial.models.inspection import Inspection

FILE = "model_card.md"
_MAX_PACKAGES = 40
_MAX_PARAMS = 60


class Facts(Struct, frozen=True, kw_only=True):
    """What the tracking server knows of a model.

    Attributes:
        description: What its maker wrote.
        params: Of the run or of the model.
        metrics: The last values, of the run or of the model.
        datasets: What it was made from: name, digest and context.
        run_name: Of the run that made it.
        evidence: What verifications found: kind, verdict.
    """

    description: str = ""
    params: Mapping[str, str] = {}
    metrics: Mapping[str, float] = {}
    datasets: Sequence[tuple[str, str, str]] = ()
    run_name: str = ""
    evidence: Sequence[tuple[str, str]] = ()


def write(folder: Path, text: str) -> None:
    """Keep a card beside the model; its manifest has to be written anew afterwards."""
    (folder / FILE).write_text(text, encoding="utf-8")


def card(name: str, inspected: Inspection, facts: Facts) -> str:
    """The card of a model.

    Args:
        name: Of the model, for the heading.
        inspected: What its files say.
        facts: What is known beside them.
    """
    parts = [
        f"# {_text(name)}",
        facts.description.strip(),
        _table("Model", _about(inspected, facts)),
        _list("Intended use and limits", ["To be written by whoever answers for the model."]),
        _table("Metrics", [(key, f"{value:.6g}") for key, value in sorted(facts.metrics.items())]),
        _table("Data", [(named, f"{context}, digest {digest}") for named, digest, context in facts.datasets]),
        _table("Params", sorted(facts.params.items())[:_MAX_PARAMS]),
        _list("Inputs", map(_code, inspected.inputs)),
        _list("Outputs", map(_code, inspected.outputs)),
        _list("Params of a prediction", map(_code, inspected.params)),
        _table("Trust", [*_trust(inspected), *((kind, verdict) for kind, verdict in facts.evidence)]),
        _list("Packages", _packages(inspected)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(inspected: Inspection, facts: Facts) -> list[tuple[str, str]]:
    rows = [
        ("id", inspected.model_id),
        ("run", " ".join(filter(None, (facts.run_name, inspected.run_id)))),
        ("created", f"{inspected.created} UTC" if inspected.created else ""),
        ("flavors", ", ".join(inspected.flavors)),
        ("size", f"{inspected.size_bytes:,} bytes in {len(inspected.files)} files"),
        ("Python", inspected.python),
        ("code", _commit_of(inspected)),
    ]
    return [(key, value) for key, value in rows if value]


def _commit_of(inspected: Inspection) -> str:
    if inspected.provenance is None:
        return ""
    definition = inspected.provenance.get("predicate", {}).get("buildDefinition", {})
    for entry in definition.get("resolvedDependencies", []):
        commit = entry.get("digest", {}).get("gitCommit")
        if commit:
            changed = ", with uncommitted changes" if entry.get("annotations") else ""
            return f"{entry.get('uri', '')} {commit}{changed}".strip()
    return ""


def _trust(inspected: Inspection) -> list[tuple[str, str]]:
    signer = inspected.signature
    unsigned = inspected.signature_problem or "not signed"
    return [
        ("manifest", inspected.manifest),
        ("signature", f"{signer.signer} {signer.issuer}".strip() if signer else unsigned),
        ("pickles", ", ".join(scan.path for scan in inspected.pickles) or "none"),
    ]


def _packages(inspected: Inspection) -> list[str]:
    shown = [_code(line) for line in inspected.packages[:_MAX_PACKAGES]]
    left = len(inspected.packages) - len(shown)
    return [*shown, f"and {left} more in {inspected.environment_source}"] if left else shown


def _table(heading: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"| {_text(key)} | {_text(value)} |" for key, value in rows]
    return "\n".join([f"## {heading}\n", "| | |", "|---|---|", *lines]) if lines else ""


def _list(heading: str, items: Iterable[str]) -> str:
    lines = [f"- {item}" for item in items]
    return "\n".join([f"## {heading}\n", *lines]) if lines else ""


def _text(value: str) -> str:
    """A text that cannot break out of its cell, or become HTML."""
    return value.replace("|", r"\|").replace("<", "&lt;").replace("\n", " ")


def _code(value: str) -> str:
    return f"`{value.replace('`', '')}`"
