"""The command `fluvial`: each module of this folder is a command, and defines it as `command`."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import click

from fluvial.errors import FluvialError, InvalidSetting

USAGE_STATUS = 2


class Commands(click.Group):
    """The commands of this folder, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names."""
        return sorted(module.name for module in pkgutil.iter_modules(__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"fluvial.cli.{cmd_name}").command
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def root() -> None:
    """Track experiments, package models, serve and watch them.

    \b
    Examples:
      fluvial ui                        look at what was logged on this machine
      fluvial server --host 0.0.0.0     serve a team
      fluvial sync                      send what could not be sent before
    """


def main() -> None:
    """Run the command line. Errors of fluvial are one line, and the exit status 1; 2 for wrong settings."""
    try:
        root()
    except FluvialError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(USAGE_STATUS if isinstance(error, InvalidSetting) else 1)
