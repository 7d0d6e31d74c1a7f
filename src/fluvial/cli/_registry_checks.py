"""Gates of a registered model at the command line: those of its policy, and those of a Python file."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from fluvial.cli._output import Column, print_json, print_table, text_cell
from fluvial.cli._platform import Reached
from fluvial.entities.promotion import GateResult, Verdict
from fluvial.wire.model_versions import GET_MODEL_VERSION, VersionName
from fluvial.wire.promotions import CHECK_GATES, RECORD_GATE, CheckGates, RecordGate

PREFIX = "gate_"
FAILED_STATUS = 1


def check(platform: Reached, name: str, version: str, policy: Path | None, *, as_json: bool) -> None:
    """Evaluate gates, keep what they say, and show it; the exit status is 1 if one does not pass."""
    results = _of_file(platform, name, version, policy) if policy else _of_server(platform, name, version)
    if as_json:
        for result in results:
            print_json(result)
    else:
        print_table(
            [Column("gate"), Column("verdict"), Column("why")],
            ([text_cell(one.gate), text_cell(one.verdict), text_cell(one.summary)] for one in results),
        )
    if any(result.verdict is not Verdict.PASS for result in results):
        raise click.exceptions.Exit(FAILED_STATUS)


def _of_server(platform: Reached, name: str, version: str) -> tuple[GateResult, ...]:
    return platform.transport.call(CHECK_GATES, CheckGates(name=name, version=version)).results


def _of_file(platform: Reached, name: str, version: str, policy: Path) -> tuple[GateResult, ...]:
    """What the gates of a Python file say: it runs here, in the user's process, never on the server."""
    found = platform.transport.call(GET_MODEL_VERSION, VersionName(name=name, version=version))
    results: list[GateResult] = []
    for gate, function in _gates(policy):
        verdict, summary = _said(function(found.model_version))
        request = RecordGate(name=name, version=version, gate=gate, verdict=verdict, summary=summary)
        results += platform.transport.call(RECORD_GATE, request).results
    return tuple(results)


def _gates(policy: Path) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    gates = {
        name.removeprefix(PREFIX): value
        for name, value in runpy.run_path(str(policy)).items()
        if name.startswith(PREFIX) and callable(value)
    }
    if not gates:
        raise click.UsageError(f"{policy} has no gates: functions named {PREFIX}..., of a version.")
    yield from gates.items()


def _said(answer: Any) -> tuple[Verdict, str]:
    """A gate answers whether it passes, or that and why; None is unknown."""
    passes, why = answer if isinstance(answer, tuple) else (answer, "")
    if passes is None:
        return Verdict.UNKNOWN, str(why)
    return (Verdict.PASS if passes else Verdict.FAIL), str(why)
