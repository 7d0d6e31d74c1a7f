"""What the commands for models print for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from fluvial.cli._model_evidence import Finding
from fluvial.cli._output import short_size

if TYPE_CHECKING:
    from fluvial.models.drift import ColumnDrift
    from fluvial.models.inspection import Inspection
    from fluvial.models.verify import Verification

_MARKS = {"pass": ("✓", "green"), "fail": ("✗", "red"), "unknown": ("?", "yellow")}
_SHOWN = 12


def print_verification(model: str, found: Verification, evidence: Sequence[Finding]) -> None:
    """A verdict, and what it rests on."""
    mark, colour = _MARKS[found.verdict]
    said = {"pass": "runs elsewhere as it did", "fail": "fails", "unknown": "is not proven"}[found.verdict]
    click.secho(f"{mark} {model} {said}", fg=colour, bold=True)
    if found.problem:
        click.echo(f"  {found.problem}")
    for difference in found.differences[1:]:
        click.echo(f"  {difference}")
    if found.environment:
        had = "had already" if found.was_cached else "rebuilt"
        click.echo(
            f"  environment  {found.environment}, {had} in {found.restore_s:.2f} s, "
            f"{short_size(found.environment_bytes)}\n"
            f"  model        {short_size(found.model_bytes)}, cold start {found.cold_start_s:.2f} s, "
            f"{found.memory_mb:.0f} MB of memory"
        )
    if found.unused:
        click.echo(f"  unused       {', '.join(found.unused)}: nothing imported them")
    for finding in evidence[1:]:
        mark, colour = _MARKS[finding.verdict]
        click.echo(f"  {click.style(mark, fg=colour)} {finding.kind:<15} {finding.summary}")


def print_drift(model: str, finding: Finding, found: Sequence[ColumnDrift]) -> None:
    """How far each column has moved, the farthest first."""
    mark, colour = _MARKS[finding.verdict]
    click.secho(f"{mark} {model}: {finding.summary}", fg=colour, bold=True)
    for one in found[:_SHOWN]:
        click.echo(f"  {one.psi:8.3f}  {one.name}")
    if len(found) > _SHOWN:
        click.echo(f"  and {len(found) - _SHOWN} more: --json shows all")


def print_inspection(model: str, found: Inspection) -> None:
    """What a model is."""
    signer = found.signature
    unsigned = found.signature_problem or "none"
    rows = [
        ("model", found.name or model),
        ("id", found.model_id),
        ("run", found.run_id),
        ("created", found.created),
        ("flavors", ", ".join(found.flavors)),
        ("size", f"{short_size(found.size_bytes)} in {len(found.files)} files"),
        ("manifest", found.manifest),
        ("signature", f"{signer.signer} {signer.issuer}".strip() if signer else unsigned),
        ("provenance", "provenance.json" if found.provenance is not None else "none"),
        ("environment", f"{found.environment_source}, Python {found.python or 'any'}"),
        ("example", "yes" if found.has_example else "no"),
    ]
    for name, value in rows:
        if value:
            click.echo(f"{name:<12} {value}")
    _print_list("inputs", found.inputs)
    _print_list("outputs", found.outputs)
    _print_list("params", found.params)
    for scan in found.pickles:
        click.echo(f"{'pickle':<12} {scan.path}{', with code of its own' if scan.has_code else ''}")
        _print_list("  imports", scan.globals)
        _print_list("  refused", scan.reasons)
    _print_list("packages", found.packages)


def _print_list(name: str, items: Iterable[str]) -> None:
    listed = list(items)
    for i, item in enumerate(listed[:_SHOWN]):
        click.echo(f"{name if i == 0 else '':<12} {item}")
    if len(listed) > _SHOWN:
        click.echo(f"{'':<12} and {len(listed) - _SHOWN} more: --json shows all")
