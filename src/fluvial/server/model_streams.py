"""Files of logged models and of versions over HTTP, wherever they are kept."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from fluvial.artifacts import checked_name
from fluvial.artifacts.locations import Place
from fluvial.errors import InvalidRequest
from fluvial.server.download import download
from fluvial.server.store_threads import in_thread, reading
from fluvial.server.streams import StreamCall, stream
from fluvial.services.context import Context, Permission
from fluvial.services.model_files import place_of_logged_model, place_of_version


@stream("GET", path="/model-versions/get-artifact", needs=Permission.READ)
async def get_version_file(call: StreamCall) -> Response:
    """Read a file of a version.

    Raises:
        NotFound: No such version or file.
        InvalidRequest: It is a folder, or the query says too little.
    """
    name, version, path = (_said(call, field) for field in ("name", "version", "path"))
    return await _send(call, path, lambda context: place_of_version(context, name, version))


@stream("GET", path="/api/2.0/mlflow/logged-models/{model_id}/artifacts/files", needs=Permission.READ)
async def get_model_file(call: StreamCall) -> Response:
    """Read a file of a logged model.

    Raises:
        NotFound: No such model or file.
        InvalidRequest: It is a folder, or the query says too little.
    """
    model_id = call.request.path_params["model_id"]
    path = _said(call, "artifact_file_path")
    return await _send(call, path, lambda context: place_of_logged_model(context, model_id))


async def _send(call: StreamCall, path: str, find: Callable[[Context], Place]) -> Response:
    place = await in_thread(call.platform.read_with, Permission.READ, call.principal, find)
    return await download(call.request, place.store, place.key(checked_name(path)), reading())


def _said(call: StreamCall, field: str) -> str:
    value = call.request.query_params.get(field)
    if not value:
        raise InvalidRequest(f"The request lacks {field!r}.")
    return value
