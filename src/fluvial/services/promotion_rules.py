"""Whether a version may be put into a place at once: what a policy guards takes its gates, or a request."""

from __future__ import annotations

import msgspec

from fluvial.entities.promotion import GateResult, Verdict
from fluvial.errors import PermissionDenied
from fluvial.services.context import Context
from fluvial.services.gates import evaluate, is_passed, keep
from fluvial.services.policies import rules_of
from fluvial.store.model_versions import VersionRow
from fluvial.store.registered_models import RegisteredRow


def permit(context: Context, registered: RegisteredRow, row: VersionRow, target: str, key: str) -> None:
    """Let a version be put into a place, or refuse it. What gates that pass have said is kept.

    Raises:
        PermissionDenied: A gate does not pass, or the place takes a promotion request.
    """
    rules, number = rules_of(context, registered.registered_id)
    guard = rules.guard_of(target, key)
    if guard is None:
        return
    if guard.approvals:
        raise PermissionDenied(
            f"The {target} {key!r} of {registered.name!r} takes {guard.approvals} approvals: "
            "make a promotion request."
        )
    results = evaluate(context, registered, row, rules.gates_of(guard), number, f"{target} {key}")
    if not is_passed(results):
        raise PermissionDenied(
            f"Version {row.version} of {registered.name!r} does not pass: {explained(results)}",
            gates=msgspec.to_builtins(results),
        )
    keep(context, registered, results)


def explained(results: tuple[GateResult, ...]) -> str:
    """What the gates that do not pass say."""
    return " ".join(
        f"{result.gate}: {result.summary}" for result in results if result.verdict is not Verdict.PASS
    )
