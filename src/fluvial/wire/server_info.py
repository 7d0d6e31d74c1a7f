"""What the server is and can do."""

from __future__ import annotations

from fluvial.wire.endpoint import Empty, Endpoint, Message


class ServerFeatures(Message, frozen=True, kw_only=True):
    """Optional parts that are switched on."""

    gateway: bool


class ServerInfo(Message, frozen=True, kw_only=True):
    """What clients ask before they choose how to talk to the server."""

    store_type: str
    workspaces_enabled: bool
    trace_archival_enabled: bool
    multipart_uploads_enabled: bool
    multipart_downloads_enabled: bool
    presigned_upload_run_id_supported: bool
    presigned_upload_model_id_supported: bool
    features_enabled: ServerFeatures
    fluvial_version: str


GET_SERVER_INFO = Endpoint("GET", "/api/3.0/mlflow/server-info", Empty, ServerInfo)
