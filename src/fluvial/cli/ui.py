"""`fluvial ui`: look at what was logged on this machine."""

from __future__ import annotations

from typing import Any

import click

from fluvial.cli import server


def _serve(**given: Any) -> None:
    server.serve_with({name: value for name, value in given.items() if value is not None})


command = click.Command(
    "ui",
    callback=_serve,
    params=server.command.params,
    help="""Look at what was logged on this machine; the same as `fluvial server`.

    \b
    Examples:
      fluvial ui
      fluvial ui --port 0
    """,
)
