"""`fluvial version`: say which version this is."""

from __future__ import annotations

import click

from fluvial import __version__


@click.command("version")
def command() -> None:
    """Say which version this is."""
    click.echo(__version__)
