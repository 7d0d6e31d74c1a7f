"""Registered models, their versions and their history, for the client: methods of MLflow's client."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from fluvial.client.paged_list import PagedList
from fluvial.client.registered import ModelVersion, RegisteredModel
from fluvial.client.times import as_milliseconds
from fluvial.client.tracker import Tracker
from fluvial.client.values import as_tags
from fluvial.entities.registered_model import RegistryEvent
from fluvial.errors import AlreadyExists, InvalidRequest
from fluvial.wire.model_versions import (
    CREATE_MODEL_VERSION,
    DELETE_MODEL_VERSION,
    DELETE_MODEL_VERSION_TAG,
    GET_DOWNLOAD_URI,
    GET_MODEL_VERSION,
    SEARCH_MODEL_VERSIONS,
    SET_MODEL_VERSION_TAG,
    TRANSITION_STAGE,
    UPDATE_MODEL_VERSION,
    CreateModelVersion,
    DeleteModelVersionTag,
    SearchModelVersions,
    SetModelVersionTag,
    TransitionStage,
    UpdateModelVersion,
    VersionName,
)
from fluvial.wire.registered_models import (
    CREATE_REGISTERED_MODEL,
    DELETE_ALIAS,
    DELETE_REGISTERED_MODEL,
    DELETE_REGISTERED_MODEL_TAG,
    GET_ALIAS,
    GET_LATEST_VERSIONS,
    GET_REGISTERED_MODEL,
    RENAME_REGISTERED_MODEL,
    SEARCH_REGISTERED_MODELS,
    SET_ALIAS,
    SET_REGISTERED_MODEL_TAG,
    UPDATE_REGISTERED_MODEL,
    AliasName,
    CreateRegisteredModel,
    DeleteRegisteredModelTag,
    GetLatestVersions,
    RegisteredModelName,
    RenameRegisteredModel,
    SearchRegisteredModels,
    SetAlias,
    SetRegisteredModelTag,
    UpdateRegisteredModel,
)
from fluvial.wire.registry_history import (
    FIND_SERVED,
    PROMOTE,
    READ_REGISTRY_HISTORY,
    ROLLBACK,
    FindServed,
    Promote,
    ReadRegistryHistory,
    Rollback,
    Target,
)

DEFAULT_VERSIONS = 10_000
DEFAULT_MODELS = 100
_LOGGED = re.compile(r"models:/(m-[0-9a-f]{32})")
_OF_RUN = re.compile(r"runs:/([^/]+)(?:/.*)?")


class RegistryClient:
    """The part of the client that names models, and says which of their versions is which."""

    _tracker: Tracker

    def create_registered_model(
        self, name: str, tags: Mapping[str, Any] | None = None, description: str | None = None
    ) -> RegisteredModel:
        """Make a registered model.

        Raises:
            AlreadyExists: The name is taken.
        """
        request = CreateRegisteredModel(name=name, tags=as_tags(tags), description=description)
        return RegisteredModel.of(self._tracker.call(CREATE_REGISTERED_MODEL, request).registered_model)

    def get_registered_model(self, name: str) -> RegisteredModel:
        """A registered model, by name."""
        return RegisteredModel.of(
            self._tracker.call(GET_REGISTERED_MODEL, RegisteredModelName(name=name)).registered_model
        )

    def rename_registered_model(self, name: str, new_name: str) -> RegisteredModel:
        """Give a registered model another name; its versions go along."""
        request = RenameRegisteredModel(name=name, new_name=new_name)
        return RegisteredModel.of(self._tracker.call(RENAME_REGISTERED_MODEL, request).registered_model)

    def update_registered_model(self, name: str, description: str | None = None) -> RegisteredModel:
        """Describe a registered model anew."""
        request = UpdateRegisteredModel(name=name, description=description)
        return RegisteredModel.of(self._tracker.call(UPDATE_REGISTERED_MODEL, request).registered_model)

    def delete_registered_model(self, name: str) -> None:
        """Delete a registered model with its versions; its history stays."""
        self._tracker.call(DELETE_REGISTERED_MODEL, RegisteredModelName(name=name))

    def search_registered_models(
        self,
        filter_string: str | None = None,
        max_results: int = DEFAULT_MODELS,
        order_by: Sequence[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[RegisteredModel]:
        """A page of registered models that match.

        Example:
            >>> client = fluvial.FluvialClient()
            >>> model = client.create_registered_model("churn", tags={"team": "risk"})
            >>> [found.name for found in client.search_registered_models("tags.team = 'risk'")]
            ['churn']
        """
        request = SearchRegisteredModels(
            filter=filter_string or "",
            max_results=max_results,
            order_by=tuple(order_by or ()),
            page_token=page_token,
        )
        page = self._tracker.call(SEARCH_REGISTERED_MODELS, request)
        return PagedList(map(RegisteredModel.of, page.registered_models), page.next_page_token)

    def set_registered_model_tag(self, name: str, key: str, value: Any) -> None:
        """Set one tag of a registered model."""
        request = SetRegisteredModelTag(name=name, key=key, value=str(value))
        self._tracker.call(SET_REGISTERED_MODEL_TAG, request)

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Delete one tag of a registered model."""
        self._tracker.call(DELETE_REGISTERED_MODEL_TAG, DeleteRegisteredModelTag(name=name, key=key))

    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: Mapping[str, Any] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        await_creation_for: int | None = None,  # noqa: ARG002  a version is ready at once
        model_id: str | None = None,
    ) -> ModelVersion:
        """Register a model as the next version of a registered model; see `register_model`."""
        logged = _LOGGED.fullmatch(source)
        request = CreateModelVersion(
            name=name,
            source=source,
            run_id=run_id or "",
            tags=as_tags(tags),
            run_link=run_link or "",
            description=description or "",
            model_id=model_id or (logged[1] if logged else ""),
        )
        return ModelVersion.of(self._tracker.call(CREATE_MODEL_VERSION, request).model_version)

    def copy_model_version(self, src_model_uri: str, dst_name: str) -> ModelVersion:
        """Register a version, `models:/name/1` or `models:/name@alias`, as the next one of another model.

        Raises:
            InvalidRequest: It is the URI of something else.
        """
        if not src_model_uri.startswith("models:/") or _LOGGED.fullmatch(src_model_uri):
            raise InvalidRequest(f"A version is models:/name/1 or models:/name@alias; not {src_model_uri!r}.")
        self._ensure_registered(dst_name)
        return self.create_model_version(dst_name, src_model_uri)

    def register_model(
        self, model_uri: str, name: str, *, tags: Mapping[str, Any] | None = None
    ) -> ModelVersion:
        """Register a model as the next version; the registered model is made where there is none.

        Args:
            model_uri: `models:/<model id>`, `runs:/<run id>/path`, `models:/name/1`, or where its files are.
            name: The registered model.
            tags: Tags of the version.
        """
        self._ensure_registered(name)
        of_run = _OF_RUN.fullmatch(model_uri)
        return self.create_model_version(name, model_uri, of_run[1] if of_run else None, tags)

    def get_model_version(self, name: str, version: str | int) -> ModelVersion:
        """One version of a registered model."""
        request = VersionName(name=name, version=str(version))
        return ModelVersion.of(self._tracker.call(GET_MODEL_VERSION, request).model_version)

    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        """The version that an alias points at; `latest` is the one with the highest number."""
        return ModelVersion.of(self._tracker.call(GET_ALIAS, AliasName(name=name, alias=alias)).model_version)

    def get_model_version_download_uri(self, name: str, version: str | int) -> str:
        """Where the files of a version are kept."""
        request = VersionName(name=name, version=str(version))
        return self._tracker.call(GET_DOWNLOAD_URI, request).artifact_uri

    def get_latest_versions(self, name: str, stages: Sequence[str] | None = None) -> list[ModelVersion]:
        """The newest version of each stage."""
        request = GetLatestVersions(name=name, stages=tuple(stages or ()))
        found = self._tracker.call(GET_LATEST_VERSIONS, request).model_versions
        return [ModelVersion.of(version) for version in found]

    def update_model_version(
        self, name: str, version: str | int, description: str | None = None
    ) -> ModelVersion:
        """Describe a version anew."""
        request = UpdateModelVersion(name=name, version=str(version), description=description)
        return ModelVersion.of(self._tracker.call(UPDATE_MODEL_VERSION, request).model_version)

    def delete_model_version(self, name: str, version: str | int) -> None:
        """Delete a version and the aliases that point at it."""
        self._tracker.call(DELETE_MODEL_VERSION, VersionName(name=name, version=str(version)))

    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int = DEFAULT_VERSIONS,
        order_by: Sequence[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[ModelVersion]:
        """A page of versions that match, the last changed first."""
        request = SearchModelVersions(
            filter=filter_string or "",
            max_results=max_results,
            order_by=tuple(order_by or ()),
            page_token=page_token,
        )
        page = self._tracker.call(SEARCH_MODEL_VERSIONS, request)
        return PagedList(map(ModelVersion.of, page.model_versions), page.next_page_token)

    def set_model_version_tag(self, name: str, version: str | int, key: str, value: Any) -> None:
        """Set one tag of a version."""
        request = SetModelVersionTag(name=name, version=str(version), key=key, value=str(value))
        self._tracker.call(SET_MODEL_VERSION_TAG, request)

    def delete_model_version_tag(self, name: str, version: str | int, key: str) -> None:
        """Delete one tag of a version."""
        request = DeleteModelVersionTag(name=name, version=str(version), key=key)
        self._tracker.call(DELETE_MODEL_VERSION_TAG, request)

    def set_registered_model_alias(self, name: str, alias: str, version: str | int) -> None:
        """Let an alias point at a version; to say why, use `promote_model_version`."""
        self._tracker.call(SET_ALIAS, SetAlias(name=name, alias=alias, version=str(version)))

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Delete an alias."""
        self._tracker.call(DELETE_ALIAS, AliasName(name=name, alias=alias))

    def transition_model_version_stage(
        self, name: str, version: str | int, stage: str, archive_existing_versions: bool = False
    ) -> ModelVersion:
        """Move a version to one of MLflow's stages."""
        request = TransitionStage(
            name=name,
            version=str(version),
            stage=stage,
            archive_existing_versions=archive_existing_versions,
        )
        return ModelVersion.of(self._tracker.call(TRANSITION_STAGE, request).model_version)

    def promote_model_version(
        self, name: str, version: str | int, target: Target, key: str, reason: str = ""
    ) -> ModelVersion:
        """Put a version into a place, and say why.

        Args:
            name: The registered model.
            version: Its version.
            target: `alias`, `stage` or `state`.
            key: Name of the place, such as `champion`, `Production`.
            reason: Why; it is kept in the history.
        """
        request = Promote(name=name, version=str(version), target=target, key=key, reason=reason)
        return ModelVersion.of(self._tracker.call(PROMOTE, request).model_version)

    def roll_back_model_version(
        self, name: str, target: Target, key: str, event_id: str | None = None, reason: str = ""
    ) -> ModelVersion:
        """Put back what stood in a place before its last change, or before an event of the history."""
        request = Rollback(name=name, target=target, key=key, event_id=event_id, reason=reason)
        return ModelVersion.of(self._tracker.call(ROLLBACK, request).model_version)

    def find_served_versions(
        self, name: str, target: Target, key: str, at: datetime | str | float
    ) -> list[str]:
        """The versions that stood in a place at a time: a datetime, text of one, or ms since the epoch."""
        request = FindServed(name=name, target=target, key=key, at=as_milliseconds(at))
        return list(self._tracker.call(FIND_SERVED, request).versions)

    def iter_registry_history(self, name: str = "", **more: Any) -> Iterator[RegistryEvent]:
        """What was decided about a model, or about all, newest first.

        Args:
            name: The registered model, also one that is deleted.
            more: Fields of `ReadRegistryHistory`: version, field, key, author, since, until.
        """
        token: str | None = None
        while True:
            request = ReadRegistryHistory(name=name, page_token=token, **more)
            page = self._tracker.call(READ_REGISTRY_HISTORY, request)
            yield from page.events
            token = page.next_page_token
            if token is None:
                return

    def _ensure_registered(self, name: str) -> None:
        try:
            self.create_registered_model(name)
        except AlreadyExists:
            return
