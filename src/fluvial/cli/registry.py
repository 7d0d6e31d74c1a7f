"""`fluvial registry`: list, show, check, promote, roll back and look back at registered models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fluvial.cli._output import as_json_option, print_json, say
from fluvial.cli._platform import Reached, reaching
from fluvial.client.times import as_milliseconds
from fluvial.wire.model_versions import SEARCH_MODEL_VERSIONS, SearchModelVersions
from fluvial.wire.registered_models import (
    GET_REGISTERED_MODEL,
    SEARCH_REGISTERED_MODELS,
    RegisteredModelName,
    SearchRegisteredModels,
)
from fluvial.wire.registry_history import (
    FIND_SERVED,
    PROMOTE,
    READ_REGISTRY_HISTORY,
    ROLLBACK,
    FindServed,
    Promote,
    ReadRegistryHistory,
    Rollback,
)

_PLACE = "A place is alias:NAME, stage:NAME or state:NAME; a bare NAME is an alias."


@click.group("registry")
def command() -> None:
    """List, show, promote, roll back and look back at registered models.

    A PLACE is where a version can stand: alias:champion, stage:Production or state:approved; a bare name is
    an alias.

    \b
    Examples:
      fluvial registry list
      fluvial registry show churn
      fluvial registry promote churn 7 champion --reason "0.4 % better on the June data"
      fluvial registry rollback churn champion
      fluvial registry served-on churn champion 2026-03-01
    """


@command.command("list")
@click.argument("filter_text", metavar="[FILTER]", default="")
@click.option("-n", "--max-results", type=click.IntRange(1), default=100, help="Models shown. [100]")
@as_json_option
@reaching
def list_command(platform: Reached, filter_text: str, max_results: int, as_json: bool) -> None:
    """List registered models with their aliases, by name.

    \b
    Examples:
      fluvial registry list
      fluvial registry list "tags.team = 'risk' AND aliases.name = 'champion'"
    """
    from fluvial.cli._output import Column, print_table, text_cell, time_cell  # noqa: PLC0415

    request = SearchRegisteredModels(filter=filter_text, max_results=max_results)
    found = platform.transport.call(SEARCH_REGISTERED_MODELS, request).registered_models
    if as_json:
        for model in found:
            print_json(model)
        return
    print_table(
        [Column("name"), Column("newest"), Column("aliases"), Column("changed")],
        (
            [
                text_cell(model.name),
                text_cell(max((one.version for one in model.latest_versions), key=int, default=None)),
                text_cell(", ".join(f"{one.alias} {one.version}" for one in model.aliases)),
                time_cell(model.last_updated_timestamp),
            ]
            for model in found
        ),
    )


@command.command("show")
@click.argument("name")
@click.option("-n", "--max-results", type=click.IntRange(1), default=20, help="Versions shown. [20]")
@as_json_option
@reaching
def show(platform: Reached, name: str, max_results: int, as_json: bool) -> None:
    """Show a registered model: its tags, and its newest versions with where they stand.

    \b
    Examples:
      fluvial registry show churn
      fluvial registry show churn --json
    """
    from fluvial.cli._output import Column, print_table, text_cell, time_cell  # noqa: PLC0415
    from fluvial.wire.filter_text import quoted  # noqa: PLC0415

    found = platform.transport.call(GET_REGISTERED_MODEL, RegisteredModelName(name=name))
    search = SearchModelVersions(
        filter=f"name = {quoted(name)}", max_results=max_results, order_by=("version_number DESC",)
    )
    versions = platform.transport.call(SEARCH_MODEL_VERSIONS, search).model_versions
    model = found.registered_model
    if as_json:
        print_json({"registered_model": model, "model_versions": versions})
        return
    click.echo(f"{model.name}{f': {model.description}' if model.description else ''}")
    for tag in model.tags:
        click.echo(f"  {tag.key} = {tag.value}")
    print_table(
        [Column("version"), Column("aliases"), Column("stage"), Column("source"), Column("created")],
        (
            [
                text_cell(version.version),
                text_cell(", ".join(version.aliases)),
                text_cell(version.state or version.current_stage),
                text_cell(version.source),
                time_cell(version.creation_timestamp),
            ]
            for version in versions
        ),
    )


@command.command("promote")
@click.argument("name")
@click.argument("version")
@click.argument("place")
@click.option("--reason", default="", help="Why; it is kept in the history.")
@reaching
def promote(platform: Reached, name: str, version: str, place: str, reason: str) -> None:
    """Put a VERSION of a registered model into a PLACE.

    \b
    Examples:
      fluvial registry promote churn 7 champion --reason "0.4 % better on the June data"
      fluvial registry promote churn 7 stage:Production
    """
    target, key = _place(place)
    request = Promote(name=name, version=version, target=target, key=key, reason=reason)
    platform.transport.call(PROMOTE, request)
    say(f"Version {version} of {name} is at {target} {key}.")


@command.command("rollback")
@click.argument("name")
@click.argument("place")
@click.option("--event", "event_id", help="To what was before this event of the history.")
@click.option("--reason", default="", help="Why; it is kept in the history.")
@reaching
def roll_back(platform: Reached, name: str, place: str, event_id: str | None, reason: str) -> None:
    """Put back what stood in a PLACE before its last change.

    \b
    Examples:
      fluvial registry rollback churn champion --reason "complaints since noon"
      fluvial registry rollback churn stage:Production --event 219043332128768001
    """
    target, key = _place(place)
    request = Rollback(name=name, target=target, key=key, event_id=event_id, reason=reason)
    back = platform.transport.call(ROLLBACK, request).model_version
    say(f"Version {back.version} of {name} is at {target} {key} again.")


@command.command("history")
@click.argument("name", default="")
@click.option("--version", help="One version.")
@click.option("--field", default="", help="alias, stage, state, model, version, policy, request …")
@click.option("--author", default="", help="Whose changes.")
@click.option("-n", "--max-results", type=click.IntRange(1, 1000), default=50, help="Events shown. [50]")
@as_json_option
@reaching
def history(
    platform: Reached,
    name: str,
    version: str | None,
    field: str,
    author: str,
    max_results: int,
    as_json: bool,
) -> None:
    """Show what was decided about a registered model, or about all, newest first.

    \b
    Examples:
      fluvial registry history churn
      fluvial registry history churn --field alias
      fluvial registry history --author ana --json
    """
    from fluvial.cli._output import Column, print_table, text_cell, time_cell  # noqa: PLC0415

    request = ReadRegistryHistory(
        name=name, version=version, field=field, author=author, max_results=max_results
    )
    found = platform.transport.call(READ_REGISTRY_HISTORY, request).events
    if as_json:
        for event in found:
            print_json(event)
        return
    columns = ["when", "who", "model", "version", "what", "from", "to", "why", "event"]
    print_table(
        [Column(column) for column in columns],
        (
            [
                time_cell(event.timestamp),
                text_cell(event.author),
                text_cell(event.name),
                text_cell(event.version),
                text_cell(f"{event.field} {event.key}".strip()),
                text_cell(event.before),
                text_cell(event.after),
                text_cell(event.reason),
                text_cell(event.event_id),
            ]
            for event in found
        ),
    )


@command.command("served-on")
@click.argument("name")
@click.argument("place")
@click.argument("time")
@as_json_option
@reaching
def served_on(platform: Reached, name: str, place: str, time: str, as_json: bool) -> None:
    """Say which version stood in a PLACE at a TIME (UTC where it names no zone), also of a deleted model.

    \b
    Examples:
      fluvial registry served-on churn champion 2026-03-01
      fluvial registry served-on churn stage:Production "2026-03-01 12:30+02:00"
    """
    target, key = _place(place)
    request = FindServed(name=name, target=target, key=key, at=as_milliseconds(time))
    found = platform.transport.call(FIND_SERVED, request)
    if as_json:
        print_json(found)
        return
    click.echo(", ".join(found.versions) if found.versions else "None.")


@command.command("check")
@click.argument("name")
@click.argument("version")
@click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A Python file with functions gate_NAME(version), each answering True, False, or that and why.",
)
@as_json_option
@reaching
def check_command(platform: Reached, name: str, version: str, policy: Path | None, as_json: bool) -> None:
    """Evaluate the gates of a model's policy, or of a Python file, for a VERSION, and keep what they say.

    The gates of a file run here, not on the server; the model's policy asks for them by `recorded: NAME`. The
    exit status is 1 if a gate does not pass.

    \b
    Examples:
      fluvial registry check churn 7
      fluvial registry check churn 7 --policy gates.py
    """
    from fluvial.cli._registry_checks import check  # noqa: PLC0415

    check(platform, name, version, policy, as_json=as_json)


def _place(text: str) -> tuple[Any, str]:
    target, colon, key = text.partition(":")
    if not colon:
        return "alias", text
    if target not in {"alias", "stage", "state"} or not key:
        raise click.UsageError(_PLACE)
    return target, key
