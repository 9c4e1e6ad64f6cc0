"""Styles in the description of the interface."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bocage.publish.ogc.negotiation import DOCUMENTS
from bocage.publish.styles.formats import SENT, STYLE

COLLECTION = "/collections/{collectionId}/styles"
READ = (
    (COLLECTION, "getCollectionStyles", gettext_noop("Its styles"), DOCUMENTS),
    (f"{COLLECTION}/{{styleId}}", "getCollectionStyle", gettext_noop("A style"), STYLE),
    (f"{COLLECTION}/{{styleId}}/metadata", "getCollectionStyleMetadata", gettext_noop("What is said of it"), DOCUMENTS),
)
TEXT = {"type": "string"}


def rows() -> list[tuple[str, str]]:
    return [(path, _(told)) for path, _identifier, told, _formats in READ]


def paths() -> dict[str, Any]:
    """Of an OpenAPI document."""
    found: dict[str, Any] = {}
    for path, identifier, told, formats in READ:
        content = {
            one.media_type: {"schema": {"type": "object"} if "json" in one.media_type else TEXT} for one in formats
        }
        queries = [{"$ref": f"#/components/parameters/{name}"} for name in ("f", "lang")]
        answers = {"200": {"description": "Found", "content": content}}
        found[path] = {"get": _operation(path, identifier, _(told), queries, answers)}
    sent = {one: {"schema": TEXT if "xml" in one else {"type": "object"}} for one in SENT}
    title = {"name": "title", "in": "query", "schema": TEXT}
    path = f"{COLLECTION}/{{styleId}}"
    put = _operation(path, "putCollectionStyle", _("Add or replace a style"), [title], {
        "200": {"description": "Replaced"}, "201": {"description": "Added"},
    })  # fmt: skip
    found[path]["put"] = put | {"requestBody": {"required": True, "content": sent}}
    removed = {"204": {"description": "Removed"}}
    found[path]["delete"] = _operation(path, "deleteCollectionStyle", _("Remove a style"), [], removed)
    return found


def _operation(
    path: str, identifier: str, summary: str, queries: list[dict[str, Any]], answers: dict[str, Any]
) -> dict[str, Any]:
    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    segments = [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in names]
    faults = {
        code: {"$ref": "#/components/responses/fault"} for code in ("400", "401", "403", "404", "406", "429", "500")
    }
    return {
        "summary": summary,
        "operationId": identifier,
        "parameters": [*segments, *queries],
        "responses": answers | faults,
    }
