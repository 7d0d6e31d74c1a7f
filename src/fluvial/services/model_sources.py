"""What may be registered: the files of runs and of logged models, other versions, and buckets.

A version is read by whoever serves it, with their rights. A source that named any place, a host or a folder
of the server would let whoever registers read what is there, so that a source has to lie where this server
put the files of the run or the logged model that the caller names, or in a bucket, which its readers open
with their own rights.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from fluvial.artifacts import BUCKETS, Uri, checked_folder
from fluvial.artifacts.locations import MAX_LOCATION_CHARS
from fluvial.entities.registered_model import LATEST, Stage
from fluvial.errors import InvalidRequest, NotFound
from fluvial.services import rules
from fluvial.services.context import Context
from fluvial.store import logged_models, model_versions, registered_models, runs
from fluvial.store.model_versions import VersionRow
from fluvial.wire.model_versions import CreateModelVersion

PROMPT_SOURCES = ("dummy-source", "prompt-template")
_LOGGED = re.compile(r"models:/(m-[0-9a-f]{32})")
_VERSION = re.compile(r"models:/(?P<name>[^/@:]+)(?:/(?P<version>[^/@]+)|@(?P<alias>[\w-]+))")
_RUN = re.compile(r"runs:/(?P<run>[^/]+)(?:/(?P<path>.*))?")


class Source(NamedTuple):
    """What is registered.

    Attributes:
        source: As it is kept, and shown.
        storage_uri: Where the files are.
        run_id: The run that it comes from; "" where there is none.
        model_id: The logged model that it comes from; "" where there is none.
    """

    source: str
    storage_uri: str
    run_id: str
    model_id: str


def resolve(context: Context, request: CreateModelVersion, *, is_prompt: bool) -> Source:
    """What a request would register, if it may.

    Raises:
        InvalidRequest: The source is somewhere else, or not the named run's or model's.
        NotFound: There is no such run, logged model or version.
    """
    source = request.source
    rules.check_length("The source of a version", source, MAX_LOCATION_CHARS)
    if is_prompt:
        if source not in PROMPT_SOURCES:
            raise InvalidRequest(f"The source of a prompt is {' or '.join(PROMPT_SOURCES)}, not {source!r}.")
        return Source(source, "", request.run_id, request.model_id)
    if not source:
        raise InvalidRequest("The request lacks 'source'.")
    if request.run_id:
        rules.check_run_id(request.run_id)
    if (match := _LOGGED.fullmatch(source)) is not None:
        return _of_logged_model(context, request, match[1])
    if (match := _VERSION.fullmatch(source)) is not None:
        found = find_version(context, match["name"], match["version"], match["alias"])
        return Source(
            f"models:/{found.name}/{found.version}",
            found.storage_uri,
            request.run_id or found.run_id,
            request.model_id or found.model_id,
        )
    if (match := _RUN.fullmatch(source)) is not None:
        if match["run"] != request.run_id:
            raise _foreign(source, "run_id")
        path = checked_folder(match["path"] or "")
        root = runs.get(context.transaction, request.run_id).artifact_uri
        return Source(source, f"{root}/{path}" if path else root, request.run_id, request.model_id)
    return _of_place(context, request)


def find_version(context: Context, name: str, version: str | None, alias: str | None) -> VersionRow:
    """The version that `name/3`, `name/latest`, `name/Production` or `name@alias` means.

    Raises:
        NotFound: No such model or version, or the stage is empty.
        InvalidRequest: No such alias; or it is neither a number nor a stage.
    """
    registered = registered_models.get(context.transaction, name)
    if alias is not None and alias.lower() != LATEST:
        aliases = registered_models.aliases_of(context.transaction, [registered.registered_id])
        number = aliases.get(registered.registered_id, {}).get(alias)
        if number is None:
            raise InvalidRequest(f"The registered model {name!r} has no alias {alias[:100]!r}.")
        return model_versions.get(context.transaction, name, number)
    if version is None or version.lower() == LATEST:
        newest = model_versions.find_newest(context.transaction, registered.registered_id)
        if newest is None:
            raise NotFound(f"The registered model {name!r} has no versions.")
        return newest
    if version.isdecimal():
        return model_versions.get(context.transaction, name, version_number(version))
    stage = Stage.named(version)
    if stage is None:
        raise InvalidRequest(f"models:/{name}/{version}: a version is a number, a stage or {LATEST}.")
    there = model_versions.in_stage(context.transaction, registered.registered_id, stage)
    if not there:
        raise NotFound(f"The registered model {name!r} has no version in {stage}.")
    return there[-1]


def version_number(text: str) -> int:
    """The number of a version.

    Raises:
        InvalidRequest: It is none.
    """
    if not (text.isascii() and text.isdecimal()) or int(text) >= 2**31:
        raise InvalidRequest(f"A version is a whole number, not {text[:100]!r}.")
    return int(text)


def _of_logged_model(context: Context, request: CreateModelVersion, model_id: str) -> Source:
    if request.model_id != model_id:
        raise _foreign(request.source, "model_id")
    model = logged_models.get(context.transaction, model_id)
    return Source(request.source, model.artifact_uri, request.run_id or model.source_run_id, model_id)


def _of_place(context: Context, request: CreateModelVersion) -> Source:
    """A URI or a path: below the files of what the request names, or in a bucket."""
    source = request.source
    run_id = request.run_id
    roots = []
    if request.model_id:
        model = logged_models.get(context.transaction, request.model_id)
        roots.append(model.artifact_uri)
        run_id = run_id or model.source_run_id
    if request.run_id:
        roots.append(runs.get(context.transaction, request.run_id).artifact_uri)
    uri = Uri.parse(source)
    if uri is None:
        raise InvalidRequest(f"The source {source!r} has a query or a fragment.")
    checked_folder(uri.path.strip("/"))
    if any(context.locations.is_below(root, source) for root in roots):
        return Source(source, source, run_id, request.model_id)
    if uri.scheme in BUCKETS:
        return Source(source, context.locations.check(source), run_id, request.model_id)
    raise _foreign(source, "run_id or model_id")


def _foreign(source: str, field: str) -> InvalidRequest:
    return InvalidRequest(
        f"The source {source!r} is refused: it is not among the files of what the request's {field} names. "
        "Register a run's or a logged model's files, another version (models:/name/1), or a bucket."
    )
