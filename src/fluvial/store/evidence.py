"""What was found out about models, and what gates said about versions, in the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, select
from sqlalchemy.dialects.postgresql import insert

from fluvial.entities.promotion import Evidence, GateResult, Verdict
from fluvial.store.database import Transaction
from fluvial.store.model_versions import VersionRow
from fluvial.store.promotion_tables import gate_result, model_evidence
from fluvial.store.statement import Statement

MAX_READ = 1000


class EvidenceRow(NamedTuple):
    """A row of the table, its columns in order."""

    evidence_id: int
    model_id: str
    registered_id: int
    version: int
    kind: str
    verdict: str
    details: str
    author: str
    at_ms: int


class GateRow(NamedTuple):
    """A row of the table, its columns in order."""

    result_id: int
    registered_id: int
    version: int
    place: str
    gate: str
    kind: str
    verdict: str
    summary: str
    details: str
    policy_number: int
    author: str
    at_ms: int


_ADD_EVIDENCE = Statement(
    insert(model_evidence).values({column.name: bindparam(column.name) for column in model_evidence.c})
)
_ADD_GATE = Statement(
    insert(gate_result).values({column.name: bindparam(column.name) for column in gate_result.c})
)
_OF_VERSION = (model_evidence.c.registered_id == bindparam("id")) & (
    model_evidence.c.version == bindparam("number")
)
_OF_MODEL = (model_evidence.c.model_id == bindparam("model")) & (model_evidence.c.model_id != "")
_EVIDENCE = Statement(
    select(*model_evidence.c)
    .where(or_(_OF_VERSION, _OF_MODEL))
    .order_by(model_evidence.c.evidence_id.desc())
    .limit(MAX_READ)
)
_GATES = Statement(
    select(*gate_result.c)
    .where(gate_result.c.registered_id == bindparam("id"), gate_result.c.version == bindparam("number"))
    .order_by(gate_result.c.result_id.desc())
    .limit(MAX_READ)
)


def add(transaction: Transaction, row: EvidenceRow) -> None:
    """Keep what was found out."""
    transaction.run(_ADD_EVIDENCE, row._asdict())


def find_all(
    transaction: Transaction, *, model_id: str = "", registered_id: int = -1, version: int = 0
) -> list[EvidenceRow]:
    """What was found out about a logged model or a version, newest first; at most the last 1,000."""
    given = {"model": model_id, "id": registered_id, "number": version}
    return [EvidenceRow(*row) for row in transaction.rows(_EVIDENCE, given)]


def of_version(transaction: Transaction, row: VersionRow) -> list[EvidenceRow]:
    """What was found out about a version and the logged model that it is, newest first."""
    return find_all(transaction, model_id=row.model_id, registered_id=row.registered_id, version=row.version)


def add_gates(transaction: Transaction, rows: Sequence[GateRow]) -> None:
    """Keep what gates said."""
    transaction.run_many(_ADD_GATE, [row._asdict() for row in rows])


def gates_of(transaction: Transaction, registered_id: int, version: int) -> list[GateRow]:
    """What gates said about a version, newest first; at most the last 1,000."""
    given = {"id": registered_id, "number": version}
    return [GateRow(*row) for row in transaction.rows(_GATES, given)]


def packed(details: dict[str, Any]) -> str:
    """Facts as they are kept."""
    return json.dumps(details, ensure_ascii=False, sort_keys=True)


def as_evidence(rows: Sequence[EvidenceRow], name: str = "") -> tuple[Evidence, ...]:
    """Rows as evidence; `name` is that of the registered model, where they are about its versions."""
    return tuple(
        Evidence(
            evidence_id=str(row.evidence_id),
            model_id=row.model_id,
            name=name if row.version else "",
            version=str(row.version) if row.version else "",
            kind=row.kind,
            verdict=Verdict(row.verdict),
            details=json.loads(row.details),
            author=row.author,
            timestamp=row.at_ms,
        )
        for row in rows
    )


def as_results(rows: Sequence[GateRow], name: str) -> tuple[GateResult, ...]:
    """Rows as what gates said about versions of a registered model."""
    return tuple(
        GateResult(
            result_id=str(row.result_id),
            name=name,
            version=str(row.version),
            place=row.place,
            gate=row.gate,
            kind=row.kind,
            verdict=Verdict(row.verdict),
            summary=row.summary,
            details=json.loads(row.details),
            policy_number=row.policy_number,
            author=row.author,
            timestamp=row.at_ms,
        )
        for row in rows
    )
