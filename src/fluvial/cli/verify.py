"""`fluvial verify`: prove that the server has what was logged here."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import click
import msgspec

from fluvial.cli._named import RUN
from fluvial.cli._output import print_json, short_size
from fluvial.cli._progress import Progress
from fluvial.client.verification import Verification, verify_run
from fluvial.settings import ClientSettings, read_settings


@click.command("verify")
@click.argument("run_id", type=RUN, metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(run_id: str, as_json: bool) -> None:
    """Prove that the server has what this machine logged to a run.

    Reads every point of the run's metrics back and compares how many there are, and the last one of each
    journal, with what the server had acknowledged; compares params, tags, datasets and the status by value,
    and artifacts by size and SHA-256. What is missing or differs is named. The exit status is 1 if there is
    any, or if something is not sent yet.

    \b
    Examples:
      fluvial verify 0123456789abcdef0123456789abcdef
      fluvial verify --json 0123456789abcdef0123456789abcdef
    """
    with Progress("Comparing", None) as progress:
        found = verify_run(run_id, read_settings(ClientSettings, os.environ), _Shown(progress))
    if as_json:
        print_json({**msgspec.to_builtins(found), "is_proven": found.is_proven})
    else:
        for line in _lines(found):
            click.echo(line)
    if not found.is_proven:
        sys.exit(1)


def _lines(found: Verification) -> Iterator[str]:
    """What was found, for people."""
    for check in found.series:
        state = "all there" if check.is_whole else "MISSING POINTS"
        counts = f"{check.n_taken:,} points taken from here, {check.n_on_server:,} on the server"
        yield f"{check.key}: {counts}: {state}"
    for kind in dict.fromkeys(check.kind for check in found.values):
        checks = [check for check in found.values if check.kind == kind]
        faults = [check for check in checks if check.fault]
        size = f" ({short_size(found.n_bytes)})" if kind == "artifact" else ""
        state = f"{len(faults):,} NOT AS LOGGED" if faults else "all as logged"
        yield f"{_counted(len(checks), kind)}{size}: {state}"
        yield from (f"  the {kind} {check.name} {check.fault}" for check in faults)
    for journal in found.waiting:
        yield f"The journal {journal} is not sent yet, or in use: fluvial sync, then verify again."
    verdict = "has everything" if found.is_proven else "does not have everything"
    yield f"{found.tracking_uri} {verdict} that {found.n_journals} journals logged to the run {found.run_id}."


def _counted(n: int, kind: str) -> str:
    if kind == "status":
        return kind
    return f"{n:,} {kind}{'' if n == 1 else 's'}"


class _Shown:
    """Moves a bar."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar

    def __call__(self, n_checks: int) -> None:
        self._bar.set_total(n_checks)
        self._bar.advance(1)
