"""The commands of `fluvial models` for keys and signatures."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fluvial.cli._models import fetched, model_argument, own_folder, password, settings, trusted
from fluvial.cli._output import as_json_option, print_json
from fluvial.cli._platform import Reached, reaching
from fluvial.errors import InvalidSetting, UntrustedModel


@click.command("keygen")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json_option
def keygen(file: Path, as_json: bool) -> None:
    """Make a key to sign models by: FILE for you alone, FILE.pub for everybody.

    FLUVIAL_SIGNING_PASSWORD encrypts it.

    \b
    Examples:
      fluvial models keygen ~/.fluvial/release.pem
    """
    from fluvial.models import signing  # noqa: PLC0415 - --help need not wait for it

    key_id = signing.make_key(file, password=password())
    if as_json:
        print_json({"key": key_id, "private": str(file), "public": f"{file}.pub"})
        return
    click.echo(f"key      {key_id}\nprivate  {file}\npublic   {file}.pub")
    if sys.stdout.isatty():
        click.echo(
            f"\nSign what you save:  export FLUVIAL_SIGNING_KEY={file}\n"
            f"Trust it elsewhere:  export FLUVIAL_TRUSTED_KEYS={file}.pub FLUVIAL_REQUIRE_SIGNED=true"
        )


@click.command("sign")
@model_argument
@click.option("--key", type=click.Path(path_type=Path), help="Private key, a PEM file. [FLUVIAL_SIGNING_KEY]")
@as_json_option
def sign(model: str, key: Path | None, as_json: bool) -> None:
    """Sign a model in a folder, over all of its files.

    \b
    Examples:
      fluvial models sign ./model --key ~/.fluvial/release.pem
    """
    from fluvial.models import manifest, signing  # noqa: PLC0415 - as above

    file = key or (Path(settings().signing_key) if settings().signing_key else None)
    if file is None:
        raise InvalidSetting("Say which key to sign by: --key, or FLUVIAL_SIGNING_KEY.")
    folder = own_folder(model)
    if manifest.check(folder) is None:
        manifest.write(folder)  # of a model that MLflow saved
    signature = signing.sign(folder, file, password=password())
    if as_json:
        print_json({"model": model, "key": signature.signer})
    else:
        click.echo(f"{model} is signed by the key {signature.signer}.")


@click.command("verify-signature")
@model_argument
@click.option(
    "--trust",
    multiple=True,
    metavar="FILE",
    help="Public key, folder of them, or Sigstore's trusted_root.json.",
)
@as_json_option
@reaching
def verify_signature(platform: Reached, model: str, trust: tuple[str, ...], as_json: bool) -> None:
    """Say who signed a model, if its files are those that were signed.

    The exit status is 1 where nobody did that is trusted.

    \b
    Examples:
      fluvial models verify-signature models:/churn@champion --trust release.pem.pub
    """
    from fluvial.models import manifest, signing  # noqa: PLC0415 - as above

    folder = fetched(platform, model)
    manifest.check(folder, is_required=True)
    signature = signing.check(folder, trusted(trust), is_required=True)
    if signature is None:
        raise UntrustedModel(f"{model} is not signed.")
    if as_json:
        print_json({"model": model, "signature": signature})
    else:
        vouched = f", whom {signature.issuer} vouches for" if signature.issuer else ""
        click.echo(f"{model} is signed by {signature.signer}{vouched}.")
