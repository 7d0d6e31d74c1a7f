"""Where the files of logged models and of versions are, for those who read them."""

from __future__ import annotations

from fluvial.artifacts.locations import Place
from fluvial.errors import NotFound
from fluvial.services.context import Context
from fluvial.services.model_sources import version_number
from fluvial.store import logged_models, model_versions


def place_of_logged_model(context: Context, model_id: str) -> Place:
    """The files of a logged model.

    Raises:
        NotFound: No such model.
        PermissionDenied: They are where the server does not go.
    """
    return context.locations.find(logged_models.get(context.transaction, model_id).artifact_uri)


def place_of_version(context: Context, name: str, version: str) -> Place:
    """The files of a version of a registered model.

    Raises:
        NotFound: No such version, or one without files.
        PermissionDenied: They are where the server does not go.
    """
    row = model_versions.get(context.transaction, name, version_number(version))
    if not row.storage_uri:
        raise NotFound(f"Version {row.version} of {row.name!r} has no files.")
    return context.locations.find(row.storage_uri)
