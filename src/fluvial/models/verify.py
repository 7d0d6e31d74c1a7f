"""Prove that a model runs elsewhere: rebuild its environment, load it there, replay its input example."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from fluvial.errors import RestoreFailed
from fluvial.models import environment, outputs, replay
from fluvial.models.mlmodel import Model
from fluvial.models.requirements import LOADERS, name_of
from fluvial.models.restore import LOADER_MODULES, Restored, clean_environment, command, restore

Verdict = Literal["pass", "fail", "unknown"]
TIMEOUT_S = 600.0
LOAD_TEST_S = 2.0
_SHOWN = 10
# What reads and checks the data of any model, and tables; the model need not import them.
READERS = (*LOADER_MODULES, "numpy", "pandas")


class Latency(Struct, frozen=True, kw_only=True):
    """How long predictions of one row take, one after the other in one process.

    Attributes:
        n_requests: How many were made.
        p50_ms: Half of them took no longer, in milliseconds.
        p95_ms: 95 % of them.
        p99_ms: 99 % of them.
        requests_per_s: How many were answered in a second.
    """

    n_requests: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    requests_per_s: float


class Verification(Struct, frozen=True, kw_only=True):
    """What a rebuilt environment showed.

    Attributes:
        verdict: `pass` where the model answers as it did; `unknown` where it loads, and there is nothing to
        compare.
        problem: What is wrong; empty where nothing is.
        compared_with: What its answer was held to: `saved` is the answer kept beside the model, `here` that
        of the
            environment of this process; empty for nothing.
        differences: Where the answers differ.
        python: Version of Python that the environment asks for.
        is_exact: Whether a lock named all packages.
        environment: Hash of the environment.
        was_cached: Whether it was there already.
        restore_s: How long it took to have it, in seconds.
        cold_start_s: From the start of a process to the loaded model, in seconds.
        first_predict_s: The first prediction, in seconds.
        latency: Of predictions of one row; None where there is no input example.
        memory_mb: The most memory that the process had, MB.
        environment_bytes: Size of the environment.
        model_bytes: Size of the model.
        packages: What the environment has.
        unused: Requirements that nothing imported while the input example was replayed.
    """

    verdict: Verdict
    problem: str = ""
    compared_with: str = ""
    differences: tuple[str, ...] = ()
    python: str = ""
    is_exact: bool = False
    environment: str = ""
    was_cached: bool = False
    restore_s: float = 0.0
    cold_start_s: float = 0.0
    first_predict_s: float = 0.0
    latency: Latency | None = None
    memory_mb: float = 0.0
    environment_bytes: int = 0
    model_bytes: int = 0
    packages: tuple[replay.Installed, ...] = ()
    unused: tuple[str, ...] = ()


def verify(
    folder: Path,
    cache: Path,
    *,
    allow_pickle: bool = False,
    trusted: Sequence[str] = (),
    load_test_s: float = LOAD_TEST_S,
    shows_progress: bool = False,
) -> Verification:
    """Rebuild the environment of a model, and see whether it answers there as it did.

    Args:
        folder: The model, its manifest checked.
        cache: Folder of all environments.
        allow_pickle: Whether its pickles are loaded, there as here.
        trusted: Types beside its framework's own that may be made.
        load_test_s: For how long to predict one row again and again, in seconds.
        shows_progress: Whether the installer draws its progress.

    Raises:
        MissingExtra: uv is not installed.
        InvalidRequest: The model does not say what it needs.
    """
    lock = environment.read(folder)
    request = replay.Request(
        folder=str(folder.resolve()),
        allow_pickle=allow_pickle,
        trusted=tuple(trusted),
        load_test_s=load_test_s,
    )
    known = Verification(
        verdict="fail", python=lock.python, is_exact=lock.is_exact, model_bytes=_size_bytes(folder)
    )
    try:
        restored = restore(lock, cache, modules=also_needed(folder, lock), shows_progress=shows_progress)
    except RestoreFailed as error:
        return msgspec.structs.replace(known, problem=str(error))
    begun = time.time()
    answer = run_isolated(restored, request)
    known = msgspec.structs.replace(
        known,
        environment=restored.key,
        was_cached=restored.was_cached,
        restore_s=restored.took_s,
        environment_bytes=_size_bytes(restored.folder),
        cold_start_s=max(answer.loaded_at - begun, 0.0),
        first_predict_s=answer.first_predict_s,
        latency=_latency(answer.latencies_ms),
        memory_mb=answer.memory_mb,
        packages=answer.packages,
    )
    if answer.error:
        where = "cannot be loaded" if answer.stage == "load" else "cannot predict for its input example"
        return msgspec.structs.replace(known, problem=f"The model {where} there: {answer.error}")
    if not answer.has_example:
        problem = "The model loads, but has no input example to replay: save it with input_example=…"
        return msgspec.structs.replace(known, verdict="unknown", problem=problem)
    imported = set(answer.imported.values())
    unused = tuple(line for line in environment.named(folder) if name_of(line) not in imported | LOADERS)
    return _compared(msgspec.structs.replace(known, unused=unused), folder, request, answer)


def run_isolated(restored: Restored, request: replay.Request) -> replay.Answer:
    """Load a model and predict, in a process of its environment."""
    return _answer(command(restored, replay.__name__, _encoded(request)), clean_environment())


def run_here(request: replay.Request, *, limit_s: float = TIMEOUT_S) -> replay.Answer:
    """Load a model and predict, in a fresh process of this environment."""
    program = f"import sys; from {replay.__name__} import main; main(sys.argv[1:])"
    paths = os.pathsep.join(path for path in sys.path if path)
    variables = {**os.environ, "PYTHONPATH": paths}
    return _answer([sys.executable, "-c", program, _encoded(request)], variables, limit_s)


def _encoded(request: replay.Request) -> str:
    return msgspec.json.encode(request).decode()


def _answer(arguments: list[str], variables: dict[str, str], limit_s: float = TIMEOUT_S) -> replay.Answer:
    try:
        finished = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            arguments,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return replay.Answer(error=f"no answer within {limit_s:g} s")
    lines = finished.stdout.splitlines()
    if finished.returncode != 0 or not lines:
        said = finished.stderr.decode(errors="replace").strip().splitlines()
        last = said[-1] if said else "it said nothing"
        return replay.Answer(error=f"the process ended with status {finished.returncode}: {last}")
    return msgspec.json.decode(lines[-1], type=replay.Answer)


def _compared(
    known: Verification, folder: Path, request: replay.Request, answer: replay.Answer
) -> Verification:
    expected, source = outputs.read(folder), "saved"
    if expected is None:
        here = run_here(msgspec.structs.replace(request, load_test_s=0.0))
        if here.error:
            problem = (
                f"The model predicts, but nobody kept its answer, and it does not run here: {here.error}"
            )
            return msgspec.structs.replace(known, verdict="unknown", problem=problem)
        expected, source = here.output, "here"
    found = tuple(itertools.islice(outputs.differences(expected, answer.output), _SHOWN))
    problem = f"The model answers otherwise than it did: {found[0]}" if found else ""
    return msgspec.structs.replace(
        known, verdict="fail" if found else "pass", problem=problem, compared_with=source, differences=found
    )


def also_needed(folder: Path, lock: environment.Lock, *, reads_tables: bool = False) -> tuple[str, ...]:
    """The modules that reading data for a model takes, where the model does not bring them.

    Args:
        folder: The model.
        lock: What it brings.
        reads_tables: Whether data come as tables; those of an input example are looked up.
    """
    has = {line.partition("==")[0].strip().lower() for line in lock.lines}
    info = Model.load(folder).saved_input_example_info or {}
    wanted = ["numpy", *(["pandas"] if reads_tables or info.get("type") == "dataframe" else [])]
    return tuple(module for module in wanted if lock.is_exact and module not in has)


def _latency(latencies_ms: Sequence[float]) -> Latency | None:
    if not latencies_ms:
        return None
    ordered = sorted(latencies_ms)

    def quantile(share: float) -> float:
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    return Latency(
        n_requests=len(ordered),
        p50_ms=quantile(0.5),
        p95_ms=quantile(0.95),
        p99_ms=quantile(0.99),
        requests_per_s=1000 * len(ordered) / sum(ordered),
    )


def _size_bytes(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if not file.is_dir())
