"""`fluvial completion`: print a script that completes commands and options in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

VARIABLE = "_FLUVIAL_COMPLETE"


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print a script that completes commands, options and their values in a shell.

    \b
    Examples:
      eval "$(fluvial completion bash)"                                  in ~/.bashrc
      eval "$(fluvial completion zsh)"                                   in ~/.zshrc
      fluvial completion fish > ~/.config/fish/completions/fluvial.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    click.echo(kind(context.find_root().command, {}, "fluvial", VARIABLE).source())
