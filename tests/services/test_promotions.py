"""Policies: lifecycles, gates on what the server has, requests with reviewers, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fluvial.entities.promotion import Decision, GateResult, RequestStatus, Verdict
from fluvial.errors import Conflict, InvalidRequest, PermissionDenied
from fluvial.services.platform import Platform, somebody
from fluvial.wire.endpoint import Endpoint
from fluvial.wire.model_versions import (
    DELETE_MODEL_VERSION,
    GET_MODEL_VERSION,
    TRANSITION_STAGE,
    TransitionStage,
    VersionName,
)
from fluvial.wire.promotions import (
    ADD_EVIDENCE,
    APPLY_PROMOTION,
    CHECK_GATES,
    CREATE_PROMOTION_REQUEST,
    GET_POLICY,
    LIST_EVIDENCE,
    LIST_GATES,
    LIST_NOTIFICATIONS,
    RECORD_GATE,
    REVIEW_PROMOTION,
    SET_POLICY,
    WITHDRAW_PROMOTION,
    AddEvidence,
    CheckGates,
    CreatePromotionRequest,
    ListEvidence,
    ListGates,
    ListNotifications,
    OnePromotionRequest,
    PolicyOf,
    RecordGate,
    RequestId,
    ReviewPromotion,
    SetPolicy,
)
from fluvial.wire.registered_models import (
    DELETE_ALIAS,
    DELETE_REGISTERED_MODEL,
    GET_ALIAS,
    AliasName,
    RegisteredModelName,
)
from fluvial.wire.registry_history import (
    PROMOTE,
    READ_REGISTRY_HISTORY,
    Promote,
    ReadRegistryHistory,
)
from tests.platforms import Clock
from tests.services.making import log, start
from tests.services.registering import create, log_model, measure, point, register

REVIEWED = """
guards:
  - {alias: champion, approvals: 2, reviewers: [ana, ben, cleo], gates: [good]}
gates:
  good: {metric: acc, min: 0.8}
"""


@pytest.fixture
def models(platform: Platform) -> list[str]:
    """The logged models of versions 1 and 2 of `net`, with accuracies 0.85 and 0.9; 1 is the champion."""
    create(platform, "net")
    made = []
    for accuracy in (0.85, 0.9):
        run = start(platform, experiment_id="0")
        made.append(log_model(platform, run))
        measure(platform, run, made[-1], acc=accuracy)
        register(platform, "net", made[-1])
    point(platform, "net", "champion", 1)
    return made


def policy(platform: Platform, text: str, name: str = "net") -> None:
    """Give a model a policy."""
    platform.call(SET_POLICY, SetPolicy(name=name, text=text), somebody("ana"))


def check(platform: Platform, version: int = 2) -> dict[str, GateResult]:
    """What all gates say about a version, by name."""
    results = platform.call(CHECK_GATES, CheckGates(name="net", version=str(version))).results
    return {result.gate: result for result in results}


def ask(platform: Platform, version: int = 2, by: str = "dora", **more: Any) -> OnePromotionRequest:
    """A request that a version may be the champion."""
    request = CreatePromotionRequest(
        **{"name": "net", "version": str(version), "target": "alias", "key": "champion", **more}
    )
    return platform.call(CREATE_PROMOTION_REQUEST, request, somebody(by))


def say(
    platform: Platform, request_id: str, by: str, decision: str = "approve", comment: str = ""
) -> OnePromotionRequest:
    """A review."""
    request = ReviewPromotion(request_id=request_id, decision=Decision(decision), comment=comment)
    return platform.call(REVIEW_PROMOTION, request, somebody(by))


def champion(platform: Platform) -> str:
    """The version that the alias points at."""
    return platform.call(GET_ALIAS, AliasName(name="net", alias="champion")).model_version.version


def test_a_request_is_carried_out_when_enough_reviewers_approve_and_the_history_says_who(
    platform: Platform, models: list[str]
) -> None:
    policy(platform, REVIEWED)
    request = ask(platform, reason="better on June").request

    assert say(platform, request.request_id, "ana").request.status is RequestStatus.OPEN
    assert champion(platform) == "1"
    done = say(platform, request.request_id, "ben", comment="looks right").request

    assert (done.status, done.approved_by, champion(platform)) == (RequestStatus.APPLIED, ("ana", "ben"), "2")
    page = platform.call(READ_REGISTRY_HISTORY, ReadRegistryHistory(name="net", field="alias"))
    assert "better on June" in page.events[0].reason
    assert "approved by ana, ben" in page.events[0].reason
    with pytest.raises(Conflict):
        say(platform, request.request_id, "cleo")


def test_nobody_decides_their_own_request_nor_one_that_others_are_named_for(
    platform: Platform, models: list[str]
) -> None:
    policy(platform, REVIEWED)
    request = ask(platform, by="Ana").request

    with pytest.raises(PermissionDenied, match="their own"):
        say(platform, request.request_id, "ana")
    with pytest.raises(PermissionDenied, match="not among the reviewers"):
        say(platform, request.request_id, "dora")
    with pytest.raises(InvalidRequest, match="who you are"):
        say(platform, request.request_id, "")
    assert say(platform, request.request_id, "dora", "comment", "why?").request.reviews[0].comment == "why?"


def test_one_rejection_ends_a_request_and_its_author_may_withdraw_it(
    platform: Platform, models: list[str]
) -> None:
    policy(platform, REVIEWED)
    first, second = ask(platform).request, ask(platform).request

    assert say(platform, first.request_id, "ben", "reject", "no").request.status is RequestStatus.REJECTED
    with pytest.raises(PermissionDenied):
        platform.call(WITHDRAW_PROMOTION, RequestId(request_id=second.request_id), somebody("ben"))
    gone = platform.call(WITHDRAW_PROMOTION, RequestId(request_id=second.request_id), somebody("dora"))
    assert gone.request.status is RequestStatus.WITHDRAWN


def test_a_place_that_takes_approvals_is_moved_by_no_other_call(
    platform: Platform, models: list[str]
) -> None:
    policy(platform, REVIEWED)

    with pytest.raises(PermissionDenied, match="2 approvals"):
        point(platform, "net", "champion", 2)
    with pytest.raises(PermissionDenied, match="2 approvals"):
        platform.call(PROMOTE, Promote(name="net", version="2", target="alias", key="champion"))
    point(platform, "net", "shadow", 2)


@pytest.mark.parametrize("guarded", ["alias: champion", "stage: Production"])
def test_what_takes_approvals_to_be_set_takes_them_to_be_left(
    platform: Platform, models: list[str], guarded: str
) -> None:
    live = TransitionStage(name="net", version="1", stage="Production")
    platform.call(TRANSITION_STAGE, live)
    policy(platform, f"guards:\n  - {{{guarded}, approvals: 1}}")
    target, key = guarded.split(": ")
    leaving: list[tuple[Endpoint[Any, Any], Any]] = [
        (DELETE_MODEL_VERSION, VersionName(name="net", version="1")),
        (DELETE_REGISTERED_MODEL, RegisteredModelName(name="net")),
        (DELETE_ALIAS, AliasName(name="net", alias="champion"))
        if target == "alias"
        else (TRANSITION_STAGE, TransitionStage(name="net", version="1", stage="Archived")),
    ]
    for endpoint, request in leaving:
        with pytest.raises(PermissionDenied, match="1 approvals also to be left"):
            platform.call(endpoint, request)
    with pytest.raises(InvalidRequest, match="does not stand"):
        ask(platform, target=target, key=key, leaves=True)

    asked = ask(platform, version=1, target=target, key=key, leaves=True, reason="it is broken").request
    assert (asked.leaves, asked.status, asked.gates) == (True, RequestStatus.OPEN, ())
    assert say(platform, asked.request_id, "ana").request.status is RequestStatus.APPLIED

    version = platform.call(GET_MODEL_VERSION, VersionName(name="net", version="1")).model_version
    assert version.current_stage == ("Archived" if target == "stage" else "Production")
    assert version.aliases == (() if target == "alias" else ("champion",))
    platform.call(*leaving[0])


def test_gates_that_fail_keep_an_approved_request_open_until_they_pass(
    platform: Platform, models: list[str]
) -> None:
    policy(platform, REVIEWED.replace("0.8", "0.95").replace("approvals: 2", "approvals: 1"))
    request = ask(platform).request
    approved = say(platform, request.request_id, "ana").request
    assert approved.status is RequestStatus.OPEN
    assert [(gate.gate, gate.verdict) for gate in approved.gates] == [("good", Verdict.FAIL)]
    told = platform.call(LIST_NOTIFICATIONS, ListNotifications(user="dora"))
    assert [one.request_id for one in told.failing] == [request.request_id]

    policy(platform, REVIEWED.replace("approvals: 2", "approvals: 1"))
    done = platform.call(APPLY_PROMOTION, RequestId(request_id=request.request_id), somebody("dora"))

    assert (done.request.status, champion(platform)) == (RequestStatus.APPLIED, "2")


def test_who_has_to_decide_and_whose_request_was_decided_are_told(
    platform: Platform, models: list[str]
) -> None:
    policy(platform, REVIEWED)
    request = ask(platform).request
    say(platform, request.request_id, "ana")

    waiting = {
        user: len(platform.call(LIST_NOTIFICATIONS, ListNotifications(user=user)).waiting)
        for user in ("ana", "ben", "cleo", "dora", "emil")
    }
    assert waiting == {"ana": 0, "ben": 1, "cleo": 1, "dora": 0, "emil": 0}
    say(platform, request.request_id, "ben", "reject")
    told = platform.call(LIST_NOTIFICATIONS, ListNotifications(user="dora"))
    assert [one.status for one in told.decided] == [RequestStatus.REJECTED]


def test_without_approvals_gates_alone_decide_also_for_mlflows_calls(
    platform: Platform, models: list[str]
) -> None:
    policy(platform, "guards: [{alias: champion}]\ngates: {good: {metric: acc, min: 0.88}}")
    point(platform, "net", "champion", 2)

    with pytest.raises(PermissionDenied, match=r"acc is 0.85, below 0.88") as refused:
        point(platform, "net", "champion", 1)

    assert champion(platform) == "2"
    assert refused.value.details["gates"][0]["gate"] == "good"
    kept = platform.call(LIST_GATES, ListGates(name="net", version="2"))
    assert [(one.place, one.verdict) for one in kept.results] == [("alias champion", Verdict.PASS)]


@pytest.mark.parametrize(
    ("gate", "verdict"),
    [
        ("{metric: acc, against: champion}", Verdict.PASS),
        ("{metric: acc, against: champion, margin: 0.06}", Verdict.FAIL),
        ("{metric: acc, against: champion, goal: minimize}", Verdict.FAIL),
        ("{metric: acc, against: nobody}", Verdict.PASS),
        ("{metric: nope, min: 0}", Verdict.UNKNOWN),
        ("{metric: acc, against: champion, test: welch}", Verdict.UNKNOWN),
        ("{metric: acc, against: champion, test: paired, samples: examples}", Verdict.PASS),
        ("{metric: acc, against: champion, test: mann-whitney, samples: examples}", Verdict.PASS),
        ("{metric: acc, against: champion, test: paired, samples: examples, margin: 0.5}", Verdict.FAIL),
        ("{evidence: environment}", Verdict.PASS),
        ("{evidence: latency, field: p99_ms, max: 20}", Verdict.PASS),
        ("{evidence: latency, field: p99_ms, max: 10}", Verdict.FAIL),
        ("{evidence: licences}", Verdict.FAIL),
        ("{evidence: licences, deny: [GPL-*]}", Verdict.FAIL),
        ("{evidence: licences, deny: [AGPL*]}", Verdict.PASS),
        ("{evidence: licences, allow: [MIT*, gpl-3.0, BSD*]}", Verdict.PASS),
        ("{evidence: licences, allow: [MIT*]}", Verdict.FAIL),
        ("{evidence: drift}", Verdict.UNKNOWN),
        ("{recorded: fairness}", Verdict.FAIL),
        ("{recorded: unheard}", Verdict.UNKNOWN),
    ],
)
def test_a_gate_says_what_the_kept_numbers_and_evidence_say(
    platform: Platform, models: list[str], gate: str, verdict: Verdict
) -> None:
    for model, base in zip(models, (0.8, 0.9), strict=True):
        values = [base + 0.001 * (number % 7) for number in range(20)]
        add(platform, model_id=model, kind="examples", details={"metric": "acc", "values": values})
    add(platform, model_id=models[1], kind="environment")
    add(platform, model_id=models[1], kind="latency", details={"p99_ms": 15.0})
    licences = {
        "packages": {"a 1": "MIT License, BSD-3-Clause", "b 2": "(Apache-2.0 OR MIT)", "c 1": "GPL-3.0"}
    }
    add(platform, name="net", version="2", kind="licences", verdict=Verdict.FAIL, details=licences)
    record = RecordGate(name="net", version="2", gate="fairness", verdict=Verdict.FAIL, summary="uneven")
    platform.call(RECORD_GATE, record)
    policy(platform, f"gates: {{it: {gate}}}")

    assert check(platform)["it"].verdict is verdict


def add(platform: Platform, **more: Any) -> None:
    """Keep evidence."""
    platform.call(ADD_EVIDENCE, AddEvidence(**{"verdict": Verdict.PASS, **more}))


def test_a_difference_over_seeds_is_tested_over_the_runs_of_one_parent(platform: Platform) -> None:
    create(platform, "net")
    for base in (0.7, 0.8):
        parent = start(platform, experiment_id="0")
        for seed in range(5):
            child = start(platform, experiment_id="0")
            log(
                platform,
                child,
                metrics=[("acc", base + seed / 100, 0)],
                tags={"mlflow.parentRunId": parent},
            )
        register(platform, "net", log_model(platform, child))
    point(platform, "net", "champion", 1)
    policy(platform, "gates: {better: {metric: acc, against: champion, test: welch, samples: runs}}")

    result = check(platform)["better"]

    # t = 0.1 / sqrt(2 * 0.00025 / 5) = 10 with 8 degrees of freedom.
    assert result.verdict is Verdict.PASS
    assert result.details["n"] == [5, 5]
    assert result.details["statistic"] == pytest.approx(10.0)
    assert result.details["p_value"] == pytest.approx(4.24e-6, rel=0.01)


def test_evidence_grows_old_and_the_last_of_each_kind_is_what_counts(
    platform: Platform, models: list[str], clock: Clock
) -> None:
    add(platform, model_id=models[1], kind="environment", verdict=Verdict.FAIL)
    add(platform, model_id=models[1], kind="environment")
    policy(platform, "gates: {env: {evidence: environment, max_age_days: 2}}")
    assert check(platform)["env"].verdict is Verdict.PASS

    clock.now_ms += 3 * 86_400_000

    assert check(platform)["env"].verdict is Verdict.UNKNOWN
    last = platform.call(LIST_EVIDENCE, ListEvidence(name="net", version="2", is_latest=True)).evidence
    assert [(one.kind, one.verdict) for one in last] == [("environment", Verdict.PASS)]


def test_a_signature_has_to_take_what_the_champions_callers_send(platform: Platform) -> None:
    create(platform, "net")
    for inputs in (
        [{"type": "double", "name": "age", "required": True}],
        [
            {"type": "double", "name": "age", "required": True},
            {"type": "string", "name": "city", "required": False},
        ],
        [{"type": "string", "name": "age", "required": True}, {"type": "long", "name": "zip"}],
    ):
        run = start(platform, experiment_id="0")
        model = log_model(platform, run)
        text = f"signature:\n  inputs: '{json.dumps(inputs)}'\n  outputs: '[{{\"type\": \"long\"}}]'\n"
        place = platform.locations.find(f"mlflow-artifacts:/0/models/{model}/artifacts")
        import io

        place.store.write(place.key("MLmodel"), io.BytesIO(text.encode()), size_bytes=len(text))
        register(platform, "net", model)
    point(platform, "net", "champion", 1)
    policy(platform, "gates: {same: {signature: champion}}")

    assert check(platform, 2)["same"].verdict is Verdict.PASS
    refused = check(platform, 3)["same"]
    assert refused.verdict is Verdict.FAIL
    assert len(refused.details["incompatible"]) == 2


def test_versions_take_the_steps_of_their_lifecycle_and_no_others(platform: Platform) -> None:
    create(platform, "net")
    policy(
        platform,
        "lifecycle: {states: [draft, tried, live], transitions: [{from: draft, to: tried}, "
        "{from: tried, to: live}, {from: live, to: tried}]}",
    )
    register(platform, "net")

    def go(state: str) -> None:
        platform.call(PROMOTE, Promote(name="net", version="1", target="state", key=state, reason="so"))

    with pytest.raises(InvalidRequest, match="from there it goes 'tried', not 'live'"):
        go("live")
    go("tried")
    go("live")
    version = platform.call(GET_MODEL_VERSION, VersionName(name="net", version="1")).model_version
    assert version.state == "live"
    events = platform.call(READ_REGISTRY_HISTORY, ReadRegistryHistory(name="net", field="state")).events
    assert [(event.before, event.after) for event in events] == [("tried", "live"), ("draft", "tried")]


@pytest.mark.parametrize(
    "text",
    [
        "gates: [",
        "gates: {a: {metrik: x}}",
        "gates: {a: {}}",
        "gates: {a: {metric: x}}",
        "gates: {a: {metric: x, evidence: y, min: 1}}",
        "gates: {a: {metric: x, min: 0, test: welch}}",
        "guards: [{approvals: 1}]",
        "guards: [{alias: a, stage: Production}]",
        "guards: [{alias: a, gates: [none]}]",
        "guards: [{alias: a, approvals: 2, reviewers: [one]}]",
        "lifecycle: {states: []}",
        "lifecycle: {states: [a], transitions: [{from: a, to: b}]}",
        "!!python/object/apply:os.system ['true']",
        "gaets: {}",
        "guards: [&guard {alias: a}, *guard]",
        "[" * 50_000,
    ],
)
def test_a_policy_that_says_what_none_says_is_refused(platform: Platform, text: str) -> None:
    create(platform, "net")

    with pytest.raises(InvalidRequest):
        policy(platform, text)

    assert platform.call(GET_POLICY, PolicyOf(name="net")).number == 0
