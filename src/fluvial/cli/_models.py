"""What the commands for models share: the model that a URI names, and whose signatures count."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from fluvial.errors import InvalidRequest
from fluvial.settings import ClientSettings, cache_of, read_settings

if TYPE_CHECKING:
    from fluvial.cli._platform import Reached
    from fluvial.models.signing import Trusted

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def model_argument(function: Decorated) -> Decorated:
    """Give a command the argument MODEL."""
    return click.argument("model", metavar="MODEL")(function)


def pickle_option(function: Decorated) -> Decorated:
    """Give a command the option --allow-pickle."""
    return click.option(
        "--allow-pickle",
        is_flag=True,
        help="Load its pickles: they can run any code. Only if you trust its maker.",
    )(function)


def trusted_option(function: Decorated) -> Decorated:
    """Give a command the option --trusted."""
    return click.option(
        "--trusted",
        "types",
        multiple=True,
        metavar="TYPE",
        help="A type beside its framework's own that may be made.",
    )(function)


def settings() -> ClientSettings:
    """What the environment of this process says."""
    return read_settings(ClientSettings, os.environ)


def cache() -> Path:
    """Where environments are kept."""
    return cache_of(settings().cache)


def trusted(places: tuple[str, ...] = ()) -> Trusted:
    """Whose signatures count: those of the settings, and the given."""
    from fluvial.models import signing  # noqa: PLC0415 - loads a library for keys

    said = settings()
    return signing.trusted_of([*said.trusted_keys, *places], said.trusted_identities)


def local_model(platform: Reached, uri: str) -> Path:
    """The folder of a model, fetched if it is elsewhere, and held to what the settings require.

    Raises:
        NotFound: There is no such model.
        ModelDamaged: It is not what was saved.
        UntrustedModel: It lacks the manifest or the signature that the settings require.
    """
    folder = fetched(platform, uri)
    hold_to_settings(folder)
    return folder


def hold_to_settings(folder: Path) -> None:
    """Check a model's manifest, and its signature where the settings require one.

    Raises:
        ModelDamaged: It is not what was saved.
        UntrustedModel: It lacks the manifest or the signature that the settings require.
    """
    from fluvial.models import manifest, signing  # noqa: PLC0415 - only where a model is used

    said = settings()
    manifest.check(folder, is_required=said.require_manifest)
    if said.require_signed:
        signing.check(folder, trusted(), is_required=True)


def fetched(platform: Reached, uri: str) -> Path:
    """The folder of a model, fetched from the platform if it is there; nothing of it is checked yet.

    Raises:
        NotFound: There is no such model.
    """
    from fluvial.client.models import local_folder  # noqa: PLC0415 - as above
    from fluvial.client.process import this_process  # noqa: PLC0415

    this_process().use(platform.target.uri)
    return local_folder(uri)


def own_folder(uri: str) -> Path:
    """The folder of a model of this machine, to be changed.

    Raises:
        InvalidRequest: It is elsewhere: what was logged is not changed.
    """
    folder = Path(uri).expanduser()
    if not (folder / "MLmodel").is_file():
        raise InvalidRequest(
            f"{uri} is no folder of this machine with a model in it. What was logged or registered stays as "
            "it is: fetch it, change the copy, and log that."
        )
    return folder


def seal(folder: Path) -> str:
    """Write the manifest of a model that was changed, and sign it if the settings name a key.

    Returns:
        What was done, for people.
    """
    from fluvial.models import manifest, signing  # noqa: PLC0415

    (folder / manifest.SIGNATURE_FILE).unlink(missing_ok=True)
    manifest.write(folder)
    key = settings().signing_key
    if not key:
        return "Its manifest is new; nobody has signed it."
    signature = signing.sign(folder, Path(key), password=password())
    return f"Its manifest is new, and signed by the key {signature.signer}."


def password() -> str:
    """Of the private key."""
    return settings().signing_password
