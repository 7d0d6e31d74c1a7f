"""Every setting: name, type, default, meaning. Read from the environment once, at start.

A setting `name` is the variable `FLUVIAL_NAME`. Where it is not set, MLflow's variable of the same
meaning is honoured. A `FLUVIAL_` variable that is no setting is refused, so that no typo is obeyed.
"""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from fluvial.errors import InvalidSetting

PREFIX = "FLUVIAL_"
HOME_NAME = ".fluvial"

_MLFLOW_NAMES = {
    "tracking_uri": "MLFLOW_TRACKING_URI",
    "experiment_name": "MLFLOW_EXPERIMENT_NAME",
    "experiment_id": "MLFLOW_EXPERIMENT_ID",
    "run_id": "MLFLOW_RUN_ID",
    "run_context": "MLFLOW_RUN_CONTEXT",
    "tracking_token": "MLFLOW_TRACKING_TOKEN",
    "tracking_username": "MLFLOW_TRACKING_USERNAME",
    "tracking_password": "MLFLOW_TRACKING_PASSWORD",
    "insecure_tls": "MLFLOW_TRACKING_INSECURE_TLS",
    "server_cert_path": "MLFLOW_TRACKING_SERVER_CERT_PATH",
    "client_cert_path": "MLFLOW_TRACKING_CLIENT_CERT_PATH",
    "http_timeout_s": "MLFLOW_HTTP_REQUEST_TIMEOUT",
    "capture_system_metrics": "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING",
    "system_metrics_sampling_interval_s": "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL",
    "system_metrics_samples_before_logging": "MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING",
    "system_metrics_node_id": "MLFLOW_SYSTEM_METRICS_NODE_ID",
    "host": "MLFLOW_HOST",
    "port": "MLFLOW_PORT",
    "backend_store_uri": "MLFLOW_BACKEND_STORE_URI",
    "default_artifact_root": "MLFLOW_DEFAULT_ARTIFACT_ROOT",
    "artifacts_destination": "MLFLOW_ARTIFACTS_DESTINATION",
    "serve_artifacts": "MLFLOW_SERVE_ARTIFACTS",
    "s3_endpoint_url": "MLFLOW_S3_ENDPOINT_URL",
    "artifacts_only": "MLFLOW_ARTIFACTS_ONLY",
    "workers": "MLFLOW_WORKERS",
    "allowed_hosts": "MLFLOW_SERVER_ALLOWED_HOSTS",
    "cors_allowed_origins": "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS",
    "x_frame_options": "MLFLOW_SERVER_X_FRAME_OPTIONS",
    "static_prefix": "MLFLOW_STATIC_PREFIX",
    "webhook_key": "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY",
    "webhook_timeout_s": "MLFLOW_WEBHOOK_REQUEST_TIMEOUT",
    "webhook_allow_private": "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS",
    "disable_security_middleware": "MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE",
}


class ClientSettings(Struct, frozen=True, kw_only=True):
    """What a process that logs or reads can be told by its environment.

    Attributes:
        tracking_uri: Where to log to: the URL of a server, or of several with commas between; of a
            database; or a folder. Empty for the store in the home folder.
        experiment_name: Experiment of runs that name none.
        experiment_id: The same, by id.
        run_id: Run that `start_run()` resumes.
        run_context: Tags of every new run, as a JSON object of texts.
        home: Folder of the embedded store and of the journals. Empty for the nearest `.fluvial` folder
            upward, else `~/.fluvial`.
        offline: Keep the journal and send nothing; `fluvial sync` sends it later.
        tracking_token: Sent as `Authorization: Bearer`.
        tracking_username: Sent with the password as `Authorization: Basic`.
        tracking_password: See `tracking_username`.
        insecure_tls: Do not check the server's certificate.
        server_cert_path: Certificates to trust, a PEM file.
        client_cert_path: Certificate to show, a PEM file with its key.
        http_timeout_s: How long an answer may take, in seconds.
        exit_timeout_s: How long the end of the process waits for what is unsent, in seconds.
        capture: Capture what a run consists of by itself; false leaves user and source file alone.
        capture_machine: Host, platform and Python version, as tags.
        capture_command: The command line, as a tag, secrets masked.
        capture_environment: Variables to keep, as tags; `none` for none.
        capture_git: Commit, branch and remote, as tags.
        capture_diff: Uncommitted changes, as an artifact, secrets masked.
        capture_diff_limit_bytes: Of them, how much is kept.
        capture_packages: The installed packages, as an artifact.
        capture_console: What the program prints, as artifacts.
        capture_console_limit_bytes: Of that, how much is kept for a run.
        capture_seeds: Random seeds that are set, as tags.
        capture_speed: Training steps per second, as a metric.
        capture_system_metrics: CPU, memory, disk, network and GPUs, as metrics.
        system_metrics_sampling_interval_s: Time between two samples of these, in seconds.
        system_metrics_samples_before_logging: How many samples make one point, their mean.
        system_metrics_node_id: Name of this machine in the metrics of a run that has several.
        term_timeout_s: The same where a SIGTERM ends the process, before somebody sends a SIGKILL.
        heartbeat_s: How often the server is told that this process's runs are alive, in seconds; 0 for never.
        stop_on_request: Whether a program ends its run when somebody asks for that in the web app.
        run_silence_s: As the server's, for the embedded store.
        journal_save_s: How often the journal is brought from the kernel to the disk, in seconds: what a
            power failure costs at most. A process that is killed loses nothing either way.
        journal_max_bytes: The most that this process's journal takes on the disk while nothing can be sent.
        require_manifest: Load no model without a manifest of its files; those that MLflow saved have none.
        require_signed: Load no model that nobody signs whose key is among `trusted_keys`.
        trusted_keys: Public keys of those whose models are trusted, PEM files or folders of them.
        trusted_identities: Identities whose signatures by Sigstore are trusted, each with who vouches for it:
            `ci@example.com https://accounts.google.com`; `trusted_keys` has the `trusted_root.json` for it.
        signing_key: The private key by which models are signed when they are saved, a PEM file.
        signing_password: Of that key; empty where it has none.
        cache: Folder of the environments that are rebuilt for models. Empty for `~/.cache/fluvial`.
        vulnerability_url: Whom to ask about known vulnerabilities of packages, an API like OSV's; `none` for
            nobody.
    """

    tracking_uri: str = ""
    experiment_name: str = ""
    experiment_id: str = ""
    run_id: str = ""
    run_context: str = ""
    home: str = ""
    offline: bool = False
    tracking_token: str = ""
    tracking_username: str = ""
    tracking_password: str = ""
    insecure_tls: bool = False
    server_cert_path: str = ""
    client_cert_path: str = ""
    http_timeout_s: float = 120.0
    exit_timeout_s: float = 60.0
    capture: bool = True
    capture_machine: bool = True
    capture_command: bool = True
    capture_environment: tuple[str, ...] = (
        "CONDA_DEFAULT_ENV",
        "CUDA_VISIBLE_DEVICES",
        "OMP_NUM_THREADS",
        "SLURM_JOB_ID",
        "RANK",
        "LOCAL_RANK",
        "WORLD_SIZE",
    )
    capture_git: bool = True
    capture_diff: bool = True
    capture_diff_limit_bytes: int = 1_000_000
    capture_packages: bool = True
    capture_console: bool = True
    capture_console_limit_bytes: int = 8_000_000
    capture_seeds: bool = True
    capture_speed: bool = True
    capture_system_metrics: bool = True
    system_metrics_sampling_interval_s: float = 10.0
    system_metrics_samples_before_logging: int = 1
    system_metrics_node_id: str = ""
    term_timeout_s: float = 5.0
    heartbeat_s: float = 30.0
    stop_on_request: bool = True
    run_silence_s: float = 300.0
    journal_save_s: float = 5.0
    journal_max_bytes: int = 20 * 1024**3
    require_manifest: bool = False
    require_signed: bool = False
    trusted_keys: tuple[str, ...] = ()
    trusted_identities: tuple[str, ...] = ()
    signing_key: str = ""
    signing_password: str = ""
    cache: str = ""
    vulnerability_url: str = "https://api.osv.dev"


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
        workers: How many processes serve, on PostgreSQL; SQLite has one, with threads.
        allowed_hosts: Values of the Host header to answer, `*` within them; empty for this machine and
            private networks.
        cors_allowed_origins: Web origins that may call from a browser; `*` for all.
        x_frame_options: Who may show the web app in a frame: SAMEORIGIN, DENY or NONE.
        static_prefix: Path below which everything but the artifact streams is served.
        disable_security_middleware: Answer any Host and any Origin.
        run_silence_s: A run whose client gives signs of life, and gives none for so many seconds, is marked
            FAILED; 0 for never.
        database_connections: How many connections each process opens to PostgreSQL at most, and one more.
        database_wait_s: How long a request waits for one of them before it is told to come again.
        upgrade_database: Bring the database to this version's schema at the start; if false, a database that
            lacks migrations is refused, and `fluvial db upgrade` applies them.
        drain_delay_s: After a SIGTERM, how long requests are still accepted while the server says that it is
            not ready, so that load balancers notice.
        drain_s: How long requests that have begun may take after that, and then the job at hand.
        max_queued_requests: How many requests may be under way; further ones are told to come again (429).
        max_queued_bytes: How many bytes their bodies may have together; in memory they take some times that.
        max_artifact_bytes: The largest file that may be sent; 0 for whatever the artifact store takes.
        slow_client_s: How long a client may take for the headers of a request, and how often it is looked at
            after that: one that sends less than 1 kB a second, or takes nothing of its answer for four looks,
            is cut off.
        log_level: The least that is logged: debug, info, warning or error; from info on, each request.
        log_format: `text`, or `json` for an object per line.
        metrics: Serve `/metrics` for Prometheus.
        compaction_idle_s: The points of a run to which nothing was logged for so many seconds are compacted;
            those of a busy run are as soon as there are enough of them. Negative for no compaction.
        columns_limit_mb: How much memory each process may take for the columns by which experiments of many
            runs are searched, MB; 0 to let the database do all searches.
        sql_time_s: How long a query of `fluvial sql` may take, in seconds; 0 to run none.
        sql_memory_mb: How much memory it may take, beside two gigabytes for its process.
        sql_max_rows: How many rows its answer may have.
        webhook_key: 32 bytes in base64 that secrets of webhooks are kept under; without it there are none.
        webhook_timeout_s: How long a webhook may take to answer, in seconds.
        webhook_allow_private: Send to addresses that are not public, and by http, too.
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
    run_silence_s: float = 300.0
    database_connections: int = 16
    database_wait_s: float = 10.0
    upgrade_database: bool = True
    drain_delay_s: float = 0.0
    drain_s: float = 20.0
    max_queued_requests: int = 2000
    max_queued_bytes: int = 256 * 1024**2
    max_artifact_bytes: int = 0
    slow_client_s: float = 15.0
    log_level: str = "warning"
    log_format: str = "text"
    metrics: bool = True
    compaction_idle_s: float = 60.0
    columns_limit_mb: int = 512
    sql_time_s: float = 30.0
    sql_memory_mb: int = 1_000
    sql_max_rows: int = 100_000
    webhook_key: str = ""
    webhook_timeout_s: float = 10.0
    webhook_allow_private: bool = False


AnySettings = TypeVar("AnySettings", bound=Struct)


def read_settings(
    kind: type[AnySettings],
    environment: Mapping[str, str],
    *,
    given: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> AnySettings:
    """The settings that an environment gives.

    Args:
        kind: Which settings.
        environment: Variables and their values.
        given: Settings that win over the environment, by name.
        defaults: Settings that count where nothing is said.

    Raises:
        InvalidSetting: A variable is unknown, or has no such value.
    """
    _refuse_unknown(environment)
    found = {**(defaults or {})}
    for field in msgspec.structs.fields(kind):
        name = variable_of(field.name, environment)
        if name:
            found[field.name] = _parse(name, environment[name].strip(), field.type)
    return kind(**{**found, **(given or {})})


def variable_of(setting: str, environment: Mapping[str, str]) -> str:
    """The variable that gives a setting its value, `FLUVIAL_` before MLflow's; empty if none does."""
    names = (PREFIX + setting.upper(), _MLFLOW_NAMES.get(setting, ""))
    return next((name for name in names if environment.get(name)), "")


def meanings(kind: type[Struct]) -> dict[str, str]:
    """What each setting means, in the order of their docstring."""
    _, _, attributes = inspect.cleandoc(kind.__doc__ or "").partition("Attributes:\n")
    joined = re.sub(r"\n\s{8,}", " ", inspect.cleandoc(attributes).replace("\n    ", "\n        "))
    return dict(line.split(": ", 1) for line in joined.splitlines() if ": " in line)


def _parse(name: str, text: str, kind: Any) -> Any:
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        return msgspec.convert(text.lower() if kind is bool else text, kind, strict=False)
    except msgspec.ValidationError as error:
        wanted = {bool: "true or false", float: "a number", int: "a whole number"}[kind]
        raise InvalidSetting(f"{name} is {wanted}, not {text!r}.") from error


def find_home(given: str) -> Path:
    """The folder of the embedded store and of the journals.

    Args:
        given: What the settings say.

    Returns:
        That, or else the nearest `.fluvial` folder upward, or else `~/.fluvial`; it need not exist.
    """
    if given:
        return Path(given).expanduser().resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / HOME_NAME).is_dir():
            return folder / HOME_NAME
    return Path.home() / HOME_NAME


def cache_of(given: str) -> Path:
    """The folder of what can be made again: what the settings say, or else the user's cache."""
    return Path(given).expanduser().resolve() if given else Path.home() / ".cache" / "fluvial"


def database_of(home: Path) -> str:
    """URL of the embedded store's database."""
    return f"sqlite:///{home / 'fluvial.db'}"


def artifacts_of(database: str, home: Path) -> Path:
    """Where artifacts are kept if nothing else is said: beside an SQLite file, else in the home folder."""
    scheme, _, path = database.partition(":///")
    beside = Path(path).parent if scheme.partition("+")[0] == "sqlite" else home
    return beside / "artifacts"


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    kinds = (ClientSettings, ServerSettings)
    known = {PREFIX + name.upper() for kind in kinds for name in kind.__struct_fields__}
    for name in environment:
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise InvalidSetting(f"{name} is no setting of fluvial.{hint}")
