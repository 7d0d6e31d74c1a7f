"""Policies, gates, promotion requests and evidence, over the wire."""

from __future__ import annotations

from typing import Any

from fluvial.entities.promotion import (
    Decision,
    Evidence,
    GateResult,
    PromotionRequest,
    RequestStatus,
    Verdict,
)
from fluvial.wire.endpoint import Endpoint, Message
from fluvial.wire.registry_history import Target


class PolicyOf(Message, frozen=True, kw_only=True):
    """Ask for the policy of a registered model."""

    name: str


class SetPolicy(Message, frozen=True, kw_only=True):
    """Give a registered model a policy: its lifecycle, what guards its places, and gates.

    Attributes:
        name: The registered model.
        text: YAML, as docs/promotion.md describes it; "" for none.
        reason: Why.
    """

    name: str
    text: str
    reason: str = ""


class Policy(Message, frozen=True, kw_only=True):
    """The policy of a registered model.

    Attributes:
        name: The registered model.
        number: Counts up; 0 where there is none.
        text: The YAML.
        states: Of its lifecycle, in order.
        author: Who set it.
        timestamp: When, ms since the epoch.
    """

    name: str
    number: int
    text: str = ""
    states: tuple[str, ...] = ()
    author: str = ""
    timestamp: int | None = None


class AddEvidence(Message, frozen=True, kw_only=True):
    """Keep what was found out about a logged model, or about a version.

    Attributes:
        model_id: The logged model; or
        name: the registered model and
        version: its version.
        kind: What was looked at: `environment`, `latency`, `licences`, `vulnerabilities`, `format`, `drift`,
            `examples` or another word.
        verdict: What was found.
        details: Facts, for programs and for gates; up to a megabyte as JSON.
        at: When it was found out, ms since the epoch; now where it is not said.
    """

    model_id: str = ""
    name: str = ""
    version: str = ""
    kind: str
    verdict: Verdict
    details: dict[str, Any] = {}  # noqa: RUF012  msgspec makes a new one each time
    at: int | None = None


class OneEvidence(Message, frozen=True, kw_only=True):
    """What was kept."""

    evidence: Evidence


class ListEvidence(Message, frozen=True, kw_only=True):
    """Ask what was found out about a logged model, or about a version with its logged model.

    Attributes:
        model_id: The logged model; or
        name: the registered model and
        version: its version.
        kind: Of one kind alone.
        is_latest: Only the last of each kind.
    """

    model_id: str = ""
    name: str = ""
    version: str = ""
    kind: str = ""
    is_latest: bool = False


class EvidenceList(Message, frozen=True, kw_only=True):
    """What was found out, newest first."""

    evidence: tuple[Evidence, ...] = ()


class CheckGates(Message, frozen=True, kw_only=True):
    """Evaluate the gates of a registered model's policy for a version, and keep what they say.

    Attributes:
        name: The registered model.
        version: Its version.
        target: With `key`, only the gates of that place; else all.
        key: Its name.
    """

    name: str
    version: str
    target: Target | None = None
    key: str = ""


class ListGates(Message, frozen=True, kw_only=True):
    """Ask what gates said about a version.

    Attributes:
        name: The registered model.
        version: Its version.
        is_latest: Only the last of each gate.
    """

    name: str
    version: str
    is_latest: bool = False


class RecordGate(Message, frozen=True, kw_only=True):
    """Keep what a gate said that the caller evaluated, such as a Python policy.

    Attributes:
        name: The registered model.
        version: Its version.
        gate: The gate's name; a policy asks for it by `recorded: <name>`.
        verdict: What it found.
        summary: Why, in a sentence.
        details: Facts behind it.
    """

    name: str
    version: str
    gate: str
    verdict: Verdict
    summary: str = ""
    details: dict[str, Any] = {}  # noqa: RUF012  msgspec makes a new one each time


class GateResults(Message, frozen=True, kw_only=True):
    """What gates said, newest first.

    Attributes:
        results: One for each gate.
        is_passed: Whether no gate fails and none is unknown.
    """

    results: tuple[GateResult, ...] = ()
    is_passed: bool = True


class CreatePromotionRequest(Message, frozen=True, kw_only=True):
    """Ask that a version may stand somewhere, or leave it; gates are evaluated, and reviewers hear of it.

    Attributes:
        name: The registered model.
        version: Its version.
        target: What kind of place.
        key: Its name.
        reason: Why.
        leaves: Whether the version is to be taken away from there: no gate has a say in that.
    """

    name: str
    version: str
    target: Target
    key: str
    reason: str = ""
    leaves: bool = False


class RequestId(Message, frozen=True, kw_only=True):
    """One promotion request."""

    request_id: str


class ReviewPromotion(Message, frozen=True, kw_only=True):
    """Say something about a promotion request.

    Attributes:
        request_id: The request.
        decision: `approve`, `reject` or `comment`.
        comment: Why.
    """

    request_id: str
    decision: Decision
    comment: str = ""


class OnePromotionRequest(Message, frozen=True, kw_only=True):
    """One promotion request, as it is now."""

    request: PromotionRequest


class SearchPromotionRequests(Message, frozen=True, kw_only=True):
    """List promotion requests, newest first.

    Attributes:
        name: Of one registered model.
        version: Of one of its versions.
        status: In one state.
        author: Of one author.
        max_results: Page size, up to 500.
        page_token: Where the page before ended.
    """

    name: str = ""
    version: str | None = None
    status: RequestStatus | None = None
    author: str = ""
    max_results: int = 100
    page_token: str | None = None


class PromotionRequests(Message, frozen=True, kw_only=True):
    """A page of promotion requests; `next_page_token` is absent on the last."""

    requests: tuple[PromotionRequest, ...] = ()
    next_page_token: str | None = None


class ListNotifications(Message, frozen=True, kw_only=True):
    """Ask what waits for somebody, and what became of what they asked for.

    Attributes:
        user: Who; the caller where nobody is named.
        since: Decisions from this time on, ms since the epoch; the last 30 days where it is not said.
    """

    user: str = ""
    since: int | None = None


class Notifications(Message, frozen=True, kw_only=True):
    """What somebody should know of.

    Attributes:
        user: Who.
        waiting: Open requests that they may decide, and have not yet.
        decided: Their requests that were applied or rejected.
        failing: Their open requests whose gates do not pass.
    """

    user: str
    waiting: tuple[PromotionRequest, ...] = ()
    decided: tuple[PromotionRequest, ...] = ()
    failing: tuple[PromotionRequest, ...] = ()


_AT = "/api/1.0/fluvial/registry"
_MODELS = "/api/1.0/fluvial/models"

GET_POLICY = Endpoint("GET", f"{_AT}/policy", PolicyOf, Policy)
SET_POLICY = Endpoint("POST", f"{_AT}/policy", SetPolicy, Policy)
ADD_EVIDENCE = Endpoint("POST", f"{_MODELS}/evidence", AddEvidence, OneEvidence)
LIST_EVIDENCE = Endpoint("GET", f"{_MODELS}/evidence/list", ListEvidence, EvidenceList)
CHECK_GATES = Endpoint("POST", f"{_AT}/gates/check", CheckGates, GateResults)
LIST_GATES = Endpoint("GET", f"{_AT}/gates/list", ListGates, GateResults)
RECORD_GATE = Endpoint("POST", f"{_AT}/gates/record", RecordGate, GateResults)
CREATE_PROMOTION_REQUEST = Endpoint(
    "POST", f"{_AT}/requests/create", CreatePromotionRequest, OnePromotionRequest
)
GET_PROMOTION_REQUEST = Endpoint("GET", f"{_AT}/requests/get", RequestId, OnePromotionRequest)
SEARCH_PROMOTION_REQUESTS = Endpoint(
    "GET", f"{_AT}/requests/list", SearchPromotionRequests, PromotionRequests
)
REVIEW_PROMOTION = Endpoint("POST", f"{_AT}/requests/review", ReviewPromotion, OnePromotionRequest)
APPLY_PROMOTION = Endpoint("POST", f"{_AT}/requests/apply", RequestId, OnePromotionRequest)
WITHDRAW_PROMOTION = Endpoint("POST", f"{_AT}/requests/withdraw", RequestId, OnePromotionRequest)
LIST_NOTIFICATIONS = Endpoint("GET", f"{_AT}/notifications", ListNotifications, Notifications)
