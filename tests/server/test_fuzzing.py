"""Whatever the OpenAPI document allows, and much that it does not, is answered as the document says."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fluvial.wire.openapi import openapi_document
from tests.server.tracking import Tracking
from tests.server_process import on_both_databases

schema = schemathesis.openapi.from_dict(openapi_document())

# The only status from 500 that the document names is 501.
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@on_both_databases
@schema.parametrize()
@settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_is_answered_with_a_fault(
    case: schemathesis.Case[Any], tracking: Tracking, version: dict[str, str]
) -> None:
    for sent in (case.path_parameters, case.query, case.body):
        if isinstance(sent, dict):
            _name_what_exists(sent, tracking, version)

    answer = case.call(base_url=tracking.server.url)

    case.validate_response(answer, checks=CHECKS)


@pytest.fixture
def version(tracking: Tracking) -> dict[str, str]:
    """A version of a registered model that is a logged model, by the names of the fields that say them."""
    model = tracking.post("logged-models", experiment_id=tracking.experiment_id).json["model"]["info"]
    name = f"fuzzed-{model['model_id']}"
    tracking.post("registered-models/create", name=name)
    source = f"models:/{model['model_id']}"
    tracking.post("model-versions/create", name=name, source=source, model_id=model["model_id"])
    return {"name": name, "version": "1", "model_id": model["model_id"]}


def _name_what_exists(sent: dict[str, Any], tracking: Tracking, version: dict[str, str]) -> None:
    """Half of the time, speak of a run and an experiment that are there: else most answers are 404."""
    if len(repr(sent)) % 2:
        return
    sent.update({name: real for name, real in version.items() if isinstance(sent.get(name), str)})
    for name, real in (("run_id", tracking.run_id), ("experiment_id", tracking.experiment_id)):
        if isinstance(sent.get(name), str):
            sent[name] = real
        if isinstance(sent.get(f"{name}s"), list):
            sent[f"{name}s"] = [real if isinstance(each, str) else each for each in sent[f"{name}s"]]
