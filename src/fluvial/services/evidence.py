"""Evidence about models, and what gates said: kept as it came, never changed."""

from __future__ import annotations

from fluvial.entities.promotion import GateResult
from fluvial.errors import InvalidRequest
from fluvial.services import rules as bounds
from fluvial.services.context import Context, Permission
from fluvial.services.gates import RECORDED, evaluate, is_passed, keep
from fluvial.services.model_sources import version_number
from fluvial.services.places import checked_key
from fluvial.services.policies import rules_of
from fluvial.services.routes import serve
from fluvial.store import evidence, logged_models, model_versions, registered_models
from fluvial.store.evidence import EvidenceRow
from fluvial.store.model_versions import VersionRow
from fluvial.wire.promotions import (
    ADD_EVIDENCE,
    CHECK_GATES,
    LIST_EVIDENCE,
    LIST_GATES,
    RECORD_GATE,
    AddEvidence,
    CheckGates,
    EvidenceList,
    GateResults,
    ListEvidence,
    ListGates,
    OneEvidence,
    RecordGate,
)

MAX_DETAILS_CHARS = 1_000_000
MAX_NAME_CHARS = 200
MAX_SUMMARY_CHARS = 5_000


@serve(ADD_EVIDENCE, needs=Permission.EDIT)
def add_evidence(context: Context, request: AddEvidence) -> OneEvidence:
    """Keep what was found out about a logged model or a version.

    Raises:
        NotFound: No such model or version.
        InvalidRequest: It is about neither or both, or too long.
    """
    if bool(request.model_id) == bool(request.name):
        raise InvalidRequest("Evidence is about a model_id, or about a name and version.")
    _check_name("The kind of evidence", request.kind)
    details = evidence.packed(request.details)
    bounds.check_length("The details of evidence", details, MAX_DETAILS_CHARS)
    at_ms = context.now_ms if request.at is None else request.at
    bounds.check_int64("The time of evidence", at_ms)
    row = EvidenceRow(
        evidence_id=context.transaction.database.ids.next(),
        model_id=request.model_id,
        registered_id=0,
        version=0,
        kind=request.kind,
        verdict=request.verdict,
        details=details,
        author=context.principal.name,
        at_ms=at_ms,
    )
    if request.model_id:
        logged_models.get(context.transaction, request.model_id)
    else:
        version = _version(context, request.name, request.version)
        row = row._replace(registered_id=version.registered_id, version=version.version)
    evidence.add(context.transaction, row)
    context.changed(None, None, "registry")
    return OneEvidence(evidence=evidence.as_evidence([row], request.name)[0])


@serve(LIST_EVIDENCE, needs=Permission.READ)
def list_evidence(context: Context, request: ListEvidence) -> EvidenceList:
    """What was found out about a logged model, or about a version with its logged model, newest first."""
    if bool(request.model_id) == bool(request.name):
        raise InvalidRequest("Evidence is about a model_id, or about a name and version.")
    if request.model_id:
        rows = evidence.find_all(context.transaction, model_id=request.model_id)
    else:
        rows = evidence.of_version(context.transaction, _version(context, request.name, request.version))
    if request.kind:
        rows = [row for row in rows if row.kind == request.kind]
    if request.is_latest:
        last: dict[str, EvidenceRow] = {}
        for row in rows:
            last.setdefault(row.kind, row)
        rows = list(last.values())
    return EvidenceList(evidence=evidence.as_evidence(rows, request.name))


@serve(CHECK_GATES, needs=Permission.EDIT)
def check_gates(context: Context, request: CheckGates) -> GateResults:
    """Evaluate the gates of a place, or all of the policy, and keep what they say."""
    row = _version(context, request.name, request.version)
    registered = registered_models.get(context.transaction, request.name)
    rules, number = rules_of(context, registered.registered_id)
    gates, place = rules.gates, ""
    if request.target is not None:
        key = checked_key(request.target, request.key)
        gates, place = rules.gates_of(rules.guard_of(request.target, key)), f"{request.target} {key}"
    results = keep(context, registered, evaluate(context, registered, row, gates, number, place))
    return GateResults(results=results, is_passed=is_passed(results))


@serve(LIST_GATES, needs=Permission.READ)
def list_gates(context: Context, request: ListGates) -> GateResults:
    """What gates said about a version, newest first."""
    row = _version(context, request.name, request.version)
    rows = evidence.gates_of(context.transaction, row.registered_id, row.version)
    results = evidence.as_results(rows, row.name)
    last: dict[str, GateResult] = {}
    for result in results:
        last.setdefault(result.gate, result)
    latest = tuple(last.values())
    return GateResults(results=latest if request.is_latest else results, is_passed=is_passed(latest))


@serve(RECORD_GATE, needs=Permission.EDIT)
def record_gate(context: Context, request: RecordGate) -> GateResults:
    """Keep what a gate said that the caller evaluated; policies ask for it by `recorded`."""
    _check_name("The name of a gate", request.gate)
    bounds.check_length("The summary of a gate", request.summary, MAX_SUMMARY_CHARS)
    details = evidence.packed(request.details)
    bounds.check_length("The details of a gate", details, MAX_DETAILS_CHARS)
    row = _version(context, request.name, request.version)
    result = GateResult(
        name=row.name,
        version=str(row.version),
        gate=request.gate,
        kind=RECORDED,
        verdict=request.verdict,
        summary=request.summary,
        details=request.details,
        author=context.principal.name,
        timestamp=context.now_ms,
    )
    kept = keep(context, registered_models.get(context.transaction, row.name), (result,))
    return GateResults(results=kept, is_passed=is_passed(kept))


def _version(context: Context, name: str, version: str) -> VersionRow:
    return model_versions.get(context.transaction, name, version_number(version))


def _check_name(what: str, name: str) -> None:
    if not name.strip():
        raise InvalidRequest(f"{what} is not blank.")
    bounds.check_length(what, name, MAX_NAME_CHARS)
