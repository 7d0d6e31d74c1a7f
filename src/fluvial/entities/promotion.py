"""What decides whether a version may stand somewhere: evidence, gates, requests and reviews."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from fluvial.entities.noun import Noun


class Verdict(StrEnum):
    """What a check found."""

    PASS = "pass"  # noqa: S105  no password
    FAIL = "fail"
    UNKNOWN = "unknown"


class RequestStatus(StrEnum):
    """How far a promotion request has come."""

    OPEN = "open"
    APPLIED = "applied"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Decision(StrEnum):
    """What a review says."""

    APPROVE = "approve"
    REJECT = "reject"
    COMMENT = "comment"


class Evidence(Noun, frozen=True, kw_only=True):
    """Something that was found out about a model, by whoever looked.

    Attributes:
        evidence_id: Grows with time.
        model_id: The logged model that it is about.
        name: The registered model, where it is about a version.
        version: Its version.
        kind: What was looked at: `environment`, `latency`, `licences`, `vulnerabilities`, `format`, `drift`,
            `examples` or another word.
        verdict: What was found.
        details: Facts, for programs.
        author: Who looked.
        timestamp: When, ms since the epoch.
    """

    evidence_id: str
    model_id: str = ""
    name: str = ""
    version: str = ""
    kind: str
    verdict: Verdict
    details: dict[str, Any] = {}  # noqa: RUF012  msgspec makes a new one each time
    author: str
    timestamp: int


class GateResult(Noun, frozen=True, kw_only=True):
    """What one gate said about one version.

    Attributes:
        result_id: Grows with time; absent of a check that was not kept.
        name: The registered model.
        version: Its version.
        place: Where the version was to go: `alias champion`, `stage Production`, `state approved`; "" of a
            check.
        gate: The gate's name in the policy.
        kind: What kind of gate it is.
        verdict: What it found.
        summary: Why, in a sentence.
        details: Numbers and facts behind it.
        policy_number: Which policy of the model it is of; 0 of one that a client evaluated.
        author: Who had it evaluated.
        timestamp: When, ms since the epoch.
    """

    result_id: str | None = None
    name: str
    version: str
    place: str = ""
    gate: str
    kind: str
    verdict: Verdict
    summary: str
    details: dict[str, Any] = {}  # noqa: RUF012  msgspec makes a new one each time
    policy_number: int = 0
    author: str
    timestamp: int


class Review(Noun, frozen=True, kw_only=True):
    """What somebody says about a promotion request.

    Attributes:
        review_id: Grows with time.
        author: Who.
        decision: What.
        comment: Why.
        timestamp: When, ms since the epoch.
    """

    review_id: str
    author: str
    decision: Decision
    comment: str = ""
    timestamp: int


class PromotionRequest(Noun, frozen=True, kw_only=True):
    """A wish that a version may stand somewhere, and what others say to it.

    Attributes:
        request_id: Grows with time.
        name: The registered model.
        version: Its version.
        target: What kind of place: `alias`, `stage` or `state`.
        key: Its name.
        reason: Why.
        status: How far it has come.
        author: Who wishes it.
        timestamp: Since when, ms since the epoch.
        decided_timestamp: When it was applied, rejected or withdrawn.
        approvals_needed: How many reviewers have to approve.
        reviewers: Who may; anybody but the author where nobody is named.
        approved_by: Who does.
        reviews: What was said, oldest first.
        gates: What the gates said last.
        leaves: Whether the version is to be taken away from there.
    """

    request_id: str
    name: str
    version: str
    target: str
    key: str
    reason: str = ""
    status: RequestStatus
    author: str
    timestamp: int
    decided_timestamp: int | None = None
    approvals_needed: int = 0
    reviewers: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()
    gates: tuple[GateResult, ...] = ()
    leaves: bool = False
