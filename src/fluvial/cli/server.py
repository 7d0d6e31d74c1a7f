"""`fluvial server`: serve the platform."""

from __future__ import annotations

import os
from typing import Any

import click
from msgspec import structs

from fluvial.errors import MissingExtra
from fluvial.settings import (
    ClientSettings,
    ServerSettings,
    artifacts_of,
    database_of,
    find_home,
    read_settings,
)

# Options of MLflow's server that ask for something this server has no use for, or does not do.
_REFUSED = {
    "registry-store-uri": "the registry is in the same database",
    "read-replica-backend-store-uri": "reads go to the one database",
    "workspace-store-uri": "there are no workspaces",
    "enable-workspaces": "there are no workspaces",
    "expose-prometheus": "every server has its numbers at /metrics",
    "gunicorn-opts": "the server is not Gunicorn",
    "waitress-opts": "the server is not Waitress",
    "uvicorn-opts": "the server sets up its own workers",
    "app-name": "there are no app plug-ins",
    "trace-archival-config": "traces are not archived",
}


def _refuse(context: click.Context, parameter: click.Parameter, value: Any) -> None:  # noqa: ARG001
    if value is not None:
        option = parameter.opts[0]
        raise click.UsageError(f"{option} is not supported: {_REFUSED[option.removeprefix('--')]}.")


def _split(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:  # noqa: ARG001
    return None if value is None else tuple(part.strip() for part in value.split(",") if part.strip())


@click.command("server", context_settings={"show_default": False})
@click.option("-h", "--host", help="Address to listen on. [127.0.0.1]")
@click.option("-p", "--port", type=click.IntRange(0, 65535), help="Port; 0 picks a free one. [5000]")
@click.option(
    "--backend-store-uri",
    metavar="URI",
    help="Database: sqlite:///file.db or postgresql://… [the store in the home folder]",
)
@click.option(
    "--default-artifact-root", metavar="URI", help="Where new experiments keep artifacts, past the server."
)
@click.option(
    "--artifacts-destination", metavar="URI", help="Where the server keeps artifacts: a folder or a bucket."
)
@click.option("--serve-artifacts/--no-serve-artifacts", default=None, help="Hand artifacts through. [yes]")
@click.option(
    "--allowed-artifact-locations",
    callback=_split,
    metavar="LIST",
    help="Further places that experiments may ask for, folders of this machine among them.",
)
@click.option("--artifacts-only", is_flag=True, default=None, help="Serve artifacts and nothing else.")
@click.option("-w", "--workers", type=click.IntRange(1), help="How many processes serve, on PostgreSQL. [1]")
@click.option(
    "--allowed-hosts", callback=_split, metavar="LIST", help="Host headers to answer, with commas between."
)
@click.option(
    "--cors-allowed-origins", callback=_split, metavar="LIST", help="Web origins that may call, or *."
)
@click.option("--x-frame-options", help="Who may frame the web app: SAMEORIGIN, DENY or NONE. [SAMEORIGIN]")
@click.option("--static-prefix", metavar="PATH", help="Path below which everything is served.")
@click.option(
    "--disable-security-middleware", is_flag=True, default=None, help="Answer any Host and any Origin."
)
def command(**given: Any) -> None:
    """Serve the platform: the REST API and the web app.

    Every option is also a variable: FLUVIAL_PORT, or MLflow's MLFLOW_PORT.

    \b
    Examples:
      fluvial server
      fluvial server --host 0.0.0.0 --allowed-hosts tracking.example
      fluvial server --backend-store-uri postgresql://user@db/fluvial \\
                     --artifacts-destination s3://bucket/artifacts --workers 4
    """
    serve_with({name: value for name, value in given.items() if value is not None})


for _name in _REFUSED:
    command.params.append(click.Option([f"--{_name}"], hidden=True, expose_value=False, callback=_refuse))


def serve_with(given: dict[str, Any]) -> None:
    """Serve with these settings and the environment's, by default over the embedded store.

    Raises:
        InvalidSetting: A setting cannot be met.
        MissingExtra: The server is not installed.
    """
    try:
        from fluvial.server.run import serve  # noqa: PLC0415 - it takes a second, which --help need not
    except ModuleNotFoundError as error:
        raise MissingExtra("The server", "server") from error
    home = find_home(read_settings(ClientSettings, os.environ).home)
    defaults = {"backend_store_uri": database_of(home), "artifacts_destination": ""}
    settings = read_settings(ServerSettings, os.environ, given=given, defaults=defaults)
    if not settings.artifacts_destination:
        destination = artifacts_of(settings.backend_store_uri, home)
        settings = structs.replace(settings, artifacts_destination=str(destination))
    serve(settings, on_ready=lambda url: click.echo(f"fluvial is at {url} (Ctrl-C stops it)"))
