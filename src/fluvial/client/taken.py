"""What a server took of the calls in a journal: what `fluvial verify` holds it to, beside the points."""

from __future__ import annotations

import hashlib

import msgspec
from msgspec import Struct

from fluvial.entities.tag import MAX_PARAM_CHARS, MAX_RUN_TAG_CHARS, Param, Tag
from fluvial.errors import InvalidRequest
from fluvial.wire import codec
from fluvial.wire.endpoint import Message
from fluvial.wire.journal import Call
from fluvial.wire.runs import (
    DELETE_TAG,
    LOG_BATCH,
    LOG_INPUTS,
    LOG_PARAM,
    SET_TAG,
    START_RUN,
    UPDATE_RUN,
    DeleteTag,
    LogBatch,
    LogInputs,
    LogParam,
    SetTag,
    StartRun,
    UpdateRun,
)

_FINGERPRINT_CHARS = 32
_NAME_TAG = "mlflow.runName"
_CALL = msgspec.msgpack.Decoder(Call)
_REQUESTS: dict[str, type[Message]] = {
    endpoint.path: endpoint.request
    for endpoint in (START_RUN, UPDATE_RUN, LOG_PARAM, LOG_BATCH, SET_TAG, DELETE_TAG, LOG_INPUTS)
}


class TakenLabel(Struct, frozen=True, array_like=True):
    """A tag or a status as it was last taken.

    Attributes:
        value: A tag's fingerprint, or the status; none of a tag that was deleted.
        at_ms: When the server had said that it took it, by this machine's clock.
    """

    value: str | None
    at_ms: int


class TakenRun(Struct, kw_only=True, omit_defaults=True):
    """What a server took of a run beside its points.

    Values are kept as fingerprints: what was logged is nowhere twice.

    Attributes:
        params: Fingerprints by key.
        tags: By key.
        status: If it was changed.
        datasets: Name and digest of each, one string.
    """

    params: dict[str, str] = {}
    tags: dict[str, TakenLabel] = {}
    status: TakenLabel | None = None
    datasets: dict[str, None] = {}


def fingerprint_of_param(value: str) -> str:
    """What stands for a param's value, as much of it as a server keeps."""
    return _fingerprint(value[:MAX_PARAM_CHARS])


def fingerprint_of_tag(value: str) -> str:
    """What stands for a tag's value, as much of it as a server keeps."""
    return _fingerprint(value[:MAX_RUN_TAG_CHARS])


def dataset_label(name: str, digest: str) -> str:
    """A dataset as one string."""
    return f"{name} {digest}"


def learn_call(runs: dict[str, TakenRun], packed: memoryview, at_ms: int) -> None:
    """The server took a call.

    Args:
        runs: What it took before, by run; changed.
        packed: Path and request of the call.
        at_ms: When it said so.
    """
    call = _CALL.decode(packed)
    kind = _REQUESTS.get(call.path)
    if kind is None:
        return
    try:
        request = codec.decode_msgpack(kind, call.request)
    except InvalidRequest:  # of another version, which a server of that version took
        return
    run = runs.setdefault(getattr(request, "run_id", ""), TakenRun())
    match request:
        case StartRun():
            # Of a run that is there already, nothing changes: any later change counts more.
            for tag in request.tags:
                run.tags.setdefault(tag.key, TakenLabel(fingerprint_of_tag(tag.value), 0))
        case LogBatch():
            _learn_params(run, request.params)
            _learn_tags(run, request.tags, at_ms)
        case LogParam():
            _learn_params(run, (Param(key=request.key, value=request.value),))
        case SetTag():
            _learn_tags(run, (Tag(key=request.key, value=request.value),), at_ms)
        case DeleteTag():
            run.tags[request.key] = TakenLabel(None, at_ms)
        case UpdateRun():
            if request.status is not None:
                run.status = TakenLabel(request.status, at_ms)
            if request.run_name:
                _learn_tags(run, (Tag(key=_NAME_TAG, value=request.run_name),), at_ms)
        case LogInputs():
            for given in request.datasets:
                run.datasets[dataset_label(given.dataset.name, given.dataset.digest)] = None


def _learn_params(run: TakenRun, params: tuple[Param, ...]) -> None:
    for param in params:
        run.params[param.key] = fingerprint_of_param(param.value)


def _learn_tags(run: TakenRun, tags: tuple[Tag, ...], at_ms: int) -> None:
    for tag in tags:
        run.tags[tag.key] = TakenLabel(fingerprint_of_tag(tag.value), at_ms)


def _fingerprint(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:_FINGERPRINT_CHARS]
