"""The platform that a server's settings describe."""

from __future__ import annotations

from fluvial.artifacts import StoreOptions
from fluvial.artifacts.locations import Locations
from fluvial.server.config import ServerSettings
from fluvial.services.outside import Outside
from fluvial.services.platform import Platform
from fluvial.services.secret_box import SecretBox
from fluvial.store.schema import DatabaseOptions, open_database


def open_platform(settings: ServerSettings) -> Platform:
    """The platform that the settings describe.

    Raises:
        InvalidSetting: The database or a location cannot be used.
        Unreachable: The database does not answer.
    """
    locations = Locations(
        destination=settings.artifacts_destination if settings.serve_artifacts else None,
        default_root=settings.default_artifact_root or None,
        allowed=settings.allowed_artifact_locations,
        options=StoreOptions(s3_endpoint_url=settings.s3_endpoint_url),
    )
    options = DatabaseOptions(
        n_connections=settings.database_connections,
        wait_s=settings.database_wait_s,
        upgrades=settings.upgrade_database,
        columns_limit_bytes=settings.columns_limit_mb * 1_000_000,
    )
    return Platform(open_database(settings.backend_store_uri, options), locations, outside=_outside(settings))


def _outside(settings: ServerSettings) -> Outside:
    box = SecretBox(settings.webhook_key) if settings.webhook_key else None
    return Outside(secrets=box, allows_private=settings.webhook_allow_private)
