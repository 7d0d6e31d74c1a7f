"""Policies, gates, evidence and promotion requests, for the client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fluvial.client.tracker import Tracker
from fluvial.entities.promotion import (
    Decision,
    Evidence,
    GateResult,
    PromotionRequest,
    Verdict,
)
from fluvial.wire.promotions import (
    ADD_EVIDENCE,
    CHECK_GATES,
    CREATE_PROMOTION_REQUEST,
    GET_POLICY,
    LIST_EVIDENCE,
    RECORD_GATE,
    REVIEW_PROMOTION,
    SET_POLICY,
    AddEvidence,
    CheckGates,
    CreatePromotionRequest,
    ListEvidence,
    Policy,
    PolicyOf,
    RecordGate,
    ReviewPromotion,
    SetPolicy,
)
from fluvial.wire.registry_history import Target


class PromotionsClient:
    """The part of the client that decides which version may stand where."""

    _tracker: Tracker

    def set_policy(self, name: str, text: str, reason: str = "") -> Policy:
        """Give a registered model a policy: YAML, as docs/promotion.md describes it.

        Example:
            >>> client = fluvial.FluvialClient()
            >>> model = client.create_registered_model("churn")
            >>> client.set_policy("churn", "gates: {floor: {metric: auc, min: 0.8}}").number
            1
        """
        return self._tracker.call(SET_POLICY, SetPolicy(name=name, text=text, reason=reason))

    def get_policy(self, name: str) -> Policy:
        """The policy of a registered model; number 0 where it has none."""
        return self._tracker.call(GET_POLICY, PolicyOf(name=name))

    def check_gates(self, name: str, version: str | int) -> list[GateResult]:
        """What the gates of a model's policy say about a version; the server keeps it."""
        request = CheckGates(name=name, version=str(version))
        return list(self._tracker.call(CHECK_GATES, request).results)

    def record_gate(
        self,
        name: str,
        version: str | int,
        gate: str,
        verdict: Verdict | str,
        summary: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> GateResult:
        """Keep what a gate said that was evaluated here; policies ask for it by `recorded`."""
        request = RecordGate(
            name=name,
            version=str(version),
            gate=gate,
            verdict=Verdict(verdict),
            summary=summary,
            details=dict(details or {}),
        )
        return self._tracker.call(RECORD_GATE, request).results[0]

    def add_model_evidence(
        self,
        kind: str,
        verdict: Verdict | str,
        details: Mapping[str, Any] | None = None,
        *,
        model_id: str = "",
        name: str = "",
        version: str | int = "",
    ) -> Evidence:
        """Keep what was found out about a logged model, or about a version.

        Args:
            kind: What was looked at, such as `environment` or `latency`.
            verdict: `pass`, `fail` or `unknown`.
            details: Facts, for gates and people.
            model_id: The logged model; or
            name: the registered model and
            version: its version.
        """
        request = AddEvidence(
            kind=kind,
            verdict=Verdict(verdict),
            details=dict(details or {}),
            model_id=model_id,
            name=name,
            version=str(version),
        )
        return self._tracker.call(ADD_EVIDENCE, request).evidence

    def list_model_evidence(
        self, *, model_id: str = "", name: str = "", version: str | int = ""
    ) -> list[Evidence]:
        """What was found out about a logged model, or about a version with its logged model, newest first."""
        request = ListEvidence(model_id=model_id, name=name, version=str(version))
        return list(self._tracker.call(LIST_EVIDENCE, request).evidence)

    def request_promotion(
        self,
        name: str,
        version: str | int,
        target: Target,
        key: str,
        reason: str = "",
        *,
        leaves: bool = False,
    ) -> PromotionRequest:
        """Ask that a version may stand in a place that takes approvals, or leave it."""
        request = CreatePromotionRequest(
            name=name, version=str(version), target=target, key=key, reason=reason, leaves=leaves
        )
        return self._tracker.call(CREATE_PROMOTION_REQUEST, request).request

    def review_promotion(
        self, request_id: str, decision: Decision | str, comment: str = ""
    ) -> PromotionRequest:
        """Approve a promotion request, reject it, or say something about it."""
        request = ReviewPromotion(request_id=request_id, decision=Decision(decision), comment=comment)
        return self._tracker.call(REVIEW_PROMOTION, request).request
