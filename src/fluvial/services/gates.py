"""Evaluating the gates of a policy for a version, from what the server has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from fluvial.entities.promotion import Evidence, GateResult, Verdict
from fluvial.services.context import Context
from fluvial.services.gate_samples import NoSamples, samples_of, value_of
from fluvial.services.licences import refused
from fluvial.services.mean_tests import Tested, mann_whitney, paired, welch
from fluvial.services.model_signatures import NoSignature, incompatibilities, signature_of
from fluvial.services.policies import Gate
from fluvial.store import evidence, model_versions, registered_models
from fluvial.store.evidence import GateRow
from fluvial.store.model_versions import VersionRow
from fluvial.store.registered_models import RegisteredRow

DAY_MS = 86_400_000
_TESTS: Mapping[str, Callable[..., Tested]] = {
    "welch": welch,
    "paired": paired,
    "mann-whitney": mann_whitney,
}


class Finding(NamedTuple):
    """What one gate says.

    Attributes:
        verdict: Whether it lets the version pass.
        summary: Why, in a sentence.
        details: Numbers and facts behind it.
    """

    verdict: Verdict
    summary: str
    details: dict[str, Any]


def evaluate(
    context: Context,
    registered: RegisteredRow,
    row: VersionRow,
    gates: Mapping[str, Gate],
    policy_number: int,
    place: str,
) -> tuple[GateResult, ...]:
    """What gates say about a version; nothing is kept."""
    results = []
    for name, gate in gates.items():
        finding = _KINDS[gate.kind](context, registered, row, gate)
        results.append(
            GateResult(
                name=registered.name,
                version=str(row.version),
                place=place,
                gate=name,
                kind=gate.kind,
                verdict=finding.verdict,
                summary=finding.summary,
                details=finding.details,
                policy_number=policy_number,
                author=context.principal.name,
                timestamp=context.now_ms,
            )
        )
    return tuple(results)


def keep(
    context: Context, registered: RegisteredRow, results: tuple[GateResult, ...]
) -> tuple[GateResult, ...]:
    """Keep what gates said; returns it with its ids."""
    rows = [
        GateRow(
            result_id=context.transaction.database.ids.next(),
            registered_id=registered.registered_id,
            version=int(result.version),
            place=result.place,
            gate=result.gate,
            kind=result.kind,
            verdict=result.verdict,
            summary=result.summary,
            details=evidence.packed(result.details),
            policy_number=result.policy_number,
            author=result.author,
            at_ms=result.timestamp,
        )
        for result in results
    ]
    evidence.add_gates(context.transaction, rows)
    context.changed(None, None, "registry")
    return evidence.as_results(rows, registered.name)


def is_passed(results: tuple[GateResult, ...]) -> bool:
    """Whether every gate lets the version pass: what is unknown does not."""
    return all(result.verdict is Verdict.PASS for result in results)


def _metric(context: Context, registered: RegisteredRow, row: VersionRow, gate: Gate) -> Finding:
    value = value_of(context, row, gate)
    name = f"{gate.metric} on {gate.dataset}" if gate.dataset else gate.metric
    details: dict[str, Any] = {"value": value}
    if value is None:
        return Finding(Verdict.UNKNOWN, f"Version {row.version} has no {name}.", details)
    for bound, is_kept, words in (
        (gate.min, gate.min is None or value >= gate.min, "below"),
        (gate.max, gate.max is None or value <= gate.max, "above"),
    ):
        if not is_kept:
            return Finding(Verdict.FAIL, f"{name} is {value:.6g}, {words} {bound:.6g}.", details)
    if not gate.against:
        return Finding(Verdict.PASS, f"{name} is {value:.6g}.", details)
    other = _version_at(context, registered, gate.against)
    if other is None:
        return Finding(Verdict.PASS, f"{name} is {value:.6g}; there is no {gate.against} yet.", details)
    if other.version_key == row.version_key:
        return Finding(Verdict.PASS, f"Version {row.version} is the {gate.against}.", details)
    details["against"] = {"alias": gate.against, "version": other.version}
    return _difference(context, row, other, gate, name, details)


def _difference(
    context: Context, row: VersionRow, other: VersionRow, gate: Gate, name: str, details: dict[str, Any]
) -> Finding:
    sign = 1.0 if gate.goal == "maximize" else -1.0
    if gate.test == "none":
        value, before = details["value"], value_of(context, other, gate)
        details["against"]["value"] = before
        if before is None:
            return Finding(Verdict.UNKNOWN, f"The {gate.against} has no {name}.", details)
        verdict = Verdict.PASS if sign * (value - before) >= gate.margin else Verdict.FAIL
        words = f"{name} is {value:.6g}, the {gate.against}'s {before:.6g}; wanted is {gate.margin:+.6g}."
        return Finding(verdict, words, details)
    try:
        first = [sign * value for value in samples_of(context, row, gate)]
        second = [sign * value for value in samples_of(context, other, gate)]
        tested = _TESTS[gate.test](first, second, gate.margin)
    except (NoSamples, ValueError) as error:
        return Finding(Verdict.UNKNOWN, str(error), details)
    details |= {
        "test": gate.test,
        "statistic": tested.statistic,
        "p_value": tested.p_value,
        "difference": sign * tested.difference,
        "n": [len(first), len(second)],
        "alpha": gate.alpha,
        "margin": gate.margin,
    }
    verdict = Verdict.PASS if tested.p_value < gate.alpha else Verdict.FAIL
    return Finding(
        verdict,
        f"{name} differs from the {gate.against}'s by {sign * tested.difference:+.6g} over {len(first)} and "
        f"{len(second)} {gate.samples} (p = {tested.p_value:.3g}, wanted below {gate.alpha:g}).",
        details,
    )


def _signature(context: Context, registered: RegisteredRow, row: VersionRow, gate: Gate) -> Finding:
    other = _version_at(context, registered, gate.signature)
    if other is None or other.version_key == row.version_key:
        return Finding(Verdict.PASS, f"There is no other {gate.signature}.", {})
    try:
        found = incompatibilities(signature_of(context, other), signature_of(context, row))
    except NoSignature as error:
        return Finding(Verdict.UNKNOWN, str(error), {})
    details = {"against": {"alias": gate.signature, "version": other.version}, "incompatible": found}
    if found:
        return Finding(
            Verdict.FAIL, f"{found[0]}{f' And {len(found) - 1} more.' if found[1:] else ''}", details
        )
    return Finding(Verdict.PASS, f"What the {gate.signature} takes and gives, it takes and gives.", details)


def _evidence(context: Context, registered: RegisteredRow, row: VersionRow, gate: Gate) -> Finding:
    del registered
    found = [one for one in evidence.of_version(context.transaction, row) if one.kind == gate.evidence]
    if not found:
        return Finding(Verdict.UNKNOWN, f"Nobody has looked at its {gate.evidence}.", {})
    (last,) = evidence.as_evidence(found[:1])
    details: dict[str, Any] = {"evidence_id": last.evidence_id, "author": last.author, **last.details}
    if _is_old(context, last.timestamp, gate):
        return Finding(Verdict.UNKNOWN, _age(f"Its {gate.evidence}", gate), details)
    if gate.allow or gate.deny:
        return _licences(last, gate, details)
    if last.verdict is not Verdict.PASS:
        return Finding(last.verdict, f"Its {gate.evidence} was found to be: {last.verdict}.", details)
    if gate.field:
        value = last.details.get(gate.field)
        if not isinstance(value, int | float) or isinstance(value, bool):
            return Finding(Verdict.UNKNOWN, f"Its {gate.evidence} says no number {gate.field}.", details)
        is_within = (gate.min is None or value >= gate.min) and (gate.max is None or value <= gate.max)
        verdict = Verdict.PASS if is_within else Verdict.FAIL
        return Finding(verdict, f"{gate.field} of its {gate.evidence} is {value:.6g}.", details)
    return Finding(Verdict.PASS, f"Its {gate.evidence} passed, as {last.author} found.", details)


def _licences(last: Evidence, gate: Gate, details: dict[str, Any]) -> Finding:
    by_package = last.details.get("packages")
    if not isinstance(by_package, dict) or not by_package:
        return Finding(Verdict.UNKNOWN, "Nobody has said which packages it needs.", details)
    found = refused({str(name): str(text) for name, text in by_package.items()}, gate.allow, gate.deny)
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        return Finding(Verdict.FAIL, f"Licences are refused: {', '.join(found[:3])}{more}.", details)
    silent = [name for name, text in by_package.items() if not text]
    if silent:
        words = f"{len(silent)} packages do not say their licence: {', '.join(sorted(silent)[:3])}."
        return Finding(Verdict.UNKNOWN, words, details)
    return Finding(Verdict.PASS, f"The licences of {len(by_package)} packages are allowed.", details)


def _recorded(context: Context, registered: RegisteredRow, row: VersionRow, gate: Gate) -> Finding:
    found = evidence.gates_of(context.transaction, registered.registered_id, row.version)
    # What a client evaluated, not what this said of it before.
    last = next((one for one in found if one.gate == gate.recorded and one.kind == RECORDED), None)
    if last is None:
        return Finding(Verdict.UNKNOWN, f"Nobody has recorded {gate.recorded} for it.", {})
    if _is_old(context, last.at_ms, gate):
        return Finding(Verdict.UNKNOWN, _age(gate.recorded, gate), {"result_id": str(last.result_id)})
    return Finding(Verdict(last.verdict), last.summary or last.verdict, {"result_id": str(last.result_id)})


RECORDED = "client"
_KINDS: Mapping[str, Callable[[Context, RegisteredRow, VersionRow, Gate], Finding]] = {
    "metric": _metric,
    "signature": _signature,
    "evidence": _evidence,
    "recorded": _recorded,
}


def _version_at(context: Context, registered: RegisteredRow, alias: str) -> VersionRow | None:
    aliases = registered_models.aliases_of(context.transaction, [registered.registered_id])
    number = aliases.get(registered.registered_id, {}).get(alias)
    return None if number is None else model_versions.find(context.transaction, registered.name, number)


def _is_old(context: Context, at_ms: int, gate: Gate) -> bool:
    return gate.max_age_days is not None and context.now_ms - at_ms > gate.max_age_days * DAY_MS


def _age(what: str, gate: Gate) -> str:
    return f"{what} was looked at more than {gate.max_age_days:g} days ago."
