"""What the server is and can do."""

from __future__ import annotations

from fluvial import __version__
from fluvial.services.context import Context, Permission
from fluvial.services.routes import serve
from fluvial.wire.endpoint import Empty
from fluvial.wire.server_info import GET_SERVER_INFO, ServerFeatures, ServerInfo


@serve(GET_SERVER_INFO, needs=Permission.NONE)
def get_server_info(context: Context, request: Empty) -> ServerInfo:
    """What clients ask before they choose how to talk to the server."""
    del request
    return ServerInfo(
        store_type="SqlStore",
        workspaces_enabled=False,
        trace_archival_enabled=False,
        multipart_uploads_enabled=context.locations.takes_multipart,
        multipart_downloads_enabled=context.locations.signs_downloads,
        presigned_upload_run_id_supported=True,
        presigned_upload_model_id_supported=True,
        features_enabled=ServerFeatures(gateway=False),
        fluvial_version=__version__,
    )
