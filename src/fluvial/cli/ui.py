"""`fluvial ui`: look at what was logged; plan, apply and export saved views and reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fluvial.cli import server
from fluvial.cli._output import as_json_option, confirm, print_json, say
from fluvial.cli._platform import Reached, reaching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fluvial.client.ui_plan import Step

_SIGNS = {"create": "+", "update": "~", "keep": "="}
_FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE..."
)


@click.group("ui", invoke_without_command=True, params=[*server.command.params])
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Look at what was logged on this machine; the same as `fluvial server`.

    With a command, keep the saved views and reports of a platform in files: docs/ui.md.

    \b
    Examples:
      fluvial ui
      fluvial ui --port 0
      fluvial ui export -o ui.yaml
      fluvial ui plan ui.yaml
      fluvial ui apply ui.yaml
    """
    if context.invoked_subcommand is None:
        server.serve_with({name: value for name, value in given.items() if value is not None})


@command.command("plan")
@_FILES
@click.option("--exit-status", is_flag=True, help="End with 1 if something would change.")
@as_json_option
@reaching
def plan_command(platform: Reached, files: Sequence[Path], exit_status: bool, as_json: bool) -> None:
    """Say what `apply` would create and change, line by line; change nothing.

    \b
    Examples:
      fluvial ui plan ui.yaml
      fluvial ui plan views/*.yaml --exit-status     in continuous integration
    """
    from fluvial import ui  # noqa: PLC0415 - --help need not wait for it

    steps = ui.plan(_read(files), caller=platform)
    _show(steps, as_json=as_json)
    if exit_status and any(step.action != "keep" for step in steps):
        raise click.exceptions.Exit(1)


@command.command("apply")
@_FILES
@click.option("-y", "--yes", "is_agreed", is_flag=True, help="Do not ask.")
@as_json_option
@reaching
def apply_command(platform: Reached, files: Sequence[Path], is_agreed: bool, as_json: bool) -> None:
    """Create and change saved views and reports to be as files say; what they do not name is left alone.

    The same files again change nothing.

    \b
    Examples:
      fluvial ui apply ui.yaml
      fluvial ui apply ui.yaml --tracking-uri https://tracking.example --yes
    """
    from fluvial import ui  # noqa: PLC0415

    things = _read(files)
    if not as_json:
        steps = ui.plan(things, caller=platform)
        _show(steps, as_json=False)
        if all(step.action == "keep" for step in steps):
            return
        if not confirm("Apply this?", is_agreed=is_agreed):
            raise click.exceptions.Exit(1)
    done = ui.apply(things, caller=platform)
    if as_json:
        _show(done, as_json=True)
    else:
        say("Applied.")


@command.command("export")
@click.option("-e", "--experiment", "experiments", multiple=True, help="Only the views of these experiments.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file; its ending says the form.",
)
@click.option("-f", "--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", help="[yaml]")
@reaching
def export_command(platform: Reached, experiments: Sequence[str], output: Path | None, form: str) -> None:
    """Write the saved views and reports of a platform to a file, or to the standard output.

    \b
    Examples:
      fluvial ui export -o ui.yaml
      fluvial ui export -e churn --format json | jq .views
    """
    from fluvial import ui  # noqa: PLC0415
    from fluvial.client.ui_files import as_text  # noqa: PLC0415

    names = [platform.find_experiment(named).name for named in experiments]
    things = ui.export(names, caller=platform)
    if output is None:
        sys.stdout.write(as_text(things, is_json=form == "json"))
        return
    ui.write_file(output, things)
    say(f"{len(things)} views and reports written to {output}.")


def _read(files: Sequence[Path]) -> list[Any]:
    from fluvial import ui  # noqa: PLC0415

    return [thing for file in files for thing in ui.read_file(file)]


def _show(steps: Sequence[Step], *, as_json: bool) -> None:
    if as_json:
        for step in steps:
            print_json(step)
        return
    for step in steps:
        click.echo(f"{_SIGNS[step.action]} {step.kind} {step.name}")
        for line in step.diff.splitlines():
            click.echo(f"    {line}")
    counts = {action: sum(step.action == action for step in steps) for action in _SIGNS}
    say(f"{counts['create']} to create, {counts['update']} to change, {counts['keep']} as they should be.")
