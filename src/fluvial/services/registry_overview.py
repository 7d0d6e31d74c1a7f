"""Registered models as their list shows them: the champion with its metrics and badges, what is open."""

from __future__ import annotations

from fluvial.entities.promotion import RequestStatus, Verdict
from fluvial.search import REGISTERED_MODELS
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.page_tokens import page_place, page_token
from fluvial.services.routes import serve
from fluvial.store import (
    evidence,
    logged_model_metrics,
    model_versions,
    promotions,
    registered_models,
    registry_search,
)
from fluvial.store.registered_models import RegisteredRow
from fluvial.store.registry_search import MODEL_TABLES
from fluvial.wire.registry_overview import (
    SEARCH_MODEL_OVERVIEWS,
    EvidenceBadge,
    ModelOverview,
    ModelOverviewsPage,
    SearchModelOverviews,
)

MAX_PAGE = 200
MAX_COUNTED = 1000


@serve(SEARCH_MODEL_OVERVIEWS, needs=Permission.READ)
def search_overviews(context: Context, request: SearchModelOverviews) -> ModelOverviewsPage:
    """A page of registered models that match, with what their list shows."""
    size = rules.page_size(request.max_results, maximum=MAX_PAGE)
    order = registry_search.parsed_order(request.order_by, REGISTERED_MODELS)
    found = registry_search.find_models(
        context.transaction,
        request.filter,
        order,
        now_ms=context.now_ms,
        after=page_place(request.page_token, order, MODEL_TABLES),
        limit=size + 1,
    )
    is_last = len(found) <= size
    return ModelOverviewsPage(
        models=_overviews(context, [one.row for one in found[:size]], request.alias),
        next_page_token=None if is_last else page_token(found[size - 1].place, order, MODEL_TABLES),
    )


def _overviews(context: Context, rows: list[RegisteredRow], alias: str) -> tuple[ModelOverview, ...]:
    transaction = context.transaction
    ids = [row.registered_id for row in rows]
    counts = model_versions.count(transaction, ids)
    aliases = registered_models.aliases_of(transaction, ids)
    overviews = []
    for row, entity in zip(rows, registered_models.as_entities(transaction, rows), strict=True):
        number = aliases.get(row.registered_id, {}).get(alias)
        champion = None if number is None else model_versions.find(transaction, row.name, number)
        last: dict[str, Verdict] = {}
        if champion is not None:
            for one in evidence.of_version(transaction, champion):
                last.setdefault(one.kind, Verdict(one.verdict))
        policy = promotions.find_policy(transaction, row.registered_id)
        open_requests = promotions.find_requests(
            transaction, registered_id=row.registered_id, status=RequestStatus.OPEN, limit=MAX_COUNTED
        )
        overviews.append(
            ModelOverview(
                registered_model=entity,
                n_versions=counts.get(row.registered_id, 0),
                champion=model_versions.as_entities(transaction, [champion])[0] if champion else None,
                metrics=logged_model_metrics.all_last(transaction, champion.model_id) if champion else (),
                badges=tuple(EvidenceBadge(kind=kind, verdict=last[kind]) for kind in sorted(last)),
                n_open_requests=len(open_requests),
                policy_number=policy.number if policy else 0,
            )
        )
    return tuple(overviews)
