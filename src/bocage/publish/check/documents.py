"""What the OpenAPI document says of parameters, bodies and answers, beside what the operations themselves say."""

from __future__ import annotations

from typing import Any

LANGUAGE = ("fr", "en")
TEXT = {"type": "string"}
FIELDS: dict[str, tuple[str, dict[str, Any]]] = {
    "schema": ("Name of a schema of this platform (`scdl/prenoms`), or the address of a Table Schema.", TEXT),
    "url": ("Address of the file, when none is sent.", TEXT | {"format": "uri"}),
    "schema_version": ("Number of the version of a named schema; the latest by default.", TEXT),
    "profile": ("`validata`: the verdicts of the national validator; `strict`: what it lets through is refused.",
                TEXT | {"enum": ["validata", "strict"], "default": "validata"}),
    "sheet": ("Sheet of a workbook, member of an archive.", TEXT),
    "encoding": ("Encoding, when it would be guessed wrong.", TEXT),
    "delimiter": ("Separator, when it would be guessed wrong.", TEXT),
    "header_row": ("Line that holds the names.", {"type": "integer", "minimum": 1}),
    "lang": ("Language of the sentences.", TEXT | {"enum": list(LANGUAGE)}),
    "q": ("Words of the title.", TEXT),
    "report": ("Identifier of a report.", TEXT),
    "dataset": ("Identifier of a public dataset.", TEXT),
}  # fmt: skip
FAULT = {
    "type": "object",
    "required": ["type", "message", "title", "tags"],
    "properties": {
        "type": TEXT, "rule": TEXT, "title": TEXT, "message": TEXT, "tags": {"type": "array", "items": TEXT},
        "rowNumber": {"type": ["integer", "null"]}, "fieldName": {"type": ["string", "null"]},
        "fieldNumber": {"type": ["integer", "null"]}, "cell": {"type": ["string", "null"]},
    },
}  # fmt: skip
STATS = {
    "type": "object",
    "required": ["errors", "warnings", "seconds", "fields", "rows", "rows_processed"],
    "properties": {
        name: {"type": "number" if name == "seconds" else "integer"}
        for name in ("errors", "warnings", "seconds", "fields", "rows", "rows_processed", "rows_in_error")
    },
}
FAMILY = {
    "type": "object",
    "required": ["type", "rule", "level", "count", "title", "message", "examples", "mends"],
    "properties": {
        "type": TEXT, "rule": TEXT, "level": {"type": "string", "enum": ["error", "warning"]}, "count": {"type": "integer"},
        "fieldName": {"type": ["string", "null"]}, "fieldNumber": {"type": ["integer", "null"]}, "title": TEXT,
        "message": TEXT, "expected": TEXT, "advice": TEXT,
        "examples": {"type": "array", "items": {"type": "object"}}, "mends": {"type": "array", "items": {"type": "object"}},
    },
}  # fmt: skip
REPORT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["valid", "stats", "warnings", "errors"],
    "properties": {
        "valid": {"type": "boolean"}, "stats": STATS, "warnings": {"type": "array", "items": TEXT},
        "errors": {"type": "array", "items": FAULT}, "families": {"type": "array", "items": FAMILY},
    },
}  # fmt: skip
ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["schema", "url", "options", "version", "date", "report", "families", "links"],
    "properties": {
        "schema": TEXT, "url": {"type": ["string", "null"]}, "options": {"type": "object"}, "version": TEXT, "date": TEXT,
        "report": REPORT_SCHEMA, "families": {"type": "array", "items": FAMILY}, "links": {"type": "object"},
    },
}  # fmt: skip


def parameters(*names: str) -> dict[str, Any]:
    return {
        "parameters": [
            {"name": name, "in": "query", "required": False, "description": FIELDS[name][0], "schema": FIELDS[name][1]}
            for name in names
        ]
    }


def _json(schema: dict[str, Any], said: str) -> dict[str, Any]:
    return {"description": said, "content": {"application/json": {"schema": schema}}}


REFUSED = _json(
    {"type": "object", "required": ["error"], "properties": {"error": {"type": "object"}}}, "Refused, and why."
)
ANSWER = {
    "responses": {
        200: _json(ANSWER_SCHEMA, "The verdict."),
        **dict.fromkeys((400, 404, 413, 422, 429, 502, 503), REFUSED),
    }
}
CHECKED = ("schema", "url", "schema_version", "profile", "sheet", "encoding", "delimiter", "header_row", "lang")
ASKED = parameters(*CHECKED)
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["schema"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "The file; or give `url`."},
                        **{name: FIELDS[name][1] | {"description": FIELDS[name][0]} for name in CHECKED},
                    },
                }
            }
        },
    }
}
REPORT = parameters("lang") | {"responses": {200: _json(REPORT_SCHEMA, "The whole report, every error."), 404: REFUSED}}
SVG = parameters("report", "dataset", "schema", "lang") | {
    "responses": {200: {"description": "A picture.", "content": {"image/svg+xml": {}}}}
}
