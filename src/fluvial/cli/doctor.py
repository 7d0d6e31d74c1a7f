"""`fluvial doctor`: find out what is wrong, and what to do about it."""

from __future__ import annotations

import sys

import click

from fluvial.cli._checks import Finding, State, find_all
from fluvial.cli._output import as_json_option, print_json

_MARKS = {State.OK: ("✓", "green"), State.WARNING: ("!", "yellow"), State.FAULT: ("✗", "red")}


@click.command("doctor")
@click.option("--tracking-uri", metavar="URI", help="Examine this instead of what the settings say.")
@as_json_option
def command(tracking_uri: str | None, as_json: bool) -> None:
    """Find out what is wrong, and what to do about it.

    Looks at this installation, the settings, the home folder and its disk, journals that wait to be sent,
    and the tracking target: whether it answers, how fast, its version, and how far its clock is off.
    The exit status is 1 if something is at fault; a warning is none.

    \b
    Examples:
      fluvial doctor
      fluvial doctor --tracking-uri https://tracking.example
      fluvial doctor --json | jq 'select(.state != "ok")'
    """
    counts = dict.fromkeys(State, 0)
    for finding in find_all(tracking_uri):
        counts[finding.state] += 1
        if as_json:
            print_json(finding)
        else:
            _print(finding)
    if not as_json:
        named = ((counts[State.FAULT], "fault"), (counts[State.WARNING], "warning"))
        said = [f"{n} {word}{'s' * (n > 1)}" for n, word in named if n]
        click.echo()
        click.secho(" and ".join(said) if said else "All is well.", bold=True)
    if counts[State.FAULT]:
        sys.exit(1)


def _print(finding: Finding) -> None:
    mark, colour = _MARKS[finding.state]
    about = click.style(f"{finding.about:<12}", dim=True)
    click.echo(f"{click.style(mark, fg=colour, bold=True)} {about}  {finding.text}")
    for line in finding.remedy.splitlines():
        click.echo(f"{'':<16}{click.style('->', fg=colour)} {line}")
