"""`fluvial verify`: prove that the server has what was logged here."""

from __future__ import annotations

import os
import sys

import click

from fluvial.cli._output import print_json
from fluvial.client.verification import verify_run
from fluvial.settings import ClientSettings, read_settings


@click.command("verify")
@click.argument("run_id", metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(run_id: str, as_json: bool) -> None:
    """Prove that the server has the points that this machine sent of a run.

    Reads every point of the run's metrics back, and compares how many there are, and the last one of each
    journal, with what the server had acknowledged. The exit status is 1 if anything is missing or not sent.

    \b
    Examples:
      fluvial verify 0123456789abcdef0123456789abcdef
      fluvial verify --json 0123456789abcdef0123456789abcdef
    """
    found = verify_run(run_id, read_settings(ClientSettings, os.environ))
    if as_json:
        print_json(found)
    else:
        for check in found.series:
            state = "all there" if check.is_whole else "MISSING POINTS"
            counts = f"{check.n_taken:,} points taken from here, {check.n_on_server:,} on the server"
            click.echo(f"{check.key}: {counts}: {state}")
        for journal in found.waiting:
            click.echo(f"The journal {journal} is not sent yet, or in use: fluvial sync, then verify again.")
        verdict = "has everything" if found.is_proven else "does not have everything"
        click.echo(
            f"{found.tracking_uri} {verdict} that {found.n_journals} journals logged to the run {run_id}."
        )
    if not found.is_proven:
        sys.exit(1)
