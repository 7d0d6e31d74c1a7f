"""The REST API as an OpenAPI 3.1 document, made from the endpoints."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from fluvial import __version__
from fluvial.wire.endpoint import Endpoint, Message
from fluvial.wire.table import endpoints

OPENAPI_PATH = "/api/1.0/fluvial/openapi.json"


class ErrorAnswer(Message, frozen=True, kw_only=True):
    """What a refused request is answered with.

    Attributes:
        error_code: For programs.
        message: For people.
        details: Facts about the error, such as the position in a filter.
    """

    error_code: str
    message: str
    details: dict[str, Any] | None = None


def openapi_document() -> dict[str, Any]:
    """The document, ready for JSON."""
    table = endpoints()
    kinds = {kind for endpoint in table for kind in (endpoint.request, endpoint.response)} | {ErrorAnswer}
    _, schemas = msgspec.json.schema_components(
        sorted(kinds, key=lambda kind: kind.__name__), ref_template="#/components/schemas/{name}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in table:
        for method in endpoint.methods:
            operation = _operation(endpoint, method, schemas)
            paths.setdefault(endpoint.path, {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "fluvial", "version": __version__, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {"schemas": {name: _spell_numbers(schema) for name, schema in schemas.items()}},
    }


def _operation(endpoint: Endpoint[Any, Any], method: str, schemas: dict[str, Any]) -> dict[str, Any]:
    noun, _, verb = endpoint.path.rpartition("/")
    operation: dict[str, Any] = {
        "operationId": f"{method.lower()}_{noun.rpartition('/')[2]}_{verb}".replace("-", "_"),
        "summary": (inspect.getdoc(endpoint.request) or "").partition("\n")[0],
        "tags": [noun.rpartition("/")[2]],
        "responses": {
            "200": _content("Done.", endpoint.response.__name__),
            "4XX": _content("The request is refused.", "ErrorAnswer"),
        },
    }
    if method == "GET":
        schema = schemas[endpoint.request.__name__]
        operation["parameters"] = [
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "schema": {key: value for key, value in shape.items() if key != "description"},
            }
            for name, shape in schema["properties"].items()
        ]
    else:
        body = {"$ref": f"#/components/schemas/{endpoint.request.__name__}"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _content(description: str, schema: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": description, "content": {"application/json": {"schema": reference}}}


def _spell_numbers(schema: Any) -> Any:
    """Numbers may be NaN or infinite, which JSON has no number for."""
    if isinstance(schema, list):
        return [_spell_numbers(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "number":
        names = {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]}
        rest = {key: value for key, value in schema.items() if key != "type"}
        return {"anyOf": [{"type": "number"}, names], **rest}
    return {key: _spell_numbers(value) for key, value in schema.items()}
