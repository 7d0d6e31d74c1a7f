from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fluvial.wire.openapi import openapi_document
from fluvial.wire.table import endpoints

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def test_the_committed_document_is_what_the_endpoints_say() -> None:
    committed = json.loads(COMMITTED.read_text())

    now = json.loads(json.dumps(openapi_document()))
    assert committed == now, "python -m fluvial.wire.openapi > docs/openapi.json"


def test_every_endpoint_is_in_the_document_under_every_method() -> None:
    documented = {(method, path) for method, path, _ in operations(openapi_document())}

    assert documented == {(method, each.template) for each in endpoints() for method in each.methods}


def test_no_two_operations_have_one_id() -> None:
    ids = [operation["operationId"] for _, _, operation in operations(openapi_document())]

    assert len(set(ids)) == len(ids)


def test_every_operation_says_what_it_does() -> None:
    silent = [path for _, path, operation in operations(openapi_document()) if not operation["summary"]]

    assert silent == []


def test_every_reference_leads_to_a_schema() -> None:
    document = openapi_document()
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    assert set(references(document)) <= names


def test_a_field_is_described_where_the_message_says_what_it_means() -> None:
    run_info = openapi_document()["components"]["schemas"]["RunInfo"]

    assert run_info["description"] == "What a run is, without what was logged."
    assert run_info["properties"]["start_time"]["description"] == "ms since the epoch."


def test_numbers_may_be_the_names_of_what_json_has_no_number_for() -> None:
    value = openapi_document()["components"]["schemas"]["Metric"]["properties"]["value"]

    assert value["anyOf"] == [
        {"type": "number"},
        {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]},
    ]
