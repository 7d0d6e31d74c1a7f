"""What a server can be told at its start."""

from __future__ import annotations

from msgspec import Struct


class ServerSettings(Struct, frozen=True, kw_only=True):
    """What a server can be told at its start; the names are MLflow's options.

    Attributes:
        host: Address to listen on.
        port: Port to listen on; 0 picks a free one.
        backend_store_uri: Where everything but artifacts is kept: sqlite:/// or postgresql://.
        default_artifact_root: Where artifacts of new experiments are kept; empty for the server's own
            store, behind `mlflow-artifacts:`.
        artifacts_destination: The server's own artifact store: a folder or a bucket.
        serve_artifacts: Whether the server hands artifacts through.
        allowed_artifact_locations: Further places, folders of this machine among them, that may be
            asked for as an experiment's artifact location, and that the server reads.
        s3_endpoint_url: Where `s3:` is, if not at AWS.
        artifacts_only: Serve artifacts and nothing else.
        workers: Server processes; more than one needs PostgreSQL.
        allowed_hosts: Values of the Host header to answer, `*` within them; empty for this machine and
            private networks.
        cors_allowed_origins: Web origins that may call from a browser; `*` for all.
        x_frame_options: Who may show the web app in a frame: SAMEORIGIN, DENY or NONE.
        static_prefix: Path below which everything but the artifact streams is served.
        disable_security_middleware: Answer any Host and any Origin.
    """

    host: str = "127.0.0.1"
    port: int = 5000
    backend_store_uri: str
    default_artifact_root: str = ""
    artifacts_destination: str
    serve_artifacts: bool = True
    allowed_artifact_locations: tuple[str, ...] = ()
    s3_endpoint_url: str | None = None
    artifacts_only: bool = False
    workers: int = 1
    allowed_hosts: tuple[str, ...] = ()
    cors_allowed_origins: tuple[str, ...] = ()
    x_frame_options: str = "SAMEORIGIN"
    static_prefix: str = ""
    disable_security_middleware: bool = False
