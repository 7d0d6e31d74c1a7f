"""The REST API as an OpenAPI 3.1 document, made from the endpoints.

`python -m fluvial.wire.openapi > docs/openapi.json` writes the copy that is read without a server: the types
of the web app are generated from it.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
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
    schemas = {name: _described(_as_on_the_wire(schema)) for name, schema in schemas.items()}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in table:
        for method in endpoint.methods:
            operation = _operation(endpoint, method, schemas)
            paths.setdefault(endpoint.template, {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "fluvial", "version": __version__, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(endpoint: Endpoint[Any, Any], method: str, schemas: dict[str, Any]) -> dict[str, Any]:
    *_, above, noun, verb = (part for part in f"/{endpoint.template}".split("/") if not part.startswith("{"))
    one = "_one" if endpoint.template.endswith("}") else ""
    operation: dict[str, Any] = {
        "operationId": f"{method.lower()}_{noun}_{verb}{one}".replace("-", "_"),
        "summary": (inspect.getdoc(endpoint.request) or "").partition("\n")[0],
        "tags": [verb if above.endswith(".0") else noun],
        "responses": {
            "200": _content("Done.", endpoint.response.__name__),
            "4XX": _content("The request is refused.", "ErrorAnswer"),
            "501": _content("This server, or the store behind it, has no way to do it.", "ErrorAnswer"),
        },
    }
    schema = schemas[endpoint.request.__name__]
    in_path = endpoint.places
    described = schema["properties"].items() if method == "GET" or in_path else ()
    parameters = [
        {
            "name": name,
            "in": "path" if name in in_path else "query",
            "required": name in in_path or name in schema.get("required", ()),
            "schema": {key: value for key, value in shape.items() if key != "description"},
            **({"description": shape["description"]} if "description" in shape else {}),
        }
        for name, shape in described
        if method == "GET" or name in in_path
    ]
    if method == "GET" or parameters:
        operation["parameters"] = parameters
    if method != "GET":
        body = {"$ref": f"#/components/schemas/{endpoint.request.__name__}"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _content(description: str, schema: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": description, "content": {"application/json": {"schema": reference}}}


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a message, with what its docstring says of each field beside that field."""
    text, _, attributes = inspect.cleandoc(schema.pop("description", "")).partition("\n\nAttributes:\n")
    meanings = {
        name: " ".join(meaning.split())
        for name, meaning in re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", attributes, re.MULTILINE)
    }
    if text:
        schema["description"] = text
    for name, field in schema.get("properties", {}).items():
        if name in meanings:
            field["description"] = meanings[name]
    return schema


def _as_on_the_wire(schema: Any) -> Any:
    """A schema as requests have it: names for NaN and infinities, absence for null, any unknown field."""
    if isinstance(schema, list):
        return [_as_on_the_wire(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    shape = {
        name: _as_on_the_wire(item)
        for name, item in schema.items()
        if not (name == "additionalProperties" and item is False)
    }
    if shape.get("type") == "number":
        names = {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]}
        return {"anyOf": [{"type": shape.pop("type")}, names], **shape}
    if shape.get("type") == "integer":
        return {**shape, "format": "int64"}
    if {"type": "null"} in shape.get("anyOf", ()):
        choices = [choice for choice in shape.pop("anyOf") if choice != {"type": "null"}]
        shape.pop("default", None)
        return {**(choices[0] if len(choices) == 1 else {"anyOf": choices}), **shape}
    return shape


if __name__ == "__main__":
    json.dump(openapi_document(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
