"""Where a model is, as URIs say it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from fluvial.artifacts import Uri, checked_folder
from fluvial.errors import InvalidRequest

_MODEL_ID = re.compile(r"m-[0-9a-f]{32}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:")
_FORMS = (
    "runs:/<run id>/<name>, models:/<name>/<version>, models:/<name>@<alias>, models:/<model id>, a folder, "
    "or a folder of a bucket (s3://, gs:// or az://)"
)


class LocalModel(Struct, frozen=True):
    """A folder of this machine."""

    folder: Path


class LoggedModelUri(Struct, frozen=True):
    """A logged model, by its id."""

    model_id: str


class VersionUri(Struct, frozen=True):
    """A version of a registered model.

    Attributes:
        name: Of the registered model.
        version: Its number, `latest` for the newest, or a stage of old.
    """

    name: str
    version: str


class AliasUri(Struct, frozen=True):
    """The version of a registered model that an alias names."""

    name: str
    alias: str


class RunModelUri(Struct, frozen=True):
    """A model that a run made, by its name or its folder among the run's artifacts."""

    run_id: str
    path: str


class StoredModel(Struct, frozen=True):
    """A folder of a bucket, which is read with the caller's credentials."""

    uri: str


ModelUri = LocalModel | LoggedModelUri | VersionUri | AliasUri | RunModelUri | StoredModel


def parse_model_uri(uri: str) -> ModelUri:
    """What a URI of a model names.

    Raises:
        InvalidRequest: It names none, or leads out of its bucket.
    """
    if not _SCHEME.match(uri):
        return LocalModel(Path(uri).expanduser())
    scheme, _, rest = uri.partition(":")
    scheme = scheme.lower()
    if scheme == "file":
        place = urlsplit(uri)
        if place.netloc in {"", "localhost"}:
            return LocalModel(Path(unquote(place.path)))
    elif scheme == "runs":
        run_id, _, path = rest.lstrip("/").partition("/")
        if run_id and path.strip("/"):
            return RunModelUri(run_id, path.strip("/"))
    elif scheme == "models":
        found = _registered(rest.strip("/"))
        if found is not None:
            return found
    else:
        bucket = Uri.parse(uri)
        if bucket is not None and bucket.is_bucket:
            checked_folder(bucket.path.strip("/"))
            return StoredModel(str(bucket))
    raise InvalidRequest(f"The URI {uri!r} names no model. It is {_FORMS}.")


def _registered(rest: str) -> ModelUri | None:
    if _MODEL_ID.fullmatch(rest):
        return LoggedModelUri(rest)
    name, at, alias = rest.rpartition("@")
    if at:
        return AliasUri(name, alias) if name and alias and "/" not in rest else None
    name, slash, version = rest.rpartition("/")
    return VersionUri(name, version) if slash and name and version and "/" not in name else None
