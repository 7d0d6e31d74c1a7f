"""What a policy says: the lifecycle of a model's versions, what guards its places, and its gates."""

from __future__ import annotations

from typing import Literal

import msgspec
import yaml
from msgspec import Struct

from fluvial.errors import InvalidRequest
from fluvial.services import rules
from fluvial.services.context import Context, Permission
from fluvial.services.registry_moves import Change, checked_reason, record
from fluvial.services.routes import serve
from fluvial.store import promotions, registered_models
from fluvial.store.promotions import PolicyRow
from fluvial.store.registered_models import RegisteredRow
from fluvial.wire.promotions import GET_POLICY, SET_POLICY, Policy, PolicyOf, SetPolicy

MAX_POLICY_CHARS = 100_000
MAX_DEPTH = 20
LICENCES = "licences"
_STARTS = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_ENDS = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a policy: a key that it does not know is refused, so that no typo opens a gate."""


class Transition(_Part, frozen=True, kw_only=True):
    """One step that a version may take in its lifecycle."""

    from_: str = msgspec.field(name="from")
    to: str


class Lifecycle(_Part, frozen=True, kw_only=True):
    """The states of versions.

    Attributes:
        states: Their names.
        initial: That of a version which was given none; the first where it is not said.
        transitions: From which to which.
    """

    states: tuple[str, ...]
    initial: str = ""
    transitions: tuple[Transition, ...] = ()

    @property
    def first(self) -> str:
        """The state of a version that was given none."""
        return self.initial or self.states[0]


class Guard(_Part, frozen=True, kw_only=True):
    """What it takes to stand in a place: one of alias, stage and state says which.

    Attributes:
        approvals: How many reviewers have to approve a request.
        reviewers: Who may; anybody but the author where nobody is named.
        gates: Which gates have to pass; all where it is not said.
    """

    alias: str = ""
    stage: str = ""
    state: str = ""
    approvals: int = 0
    reviewers: tuple[str, ...] = ()
    gates: tuple[str, ...] | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Target and key."""
        for target in ("alias", "stage", "state"):
            if getattr(self, target):
                return target, getattr(self, target)
        return "", ""


class Gate(_Part, frozen=True, kw_only=True):
    """One condition: `metric`, `signature`, `evidence` or `recorded` says of which kind.

    Attributes:
        metric: Name of a metric.
        dataset: As measured on this dataset.
        min: Its least value that passes.
        max: Its greatest.
        against: The alias whose version it is compared with.
        goal: Whether more is better.
        margin: By how much it has to be better; a negative one lets it be as much worse.
        test: How the difference is tested; `none` compares the values.
        samples: What is tested: `steps`, the points of the metric in the run; `runs`, its last values in the
            runs of one parent; `examples`, evidence of the kind `examples`.
        alpha: The p-value below which a difference counts.
        signature: The alias whose inputs the version has to take, and whose outputs it has to give.
        evidence: A kind of evidence whose last verdict has to be `pass`.
        field: A number in its details, which `min` and `max` bound.
        allow: Of the evidence `licences`: patterns of the licences that packages may have.
        deny: Those that they may not.
        recorded: Name of a gate that a client evaluates and records.
        max_age_days: How old evidence or a record may be.
    """

    metric: str = ""
    dataset: str = ""
    min: float | None = None
    max: float | None = None
    against: str = ""
    goal: Literal["maximize", "minimize"] = "maximize"
    margin: float = 0.0
    test: Literal["none", "welch", "mann-whitney", "paired"] = "none"
    samples: Literal["steps", "runs", "examples"] = "runs"
    alpha: float = 0.05
    signature: str = ""
    evidence: str = ""
    field: str = ""
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    recorded: str = ""
    max_age_days: float | None = None

    @property
    def kind(self) -> str:
        """Which kind of gate it is; "" where that is not clear."""
        said = [kind for kind in ("metric", "signature", "evidence", "recorded") if getattr(self, kind)]
        return said[0] if len(said) == 1 else ""


class Rules(_Part, frozen=True, kw_only=True):
    """All of a policy."""

    lifecycle: Lifecycle | None = None
    guards: tuple[Guard, ...] = ()
    gates: dict[str, Gate] = {}

    def guard_of(self, target: str, key: str) -> Guard | None:
        """What guards a place."""
        return next((guard for guard in self.guards if guard.place == (target, key)), None)

    def gates_of(self, guard: Guard | None) -> dict[str, Gate]:
        """The gates of a guard; all where none is asked for."""
        if guard is None or guard.gates is None:
            return self.gates
        return {name: self.gates[name] for name in guard.gates}


NO_RULES = Rules()


@serve(GET_POLICY, needs=Permission.READ)
def get_policy(context: Context, request: PolicyOf) -> Policy:
    """The policy of a model; number 0 where it has none."""
    row = registered_models.get(context.transaction, request.name)
    return _answer(row, promotions.find_policy(context.transaction, row.registered_id))


@serve(SET_POLICY, needs=Permission.MANAGE)
def set_policy(context: Context, request: SetPolicy) -> Policy:
    """Give a model another policy; those before it are kept.

    Raises:
        InvalidRequest: It is not YAML, or says something that no policy says.
    """
    rules.check_length("A policy", request.text, MAX_POLICY_CHARS)
    parse(request.text)
    registered = registered_models.get(context.transaction, request.name)
    before = promotions.find_policy(context.transaction, registered.registered_id)
    row = PolicyRow(
        registered.registered_id,
        before.number + 1 if before else 1,
        request.text,
        context.now_ms,
        context.principal.name,
    )
    promotions.add_policy(context.transaction, row)
    change = Change(
        "policy",
        before=str(before.number) if before else None,
        after=str(row.number),
        reason=checked_reason(request.reason),
    )
    record(context, registered, change)
    return _answer(registered, row)


def rules_of(context: Context, registered_id: int) -> tuple[Rules, int]:
    """What holds for a model now, and the number of its policy; 0 where there is none."""
    row = promotions.find_policy(context.transaction, registered_id)
    return (NO_RULES, 0) if row is None else (parse(row.text), row.number)


def initial_state(context: Context, registered_id: int) -> str:
    """The state that a new version of a model has; "" where there is no lifecycle."""
    lifecycle = rules_of(context, registered_id)[0].lifecycle
    return lifecycle.first if lifecycle else ""


def parse(text: str) -> Rules:
    """What a policy says.

    Raises:
        InvalidRequest: It is not YAML, or says something that no policy says.
    """
    try:
        _check_cost(text)
        said = yaml.safe_load(text) or {}
        found = msgspec.convert(said, Rules)
    except yaml.YAMLError as error:
        raise InvalidRequest(f"The policy is not YAML: {error}") from error
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"The policy says what no policy says: {error}.") from error
    _check(found)
    return found


def _check_cost(text: str) -> None:
    """Refuse what takes much longer to read than to send.

    A few aliases stand for gigabytes, and each level is looked at again for every token in it.
    """
    depth = 0
    for token in yaml.scan(text):
        if isinstance(token, yaml.AliasToken):
            raise InvalidRequest("A policy has no YAML aliases (*name): write out what they stand for.")
        depth += isinstance(token, _STARTS) - isinstance(token, _ENDS)
        if depth > MAX_DEPTH:
            raise InvalidRequest(f"A policy is no more than {MAX_DEPTH} levels deep.")


def _check(found: Rules) -> None:
    for name, gate in found.gates.items():
        if not gate.kind:
            raise InvalidRequest(f"The gate {name!r} has one of metric, signature, evidence and recorded.")
        is_idle = gate.kind == "metric" and gate.min is None and gate.max is None and not gate.against
        if is_idle:
            raise InvalidRequest(f"The gate {name!r} lets everything pass: give it min, max or against.")
        if gate.test != "none" and not gate.against:
            raise InvalidRequest(f"The gate {name!r} tests a difference: say against which alias.")
        if (gate.allow or gate.deny) and gate.evidence != LICENCES:
            raise InvalidRequest(f"The gate {name!r} names licences: that is for evidence: {LICENCES}.")
        if not 0 < gate.alpha < 1:
            raise InvalidRequest(f"The gate {name!r} has alpha between 0 and 1, not {gate.alpha}.")
    for guard in found.guards:
        if not guard.place[0] or sum(bool(part) for part in (guard.alias, guard.stage, guard.state)) > 1:
            raise InvalidRequest("A guard names one place: alias, stage or state.")
        unknown = [name for name in guard.gates or () if name not in found.gates]
        if unknown:
            raise InvalidRequest(f"A guard asks for the gate {unknown[0]!r}, which is not there.")
        if guard.reviewers and guard.approvals > len(set(guard.reviewers)):
            n_reviewers = len(set(guard.reviewers))
            raise InvalidRequest(f"{guard.approvals} of {n_reviewers} reviewers cannot approve.")
    if found.lifecycle is not None:
        _check_lifecycle(found.lifecycle)


def _check_lifecycle(lifecycle: Lifecycle) -> None:
    states = lifecycle.states
    if not states or len(set(states)) < len(states) or not all(states):
        raise InvalidRequest("A lifecycle has states, each with a name of its own.")
    named = [lifecycle.first, *(step for each in lifecycle.transitions for step in (each.from_, each.to))]
    for state in named:
        if state not in states:
            raise InvalidRequest(f"The lifecycle names the state {state!r}, which is not among its states.")


def _answer(registered: RegisteredRow, row: PolicyRow | None) -> Policy:
    if row is None:
        return Policy(name=registered.name, number=0)
    lifecycle = parse(row.text).lifecycle
    return Policy(
        name=registered.name,
        number=row.number,
        text=row.text,
        states=lifecycle.states if lifecycle else (),
        author=row.created_by,
        timestamp=row.created_ms,
    )
