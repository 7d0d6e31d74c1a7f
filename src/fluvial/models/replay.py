"""What runs in the environment of a model: load it, predict, and say how that went.

Started by `fluvial.models.verify` with the model's own interpreter. The request is the first argument, the
answer is the last line of the standard output, both as JSON; what the model prints goes to the standard error
stream.
"""

from __future__ import annotations

import os
import resource
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from fluvial.models import loaded_modules, outputs

_MAX_TRACE_CHARS = 4_000
_CLASSIFIER = "Classifier: License :: "


class Request(Struct, frozen=True, kw_only=True):
    """What to do.

    Attributes:
        folder: The model.
        allow_pickle: Whether its pickles are loaded.
        trusted: Types beside its framework's own that may be made.
        data: File of the data to predict for, as scoring servers take them: JSON, or CSV by its name; empty
        for
            the model's input example.
        load_test_s: For how long to predict one row again and again, in seconds.
        hidden: Modules that are not to be found, to see whether the model does without them.
    """

    folder: str
    allow_pickle: bool = False
    trusted: tuple[str, ...] = ()
    data: str = ""
    load_test_s: float = 0.0
    hidden: tuple[str, ...] = ()


class Installed(Struct, frozen=True, kw_only=True):
    """A package of the environment.

    Attributes:
        name: As its metadata has it.
        version: Its version.
        licence: What its metadata say, an SPDX expression where there is one; empty where they say nothing.
    """

    name: str
    version: str
    licence: str


class Answer(Struct, frozen=True, kw_only=True):
    """How it went.

    Attributes:
        error: What failed, in one line; empty where nothing did.
        trace: Where in the code.
        stage: How far it came: `load`, `predict` or `done`.
        loaded_at: When the model was loaded, seconds since the Unix epoch.
        load_s: How long loading it took, the imports with it, in seconds.
        first_predict_s: How long the first prediction took, in seconds.
        latencies_ms: How long each prediction of one row took, in milliseconds.
        memory_mb: The most memory that the process had, MB.
        has_example: Whether there were data to predict for.
        output: What the model answered, see `fluvial.models.outputs`.
        packages: What the environment has.
        imported: The package of each module that was imported, see `fluvial.models.loaded_modules`.
        own: The files of those that no package has and that the model does not bring.
        missing: The module that was looked for in vain, where that is what failed.
    """

    error: str = ""
    trace: str = ""
    stage: str = "load"
    loaded_at: float = 0.0
    load_s: float = 0.0
    first_predict_s: float = 0.0
    latencies_ms: tuple[float, ...] = ()
    memory_mb: float = 0.0
    has_example: bool = False
    output: Any = None
    packages: tuple[Installed, ...] = ()
    imported: dict[str, str] = {}
    own: dict[str, str] = {}
    missing: str = ""


def main(arguments: Sequence[str]) -> None:
    """Answer the request that is the first argument."""
    answers = os.dup(1)
    os.dup2(2, 1)  # a model that prints must not be taken for the answer
    request = msgspec.json.decode(arguments[0], type=Request)
    if request.hidden:
        loaded_modules.hide(request.hidden)
    answer = replay(request)
    found = loaded_modules.loaded(Path(request.folder))
    answer = msgspec.structs.replace(answer, imported=found.packages, own=found.own)
    sys.stdout.flush()
    with os.fdopen(answers, "wb") as stream:
        stream.write(msgspec.json.encode(answer) + b"\n")


def replay(request: Request) -> Answer:
    """Load a model and predict with it.

    Whatever goes wrong is in the answer: a model may raise anything.
    """
    answer = Answer(packages=tuple(_packages()))
    begun = time.perf_counter()
    try:
        model = _loaded(request)
        answer = msgspec.structs.replace(
            answer, stage="predict", load_s=time.perf_counter() - begun, loaded_at=time.time()
        )
        example = _data_of(model, request)
        if example is None:
            return msgspec.structs.replace(answer, stage="done", memory_mb=_memory_mb())
        begun = time.perf_counter()
        output = model.predict(example.data, example.params)
        return msgspec.structs.replace(
            answer,
            stage="done",
            has_example=True,
            first_predict_s=time.perf_counter() - begun,
            output=outputs.plain(output),
            latencies_ms=tuple(_load_test(model, example, request.load_test_s)),
            memory_mb=_memory_mb(),
        )
    except Exception as error:  # noqa: BLE001 - the outermost frame of this process
        line = f"{type(error).__name__}: {error}"
        return msgspec.structs.replace(
            answer,
            error=line,
            trace=traceback.format_exc()[-_MAX_TRACE_CHARS:],
            memory_mb=_memory_mb(),
            missing=_missing(error),
        )


def _missing(error: BaseException | None) -> str:
    """The module whose absence an error comes from, however it was wrapped."""
    while error is not None:
        if isinstance(error, ModuleNotFoundError) and error.name:
            return error.name
        error = error.__cause__ or error.__context__
    return ""


def _loaded(request: Request) -> Any:
    from fluvial.models.loading import Trust, load_pyfunc  # noqa: PLC0415 - its time counts as loading

    return load_pyfunc(Path(request.folder), Trust(request.allow_pickle, request.trusted))


def _data_of(model: Any, request: Request) -> Any:
    from fluvial.models.examples import load_example  # noqa: PLC0415 - as above
    from fluvial.models.prediction_input import read_input  # noqa: PLC0415

    if request.data:
        return read_input(Path(request.data), model.metadata.signature)
    inputs = model.metadata.signature.inputs if model.metadata.signature else None
    return load_example(model.metadata.saved_input_example_info, Path(request.folder), inputs)


def _load_test(model: Any, example: Any, limit_s: float) -> Iterator[float]:
    row = _first_row(example.data)
    end = time.perf_counter() + limit_s
    while (begun := time.perf_counter()) < end:
        model.predict(row, example.params)
        yield (time.perf_counter() - begun) * 1000


def _first_row(data: Any) -> Any:
    if hasattr(data, "iloc"):
        return data.iloc[:1]
    if hasattr(data, "shape") or isinstance(data, list):
        return data[:1]
    return data


def _memory_mb() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3  # bytes there, kilobytes elsewhere


def _packages() -> Iterator[Installed]:
    prefix = str(Path(sys.prefix).resolve())
    for distribution in metadata.distributions():
        if not str(distribution.locate_file("")).startswith(prefix):
            continue  # of what loads the model
        lines = (distribution.read_text("METADATA") or "").partition("\n\n")[0].splitlines()
        yield Installed(
            name=distribution.name,
            version=distribution.version,
            licence=_licence_of(lines),
        )


def _licence_of(lines: list[str]) -> str:
    """What the metadata say: the SPDX expression of PEP 639, else the classifiers, else a short text."""
    expression = next((line[20:] for line in lines if line.startswith("License-Expression: ")), "")
    if expression:
        return expression
    classifiers = [line.rpartition(" :: ")[2] for line in lines if line.startswith(_CLASSIFIER)]
    if classifiers:
        return ", ".join(classifiers)
    text = next((line[9:] for line in lines if line.startswith("License: ")), "")
    return text if len(text) < 80 and text != "UNKNOWN" else ""
