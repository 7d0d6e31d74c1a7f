"""`fluvial config`: show every setting, its value, and where that comes from."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator

import click
from msgspec import Struct

from fluvial.cli._output import Cell, Column, as_json_option, is_terminal, print_json, print_table, text_cell
from fluvial.settings import (
    PREFIX,
    ClientSettings,
    ServerSettings,
    artifacts_of,
    database_of,
    find_home,
    meanings,
    read_settings,
    variable_of,
)

_SECRETS = ("tracking_token", "tracking_password", "signing_password")
_MASK = "********"
_PASSWORD_IN_URL = re.compile(r"(?<=://)([^/@:\s]*):([^/@\s]+)@")
_WIDE = 120


class Setting(Struct, frozen=True, kw_only=True):
    """One setting as it is now.

    Attributes:
        name: Its name; the variable is FLUVIAL_ and the name in capitals.
        used_by: `client` or `server`.
        value: As text; secrets are masked.
        source: The variable that gives it, or `default`.
        meaning: What it is for.
    """

    name: str
    used_by: str
    value: str
    source: str
    meaning: str


@click.command("config")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--changed", is_flag=True, help="Only those that a variable gives.")
@as_json_option
def command(names: tuple[str, ...], changed: bool, as_json: bool) -> None:
    """Show every setting, its value, and where that comes from.

    A setting NAME is the variable FLUVIAL_NAME; where that is not set, MLflow's variable of the same
    meaning counts. Secrets are masked.

    \b
    Examples:
      fluvial config
      fluvial config tracking_uri home
      fluvial config --changed --json
    """
    found = list(_settings())
    for name in names:
        known = [setting.name for setting in found]
        if _plain(name) not in known:
            near = difflib.get_close_matches(_plain(name), known, n=1)
            raise click.UsageError(
                f"There is no setting {name!r}." + (f" Did you mean {near[0]}?" if near else "")
            )
    wanted = {_plain(name) for name in names}
    shown = [
        setting
        for setting in found
        if (not wanted or setting.name in wanted) and (not changed or setting.source != "default")
    ]
    if as_json:
        for setting in shown:
            print_json(setting)
        return
    has_meanings = not is_terminal() or os.get_terminal_size().columns >= _WIDE
    columns = [
        Column("used by"),
        Column("setting", min_width=28),
        Column("value"),
        Column("from", min_width=12),
        *([Column("meaning", style="dim")] if has_meanings else []),
    ]
    print_table(columns, (_row(setting)[: len(columns)] for setting in shown))


def masked(text: str) -> str:
    """A URL without the password in it."""
    return _PASSWORD_IN_URL.sub(rf"\1:{_MASK}@", text)


def _settings() -> Iterator[Setting]:
    client = read_settings(ClientSettings, os.environ)
    home = find_home(client.home)
    server = read_settings(
        ServerSettings,
        os.environ,
        defaults={"backend_store_uri": database_of(home), "artifacts_destination": ""},
    )
    derived = {
        "home": str(home),
        "tracking_uri": database_of(home),
        "artifacts_destination": str(artifacts_of(server.backend_store_uri, home)),
    }
    for used_by, values in (("client", client), ("server", server)):
        for name, meaning in meanings(type(values)).items():
            value = getattr(values, name)
            if name in _SECRETS and value:
                text = _MASK
            elif isinstance(value, tuple):
                text = ",".join(value)
            else:
                text = str(value).lower() if isinstance(value, bool) else str("" if value is None else value)
            yield Setting(
                name=name,
                used_by=used_by,
                value=masked(text or derived.get(name, "")),
                source=variable_of(name, os.environ) or "default",
                meaning=meaning,
            )


def _row(setting: Setting) -> list[Cell]:
    is_default = setting.source == "default"
    return [
        text_cell(setting.used_by, "dim"),
        text_cell(setting.name),
        text_cell(setting.value, "" if is_default else "bold"),
        text_cell(setting.source, "dim" if is_default else "green"),
        text_cell(setting.meaning),
    ]


def _plain(name: str) -> str:
    return name.lower().removeprefix(PREFIX.lower())
