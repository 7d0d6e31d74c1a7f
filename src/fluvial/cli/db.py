"""`fluvial db`: look at the schema of a database, and bring it up to date."""

from __future__ import annotations

import os
import sys
from typing import Any

import click
from msgspec import Struct

from fluvial.cli._output import Column, as_json_option, number_cell, print_json, print_table, text_cell
from fluvial.cli.config import masked
from fluvial.client.targets import find_target
from fluvial.errors import InvalidSetting, MissingExtra
from fluvial.settings import ClientSettings, ServerSettings, database_of, find_home, read_settings


class Status(Struct, frozen=True, kw_only=True):
    """How a database stands.

    Attributes:
        uri: Where it is, without the password.
        schema: Version of its schema; none if it is empty or not there.
        wanted: Version that this fluvial works with.
        state: `current`, `outdated`, `empty` or `newer`.
        rows: How many rows each table has, on PostgreSQL about; nothing if it is empty or not there.
    """

    uri: str
    schema: str | None
    wanted: str
    state: str
    rows: dict[str, int] = {}


@click.group("db")
def command() -> None:
    """Look at the schema of a database, and bring it up to date.

    URI is sqlite:///file.db, postgresql://… or a folder; without one, what FLUVIAL_BACKEND_STORE_URI or
    the tracking URI says. Servers bring their database up to date at their start.

    \b
    Examples:
      fluvial db status
      fluvial db upgrade postgresql://fluvial@db/fluvial
    """


@command.command("status")
@click.argument("uri", required=False)
@as_json_option
def status(uri: str | None, as_json: bool) -> None:
    """Say which schema a database has and how many rows are in its tables, and change nothing.

    The exit status is 1 if it needs `fluvial db upgrade`, or a newer fluvial.

    \b
    Examples:
      fluvial db status
      fluvial db status sqlite:///fluvial.db --json
    """
    found = find_status(_database(uri))
    if as_json:
        print_json(found)
    else:
        remedy = {
            "current": "up to date",
            "empty": "empty: the first that logs or serves makes it",
            "outdated": f"outdated: this fluvial wants {found.wanted}. To bring it there: fluvial db upgrade",
            "newer": f"made by a newer fluvial; this one knows {found.wanted}. Upgrade fluvial.",
        }
        click.echo(f"{found.uri}\nschema {found.schema or 'none'}, {remedy[found.state]}")
        columns = [Column("table"), Column("rows", "right")]
        print_table(columns, [[text_cell(name), number_cell(n)] for name, n in found.rows.items()])
    if found.state in ("outdated", "newer"):
        sys.exit(1)


@command.command("upgrade")
@click.argument("uri", required=False)
def upgrade(uri: str | None) -> None:
    """Bring a database to the schema of this version of fluvial; make it if it is not there.

    Repeatable, in one transaction, and safe while others do the same.

    \b
    Examples:
      fluvial db upgrade
      fluvial db upgrade postgresql://fluvial@db/fluvial
    """
    database = _database(uri)
    before = find_status(database)
    _schema().open_database(database).close()
    if before.state == "current":
        click.echo(f"{before.uri} is up to date: schema {before.schema}.")
    else:
        click.echo(f"{before.uri}: schema {before.schema or 'none'} -> {before.wanted}.")


def find_status(database: str) -> Status:
    """How a database stands.

    Raises:
        InvalidSetting: It belongs to another program.
        MissingExtra: What reads databases is not installed.
    """
    schema = _schema()
    version: str | None = schema.find_version(database)
    if version is None:
        state = "empty"
    else:
        state = "current" if version == schema.HEAD else "outdated" if version < schema.HEAD else "newer"
    rows = {} if version is None else schema.count_rows(database)
    return Status(uri=masked(database), schema=version, wanted=schema.HEAD, state=state, rows=rows)


def _schema() -> Any:
    try:
        from fluvial.store import schema  # noqa: PLC0415 - it takes half a second, which --help need not
    except ModuleNotFoundError as error:
        raise MissingExtra("Looking into a database", "server") from error
    return schema


def _database(given: str | None) -> str:
    client = read_settings(ClientSettings, os.environ)
    home = find_home(client.home)
    if given is None:
        defaults = {
            "backend_store_uri": client.tracking_uri or database_of(home),
            "artifacts_destination": "",
        }
        given = read_settings(ServerSettings, os.environ, defaults=defaults).backend_store_uri
    target = find_target(given, home)
    if target.is_remote:
        raise InvalidSetting(
            f"{target.uri} is a server, which keeps its own database up to date. Name the database: "
            "fluvial db status URI."
        )
    return target.uri
