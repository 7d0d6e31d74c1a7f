"""Logged models, for the client: methods of MLflow's `MlflowClient`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fluvial.client.capture.source import source_tags
from fluvial.client.paged_list import PagedList
from fluvial.client.registered import LoggedModel
from fluvial.client.tracker import Tracker
from fluvial.client.values import as_tags
from fluvial.entities.artifact import FileInfo
from fluvial.entities.logged_model import LoggedModelStatus
from fluvial.entities.tag import Param
from fluvial.wire.logged_models import (
    CREATE_LOGGED_MODEL,
    DELETE_LOGGED_MODEL,
    DELETE_LOGGED_MODEL_TAG,
    FINALIZE_LOGGED_MODEL,
    GET_LOGGED_MODEL,
    LIST_LOGGED_MODEL_ARTIFACTS,
    LOG_LOGGED_MODEL_PARAMS,
    SEARCH_LOGGED_MODELS,
    SET_LOGGED_MODEL_TAGS,
    CreateLoggedModel,
    DeleteLoggedModelTag,
    FinalizeLoggedModel,
    ListLoggedModelArtifacts,
    LoggedModelId,
    LoggedModelOrder,
    LogLoggedModelParams,
    MeasuredOn,
    SearchLoggedModels,
    SetLoggedModelTags,
)

DEFAULT_PAGE = 100


class LoggedModelsClient:
    """The part of the client that keeps what runs make."""

    _tracker: Tracker

    def create_logged_model(
        self,
        experiment_id: str,
        name: str | None = None,
        source_run_id: str | None = None,
        tags: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        model_type: str | None = None,
    ) -> LoggedModel:
        """Make a logged model, whose files come next.

        Example:
            >>> client = fluvial.FluvialClient()
            >>> model = client.create_logged_model("0", name="net", params={"depth": 3})
            >>> client.finalize_logged_model(model.model_id, "READY").status.name
            'READY'
        """
        request = CreateLoggedModel(
            experiment_id=experiment_id,
            name=name or "",
            model_type=model_type or "",
            source_run_id=source_run_id or "",
            params=_as_params(params),
            tags=as_tags({**source_tags(), **(tags or {})}),
        )
        return LoggedModel.of(self._tracker.call(CREATE_LOGGED_MODEL, request).model)

    def get_logged_model(self, model_id: str) -> LoggedModel:
        """A logged model, by id."""
        return LoggedModel.of(self._tracker.call(GET_LOGGED_MODEL, LoggedModelId(model_id=model_id)).model)

    def finalize_logged_model(self, model_id: str, status: LoggedModelStatus | str) -> LoggedModel:
        """Say whether the files of a model have arrived: `READY` or `UPLOAD_FAILED`."""
        chosen = status if isinstance(status, LoggedModelStatus) else LoggedModelStatus[str(status)]
        request = FinalizeLoggedModel(model_id=model_id, status=chosen)
        return LoggedModel.of(self._tracker.call(FINALIZE_LOGGED_MODEL, request).model)

    def delete_logged_model(self, model_id: str) -> None:
        """Delete a logged model."""
        self._tracker.call(DELETE_LOGGED_MODEL, LoggedModelId(model_id=model_id))

    def set_logged_model_tags(self, model_id: str, tags: Mapping[str, Any]) -> None:
        """Set tags of a logged model."""
        request = SetLoggedModelTags(model_id=model_id, tags=as_tags(tags))
        self._tracker.call(SET_LOGGED_MODEL_TAGS, request)

    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Delete one tag of a logged model."""
        request = DeleteLoggedModelTag(model_id=model_id, tag_key=key)
        self._tracker.call(DELETE_LOGGED_MODEL_TAG, request)

    def log_model_params(self, model_id: str, params: Mapping[str, Any]) -> None:
        """Add params to a logged model; each is written once."""
        request = LogLoggedModelParams(model_id=model_id, params=_as_params(params))
        self._tracker.call(LOG_LOGGED_MODEL_PARAMS, request)

    def list_logged_model_artifacts(self, model_id: str, path: str | None = None) -> list[FileInfo]:
        """One level of a logged model's files, by name."""
        request = ListLoggedModelArtifacts(model_id=model_id, artifact_directory_path=path or "")
        return list(self._tracker.call(LIST_LOGGED_MODEL_ARTIFACTS, request).files)

    def search_logged_models(
        self,
        experiment_ids: Sequence[str],
        filter_string: str | None = None,
        datasets: Sequence[Mapping[str, str]] | None = None,
        max_results: int | None = None,
        order_by: Sequence[Mapping[str, Any]] | None = None,
        page_token: str | None = None,
    ) -> PagedList[LoggedModel]:
        """A page of logged models that match.

        Args:
            experiment_ids: Where to look.
            filter_string: In the search language.
            datasets: Whose metrics the filter means: each with `dataset_name`, and perhaps `dataset_digest`.
            max_results: Page size.
            order_by: Each with `field_name`, and perhaps `ascending`, `dataset_name` and `dataset_digest`.
            page_token: Where the page before ended.
        """
        request = SearchLoggedModels(
            experiment_ids=tuple(map(str, experiment_ids)),
            filter=filter_string or "",
            datasets=tuple(MeasuredOn(**dataset) for dataset in datasets or ()),
            max_results=max_results or DEFAULT_PAGE,
            order_by=tuple(LoggedModelOrder(**order) for order in order_by or ()),
            page_token=page_token,
        )
        page = self._tracker.call(SEARCH_LOGGED_MODELS, request)
        return PagedList(map(LoggedModel.of, page.models), page.next_page_token)


def _as_params(params: Mapping[str, Any] | None) -> tuple[Param, ...]:
    return tuple(Param(key, str(value)) for key, value in (params or {}).items())
