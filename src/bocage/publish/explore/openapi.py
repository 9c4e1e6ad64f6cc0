"""`swagger.json`: OpenAPI 3.0.3, made from the table of operations that answers the requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import bocage
from bocage.publish.explore.answers import json_answer
from bocage.publish.explore.operation import SEGMENT

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bocage.publish.explore.call import Call
    from bocage.publish.explore.operation import Operation
    from bocage.publish.explore.parameters import Parameter

ERROR = {
    "description": "Refused",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/error"}}},
}
ERROR_SCHEMA = {
    "type": "object",
    "required": ["error_code", "message"],
    "properties": {"error_code": {"type": "string"}, "message": {"type": "string"}},
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "choice": {"type": "string"},
    "timezone": {"type": "string"},
}


def description(call: Call, operations: Sequence[Operation]) -> HttpResponse:
    """getDescription."""
    key = call.key("openapi", call.root)
    return json_answer(call, key, lambda: document(call.root, operations), open_data=True)


def document(root: str, operations: Sequence[Operation]) -> dict[str, Any]:
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Explore API",
            "version": "2.1",
            "description": "Search, query and export the datasets of this portal.",
            "x-implementation": f"Bocage {bocage.__version__}",
        },
        "servers": [{"url": root}],
        "paths": {"/" + operation.path: {"get": operation_object(operation)} for operation in operations},
        "components": {"schemas": {"error": ERROR_SCHEMA}},
    }


def operation_object(operation: Operation) -> dict[str, Any]:
    path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in SEGMENT.findall(operation.path)
    ]
    return {
        "operationId": operation.identifier,
        "summary": operation.summary,
        "parameters": path + [parameter_object(parameter) for parameter in operation.parameters],
        "responses": {"200": {"description": "Found"}, "400": ERROR, "404": ERROR, "500": ERROR},
    }


def parameter_object(parameter: Parameter) -> dict[str, Any]:
    schema = dict(SCHEMAS[parameter.kind])
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.default not in ("", ()):
        schema["default"] = parameter.default
    answer = {"name": parameter.name, "in": "query", "description": parameter.description, "schema": schema}
    return answer | ({"style": "form", "explode": True} if parameter.kind == "texts" else {})
