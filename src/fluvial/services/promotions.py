"""Promotion requests: asked for by one, decided by others, carried out when the gates pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fluvial.entities import author
from fluvial.entities.promotion import (
    Decision,
    GateResult,
    PromotionRequest,
    RequestStatus,
    Review,
)
from fluvial.errors import Conflict, InvalidRequest, PermissionDenied
from fluvial.services import rules as bounds
from fluvial.services.context import Context, Permission
from fluvial.services.gates import evaluate, is_passed, keep
from fluvial.services.model_sources import version_number
from fluvial.services.places import check_leaving, check_transition, checked_key, put, take_away
from fluvial.services.policies import Guard, rules_of
from fluvial.services.registry_moves import Change, checked_reason, record
from fluvial.services.routes import serve
from fluvial.store import evidence, model_versions, promotions, registered_models
from fluvial.store.evidence import GateRow
from fluvial.store.model_versions import VersionRow
from fluvial.store.promotions import RequestRow, ReviewRow
from fluvial.store.registered_models import RegisteredRow
from fluvial.wire.promotions import (
    APPLY_PROMOTION,
    CREATE_PROMOTION_REQUEST,
    GET_PROMOTION_REQUEST,
    LIST_NOTIFICATIONS,
    REVIEW_PROMOTION,
    SEARCH_PROMOTION_REQUESTS,
    WITHDRAW_PROMOTION,
    CreatePromotionRequest,
    ListNotifications,
    Notifications,
    OnePromotionRequest,
    PromotionRequests,
    RequestId,
    ReviewPromotion,
    SearchPromotionRequests,
)

MAX_PAGE = 500
MAX_COMMENT_CHARS = 10_000
RECENT_MS = 30 * 86_400_000
_OPEN_TO_ALL = Guard()


class _Subject(NamedTuple):
    """What a request is about."""

    request: RequestRow
    registered: RegisteredRow
    version: VersionRow

    @property
    def place(self) -> str:
        return f"{self.request.target} {self.request.key}"


@serve(CREATE_PROMOTION_REQUEST, needs=Permission.EDIT)
def create_request(context: Context, request: CreatePromotionRequest) -> OnePromotionRequest:
    """Ask that a version may stand somewhere, or leave it; done if gates pass and nobody has to approve.

    Raises:
        NotFound: No such version.
        InvalidRequest: There is no such place, the version does not stand where it is to leave, or the caller
            does not say who they are.
    """
    transaction = context.transaction
    version = model_versions.get(transaction, request.name, version_number(request.version))
    registered = registered_models.get(transaction, request.name)
    key = checked_key(request.target, request.key)
    if request.leaves:
        check_leaving(context, registered, version, request.target, key)
    elif request.target == "state":
        check_transition(context, registered, version, key)
    row = RequestRow(
        request_id=transaction.database.ids.next(),
        registered_id=registered.registered_id,
        name=registered.name,
        version=version.version,
        target=request.target,
        key=key,
        reason=checked_reason(request.reason),
        status=RequestStatus.OPEN,
        author=_caller(context),
        created_ms=context.now_ms,
        decided_ms=None,
        leaves=int(request.leaves),
    )
    promotions.add_request(transaction, row)
    subject = _Subject(row, registered, version)
    record(context, registered, _change(row, None, RequestStatus.OPEN, row.reason))
    _carry_out_if_ready(context, subject)
    return _answer(context, row.request_id)


@serve(GET_PROMOTION_REQUEST, needs=Permission.READ)
def get_request(context: Context, request: RequestId) -> OnePromotionRequest:
    """One promotion request, with what was said and what the gates said last."""
    return _answer(context, bounds.whole_id("a request", request.request_id))


@serve(SEARCH_PROMOTION_REQUESTS, needs=Permission.READ)
def search_requests(context: Context, request: SearchPromotionRequests) -> PromotionRequests:
    """Promotion requests, newest first."""
    size = bounds.page_size(request.max_results, maximum=MAX_PAGE)
    registered_id = None
    if request.name:
        registered_id = registered_models.get(context.transaction, request.name).registered_id
    rows = promotions.find_requests(
        context.transaction,
        registered_id=registered_id,
        status=request.status or "",
        author=request.author,
        version=None if request.version is None else version_number(request.version),
        before=bounds.whole_id("a request", request.page_token) if request.page_token else None,
        limit=size + 1,
    )
    return PromotionRequests(
        requests=_entities(context, rows[:size]),
        next_page_token=str(rows[size - 1].request_id) if len(rows) > size else None,
    )


@serve(REVIEW_PROMOTION, needs=Permission.EDIT)
def review(context: Context, request: ReviewPromotion) -> OnePromotionRequest:
    """Approve a request, reject it, or say something about it.

    Raises:
        PermissionDenied: It is the caller's own, or they are not among its reviewers.
        Conflict: It is decided already.
        InvalidRequest: The caller does not say who they are.
    """
    bounds.check_length("A comment", request.comment, MAX_COMMENT_CHARS)
    subject = _open_subject(context, request.request_id)
    name = _caller(context)
    if request.decision is not Decision.COMMENT:
        _check_reviewer(subject, _guard(context, subject.request), name)
    promotions.add_review(
        context.transaction,
        ReviewRow(
            context.transaction.database.ids.next(),
            subject.request.request_id,
            name,
            request.decision,
            request.comment.strip(),
            context.now_ms,
        ),
    )
    context.changed(None, None, "registry")
    if request.decision is Decision.REJECT:
        _close(context, subject, RequestStatus.REJECTED, request.comment.strip())
    elif request.decision is Decision.APPROVE:
        _carry_out_if_ready(context, subject)
    return _answer(context, subject.request.request_id)


@serve(APPLY_PROMOTION, needs=Permission.EDIT)
def apply_request(context: Context, request: RequestId) -> OnePromotionRequest:
    """Evaluate the gates of an open request again, and carry it out if they pass and enough approve."""
    subject = _open_subject(context, request.request_id)
    _carry_out_if_ready(context, subject)
    return _answer(context, subject.request.request_id)


@serve(WITHDRAW_PROMOTION, needs=Permission.EDIT)
def withdraw(context: Context, request: RequestId) -> OnePromotionRequest:
    """Take back one's own request.

    Raises:
        PermissionDenied: It is somebody else's.
    """
    subject = _open_subject(context, request.request_id)
    if not _is_same(subject.request.author, _caller(context)):
        raise PermissionDenied(f"{subject.request.author} made this request, and may withdraw it.")
    _close(context, subject, RequestStatus.WITHDRAWN, "")
    return _answer(context, subject.request.request_id)


@serve(LIST_NOTIFICATIONS, needs=Permission.READ)
def list_notifications(context: Context, request: ListNotifications) -> Notifications:
    """What waits for somebody, and what became of what they asked for."""
    user = request.user or context.principal.name
    since = context.now_ms - RECENT_MS if request.since is None else request.since
    transaction = context.transaction
    open_rows = promotions.find_requests(transaction, status=RequestStatus.OPEN, limit=MAX_PAGE)
    own = promotions.find_requests(transaction, author=user, limit=MAX_PAGE)
    open_requests = _entities(context, open_rows)
    closed = [row for row in own if row.decided_ms is not None and row.decided_ms >= since]
    return Notifications(
        user=user,
        waiting=tuple(one for one in open_requests if _waits_for(one, user)),
        decided=tuple(one for one in _entities(context, closed) if one.status is not RequestStatus.WITHDRAWN),
        failing=tuple(
            one for one in open_requests if _is_same(one.author, user) and not is_passed(one.gates)
        ),
    )


def _carry_out_if_ready(context: Context, subject: _Subject) -> None:
    """Evaluate the gates; where they pass, and enough approve, put the version where it is to go.

    Raises:
        InvalidRequest: It is to leave a place where it stands no longer.
    """
    request, registered, version = subject
    rules, number = rules_of(context, registered.registered_id)
    guard = rules.guard_of(request.target, request.key)
    gates = rules.gates_of(guard) if guard and not request.leaves else {}
    results = evaluate(context, registered, version, gates, number, subject.place)
    keep(context, registered, results)
    reviews = promotions.reviews_of(context.transaction, [request.request_id])
    approved = _approved_by(reviews.get(request.request_id, []))
    if not is_passed(results) or len(approved) < (guard.approvals if guard else 0):
        return
    reason = request.reason or "As asked for."
    approval = f", approved by {', '.join(approved)}" if approved else ""
    why = f"{reason} (request {request.request_id}{approval})"
    if request.leaves:
        take_away(context, registered, version, request.target, request.key, why)
    else:
        is_stage = request.target == "stage"
        put(context, registered, version, request.target, request.key, why, archives_others=is_stage)
    _close(context, subject, RequestStatus.APPLIED, "")


def _close(context: Context, subject: _Subject, status: RequestStatus, reason: str) -> None:
    promotions.decide(context.transaction, subject.request.request_id, status, context.now_ms)
    registered = registered_models.get(context.transaction, subject.registered.name)
    record(context, registered, _change(subject.request, RequestStatus.OPEN, status, reason))


def _open_subject(context: Context, request_id: str) -> _Subject:
    row = promotions.get_request(context.transaction, bounds.whole_id("a request", request_id))
    if row.status != RequestStatus.OPEN:
        raise Conflict(f"The request is {row.status} already.")
    # The model may have another name by now.
    name = registered_models.get_by_id(context.transaction, row.registered_id).name
    version = model_versions.get(context.transaction, name, row.version)
    return _Subject(row, registered_models.get(context.transaction, name), version)


def _guard(context: Context, request: RequestRow) -> Guard:
    rules, _ = rules_of(context, request.registered_id)
    return rules.guard_of(request.target, request.key) or _OPEN_TO_ALL


def _check_reviewer(subject: _Subject, guard: Guard, name: str) -> None:
    if _is_same(subject.request.author, name):
        raise PermissionDenied("Nobody decides about their own request: ask somebody else.")
    if guard.reviewers and not any(_is_same(name, reviewer) for reviewer in guard.reviewers):
        raise PermissionDenied(f"{name} is not among the reviewers: {', '.join(guard.reviewers)}.")


def _waits_for(request: PromotionRequest, user: str) -> bool:
    said = {review.author.casefold() for review in request.reviews if review.decision is not Decision.COMMENT}
    may = not request.reviewers or any(_is_same(user, reviewer) for reviewer in request.reviewers)
    is_wanted = len(request.approved_by) < request.approvals_needed
    return may and is_wanted and not _is_same(request.author, user) and user.casefold() not in said


def _approved_by(reviews: Sequence[Review]) -> list[str]:
    """Who approves: the last decision of each counts."""
    last: dict[str, Review] = {}
    for one in reviews:
        if one.decision is not Decision.COMMENT:
            last[one.author.casefold()] = one
    return [one.author for one in last.values() if one.decision is Decision.APPROVE]


def _answer(context: Context, request_id: int) -> OnePromotionRequest:
    row = promotions.get_request(context.transaction, request_id)
    return OnePromotionRequest(request=_entities(context, [row])[0])


def _entities(context: Context, rows: Sequence[RequestRow]) -> tuple[PromotionRequest, ...]:
    reviews = promotions.reviews_of(context.transaction, [row.request_id for row in rows])
    found = []
    for row in rows:
        guard = _guard(context, row)
        said = reviews.get(row.request_id, [])
        found.append(
            PromotionRequest(
                request_id=str(row.request_id),
                name=row.name,
                version=str(row.version),
                target=row.target,
                key=row.key,
                reason=row.reason,
                status=RequestStatus(row.status),
                author=row.author,
                timestamp=row.created_ms,
                decided_timestamp=row.decided_ms,
                approvals_needed=guard.approvals,
                reviewers=guard.reviewers,
                approved_by=tuple(_approved_by(said)),
                reviews=tuple(said),
                gates=() if row.leaves else _last_results(context, row),
                leaves=bool(row.leaves),
            )
        )
    return tuple(found)


def _last_results(context: Context, row: RequestRow) -> tuple[GateResult, ...]:
    place = f"{row.target} {row.key}"
    last: dict[str, GateRow] = {}
    for result in evidence.gates_of(context.transaction, row.registered_id, row.version):
        if result.place == place:
            last.setdefault(result.gate, result)
    return evidence.as_results(list(last.values()), row.name)


def _change(row: RequestRow, before: str | None, after: str, reason: str) -> Change:
    place = f"{row.target} {row.key}"
    return Change("request", f"leave {place}" if row.leaves else place, row.version, before, after, reason)


def _caller(context: Context) -> str:
    name = context.principal.name
    if author.known(name) is None:
        raise InvalidRequest(
            "Say who you are, in the header X-Fluvial-User or by basic authentication: requests have names."
        )
    return name


def _is_same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
