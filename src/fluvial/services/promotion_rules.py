"""Whether a version may be put into a place, or taken away, at once: what a policy guards takes more."""

from __future__ import annotations

import msgspec

from fluvial.entities.promotion import GateResult, Verdict
from fluvial.entities.registered_model import Stage
from fluvial.errors import PermissionDenied
from fluvial.services.context import Context
from fluvial.services.gates import evaluate, is_passed, keep
from fluvial.services.policies import rules_of
from fluvial.store import registered_models
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


def permit_leaving(context: Context, registered: RegisteredRow, version: int, target: str, key: str) -> None:
    """Let a version be taken away from a place, or refuse it where it takes approvals to put one there.

    Raises:
        PermissionDenied: The place takes a promotion request.
    """
    guard = rules_of(context, registered.registered_id)[0].guard_of(target, key)
    if guard is not None and guard.approvals:
        raise PermissionDenied(
            f"Version {version} of {registered.name!r} stands at the {target} {key!r}, which takes "
            f"{guard.approvals} approvals also to be left: make a promotion request with leaves=true."
        )


def permit_deletion(context: Context, registered: RegisteredRow, row: VersionRow) -> None:
    """Let a version be deleted, or refuse it while it stands where one is taken away from with approvals.

    Raises:
        PermissionDenied: Such a place is to be left first.
    """
    aliases = registered_models.aliases_of(context.transaction, [registered.registered_id])
    for alias, version in aliases.get(registered.registered_id, {}).items():
        if version == row.version:
            permit_leaving(context, registered, version, "alias", alias)
    permit_leaving(context, registered, row.version, "stage", Stage.from_number(row.stage))
    permit_leaving(context, registered, row.version, "state", row.state)


def states_with_approvals(context: Context, registered: RegisteredRow) -> list[str]:
    """The states that versions of a model are put into with approvals only."""
    guards = rules_of(context, registered.registered_id)[0].guards
    return [guard.state for guard in guards if guard.state and guard.approvals]


def explained(results: tuple[GateResult, ...]) -> str:
    """What the gates that do not pass say."""
    return " ".join(
        f"{result.gate}: {result.summary}" for result in results if result.verdict is not Verdict.PASS
    )
