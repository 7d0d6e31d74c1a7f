"""Registered models as their list shows them, over the wire."""

from __future__ import annotations

from fluvial.entities.metric import Metric
from fluvial.entities.promotion import Verdict
from fluvial.entities.registered_model import ModelVersion, RegisteredModel
from fluvial.wire.endpoint import Endpoint, Message


class SearchModelOverviews(Message, frozen=True, kw_only=True):
    """Search registered models, with what their list shows of each.

    Attributes:
        filter: In the language of docs/search.md.
        max_results: Page size, up to 200.
        order_by: Keys, each with ASC or DESC; by name where nothing is said.
        page_token: Where the page before ended.
        alias: Whose version is shown.
    """

    filter: str = ""
    max_results: int = 50
    order_by: tuple[str, ...] = ()
    page_token: str | None = None
    alias: str = "champion"


class EvidenceBadge(Message, frozen=True, kw_only=True):
    """What was found last of one kind."""

    kind: str
    verdict: Verdict


class ModelOverview(Message, frozen=True, kw_only=True):
    """A registered model with what its list shows.

    Attributes:
        registered_model: The model.
        n_versions: How many versions it has.
        champion: The version that the alias points at; absent where it points at none.
        metrics: Last values of the champion's logged model over all runs and datasets.
        badges: The last evidence of each kind about the champion.
        n_open_requests: How many promotion requests are open.
        policy_number: Its policy; 0 where it has none.
    """

    registered_model: RegisteredModel
    n_versions: int
    champion: ModelVersion | None = None
    metrics: tuple[Metric, ...] = ()
    badges: tuple[EvidenceBadge, ...] = ()
    n_open_requests: int = 0
    policy_number: int = 0


class ModelOverviewsPage(Message, frozen=True, kw_only=True):
    """A page of registered models with what their list shows; `next_page_token` is absent on the last."""

    models: tuple[ModelOverview, ...] = ()
    next_page_token: str | None = None


SEARCH_MODEL_OVERVIEWS = Endpoint(
    "GET", "/api/1.0/fluvial/registry/overview", SearchModelOverviews, ModelOverviewsPage
)
