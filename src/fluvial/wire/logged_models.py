"""Logged models over the wire."""

from __future__ import annotations

from fluvial.wire.endpoint import Empty, Endpoint, Message


class SearchLoggedModels(Message, frozen=True, kw_only=True):
    """Search the logged models of some experiments.

    MLflow's client asks this at each listing and download of a run's artifacts, for models that runs
    of old kept under their name.
    """

    experiment_ids: tuple[str, ...]


SEARCH_LOGGED_MODELS = Endpoint(
    "POST", "/api/2.0/mlflow/logged-models/search", SearchLoggedModels, Empty, is_repeatable=True
)
