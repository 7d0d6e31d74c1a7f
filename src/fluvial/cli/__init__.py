"""The command `fluvial`: each public module of this folder is a command, and defines it as `command`."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
from importlib.machinery import FileFinder
from pathlib import Path
from typing import Any

import click

from fluvial.errors import (
    FluvialError,
    InvalidFilter,
    InvalidSetting,
    NotFound,
    Unauthenticated,
    Unreachable,
)

ERROR_STATUS = 1
USAGE_STATUS = 2
NOT_FOUND_STATUS = 3
UNREACHABLE_STATUS = 4
INTERRUPTED_STATUS = 130

# The first line of a command's module: """`fluvial name`: what it does."""
_SUMMARY = re.compile(r'"""`fluvial [\w ]+`: (.+?)\.?(?:"""|$)')


class Failed(click.ClickException):
    """What went wrong, in the words of a FluvialError, with the command to try next.

    Attributes:
        exit_code: Says to scripts what kind of failure it was; docs/cli.md lists them.
        hint: The command to try next; empty where there is none.
    """

    exit_code: int  # type: ignore[misc]  # click has one for all of a class

    def __init__(self, error: FluvialError) -> None:
        super().__init__(str(error))
        known = ((status, hint) for kind, status, hint in _KINDS if isinstance(error, kind))
        self.exit_code, self.hint = next(known, (ERROR_STATUS, ""))

    def show(self, file: Any = None) -> None:
        """Print it."""
        word = click.style("Error:", fg="red", bold=True)
        hint = f"\n  {self.hint}" if self.hint else ""
        click.echo(f"{word} {self.message}{hint}", file=file, err=True, color=_colour())


_KINDS: tuple[tuple[type[FluvialError], int, str], ...] = (
    (Unreachable, UNREACHABLE_STATUS, "fluvial doctor says what is wrong between here and there."),
    (Unauthenticated, ERROR_STATUS, "fluvial config shows which user or token is sent."),
    (InvalidSetting, USAGE_STATUS, ""),
    (InvalidFilter, USAGE_STATUS, ""),
    (NotFound, NOT_FOUND_STATUS, ""),
)


class Commands(click.Group):
    """The commands of this folder, each loaded when it is asked for; --help loads none."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names."""
        return sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"fluvial.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List them with the first lines of their modules, which takes no import."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_summaries().items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is asked for; else an error that names the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise _with_suggestion(error, args[0], self.list_commands(ctx)) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command. Errors of fluvial become one line and an exit status, Ctrl-C a status alone."""
        try:
            return super().invoke(ctx)
        except FluvialError as error:
            raise Failed(error) from error
        except KeyboardInterrupt:
            click.echo(err=True)
            raise click.exceptions.Exit(INTERRUPTED_STATUS) from None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def root(context: click.Context) -> None:
    """Track experiments, package models, serve and watch them.

    \b
    Examples:
      fluvial demo                      fill a store to look around in
      fluvial ui                        look at what was logged on this machine
      fluvial runs list                 the newest runs
      fluvial runs watch                follow the newest run that is running
      fluvial server --host 0.0.0.0     serve a team
      fluvial sync                      send what could not be sent before
      fluvial doctor                    find out what is wrong
    """
    context.color = _colour()


def main() -> None:
    """Run the command line; docs/cli.md lists the exit statuses."""
    root()


def _colour() -> bool | None:
    """Never where NO_COLOR is set; else where the output is a terminal."""
    return False if os.environ.get("NO_COLOR") else None


def _summaries() -> dict[str, str]:
    found = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("_") or not isinstance(module.module_finder, FileFinder):
            continue
        place = Path(module.module_finder.path, module.name)
        file = place / "__init__.py" if module.ispkg else place.with_suffix(".py")
        with file.open(encoding="utf-8") as source:
            summary = _SUMMARY.match(source.readline())
        text = summary[1] if summary else ""
        found[module.name] = text[:1].upper() + text[1:]
    return dict(sorted(found.items()))


def _with_suggestion(error: click.UsageError, given: str, known: list[str]) -> click.UsageError:
    import difflib  # noqa: PLC0415 - only a mistyped command needs it

    near = difflib.get_close_matches(given, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else " fluvial --help lists the commands."
    return click.UsageError(f"{error.message.rstrip('.')}.{hint}", ctx=error.ctx)
