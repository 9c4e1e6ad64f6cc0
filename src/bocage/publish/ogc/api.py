"""The description of the interface: OpenAPI 3.0.3.

`components.parameters.limit` is read by QGIS to choose the size of its pages, by that very name; without it, it asks for 100
features at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

import bocage
from bocage.publish.explore.openapi import SECURITY
from bocage.publish.ogc import bodies
from bocage.publish.ogc import parameters as p
from bocage.publish.ogc.collections import readable
from bocage.publish.ogc.documents import Cell, Page, Table, above, document
from bocage.publish.ogc.negotiation import DOCUMENTS, ITEM, ITEMS, OPENAPI, SCHEMAS
from bocage.publish.styles import described as styles
from bocage.publish.tiles import described as tiles
from bocage.publish.validators import validated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http.response import HttpResponseBase

    from bocage.publish.ogc.call import Call
    from bocage.publish.ogc.negotiation import Format

MOST_LITERAL = 200
"""Collections described one by one, the others by the template of their address."""
COLLECTION = {"name": "collectionId", "in": "path", "required": True, "schema": {"type": "string"}}
FEATURE = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
SUMMARIES = {
    "": gettext_noop("The landing page"),
    "/conformance": gettext_noop("The classes of the standards that are followed"),
    "/functions": gettext_noop("The functions of filters"),
    "/collections": gettext_noop("The collections"),
}
BELOW = {
    "": gettext_noop("A collection"),
    "/schema": gettext_noop("Its fields, as JSON Schema"),
    "/queryables": gettext_noop("What filters may name"),
    "/sortables": gettext_noop("What the order may name"),
}


def description(call: Call) -> HttpResponseBase:
    literal = list(readable(call).values_list("slug", "title")[:MOST_LITERAL])
    page = Page(
        _("Documentation of the interface"),
        _("Every address answers a page to a browser, and JSON to a program. The parameter f chooses."),
        above(call),
        table=Table(_("Addresses"), (_("Address"), _("What it answers")), _rows()),
        links=[("OpenAPI 3.0", call.address("api", f="json"))],
    )
    return validated(
        call,
        call.key("api", get_language(), literal),
        lambda: document(call, openapi(call, literal), page),
        open_data=not call.viewer.user_id,
    )


def _rows() -> list[tuple[Cell, Cell]]:
    below = {f"/collections/{{collectionId}}{path}": told for path, told in BELOW.items()}
    items = {
        "/collections/{collectionId}/items": gettext_noop("Its features"),
        "/collections/{collectionId}/items/{featureId}": gettext_noop("One feature"),
    }
    rows = [(path, _(told)) for path, told in (SUMMARIES | below | items).items()] + tiles.rows() + styles.rows()
    return [(Cell(f"/ogc{path}"), Cell(told)) for path, told in rows]


def openapi(call: Call, literal: Sequence[tuple[str, str]]) -> dict[str, Any]:
    paths: dict[str, Any] = {
        path or "/": _operation(told, f"get{path.strip('/').title() or 'Landing'}", DOCUMENTS, p.DOCUMENT)
        for path, told in SUMMARIES.items()
    }
    paths["/collections"] = _operation(
        SUMMARIES["/collections"], "getCollections", DOCUMENTS, p.COLLECTIONS, renamed={"limit": "collectionsLimit"}
    )
    paths |= tiles.paths() | styles.paths()
    paths["/api"] = _operation("This description", "getApi", (OPENAPI,), p.DOCUMENT)
    for slug, title in (("{collectionId}", ""), *literal):
        paths |= _collection(slug, title)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": _("OGC API of the platform"),
            "version": bocage.__version__,
            "description": "OGC API – Features, parts 1, 2, 3, 4 and 5.",
        },
        "servers": [{"url": call.address().rstrip("/")}],
        "security": [{}, *({name: []} for name in SECURITY)],
        "paths": paths,
        "components": {
            "parameters": {one.name: _parameter(one) for one in p.ITEMS}
            | {"collectionsLimit": _parameter(p.COLLECTIONS_LIMIT)},
            "securitySchemes": SECURITY,
            "schemas": {"exception": EXCEPTION},
            "responses": {"fault": FAULT},
        },
    }


def _collection(slug: str, title: str) -> dict[str, Any]:
    """The addresses of one collection, or of any when `slug` is a template."""
    root, segments = f"/collections/{slug}", [] if title else [COLLECTION]
    stem = "Any" if not title else slug.replace("-", "_")
    found: dict[str, Any] = {
        f"{root}/items": _operation(title or "Its features", f"getItems.{stem}", ITEMS, p.ITEMS, segments),
        f"{root}/items/{{featureId}}": _operation(
            title or "One feature", f"getItem.{stem}", ITEM, p.ITEM, [*segments, FEATURE]
        ),
    }
    if title:
        return found
    found[f"{root}/items"] |= {"post": _edit("Create a feature", "createItem", segments, "201", bodies.WHOLE)}
    one = (*segments, FEATURE)
    found[f"{root}/items/{{featureId}}"] |= {
        "put": _edit("Replace a feature", "replaceItem", one, "204", bodies.WHOLE),
        "patch": _edit("Change a feature", "updateItem", one, "204", bodies.PATCH),
        "delete": _edit("Delete a feature", "deleteItem", one, "204", ()),
    }
    below = {
        f"{root}{path}": _operation(told, f"get{(path or '/collection')[1:].title()}", SCHEMAS if path else DOCUMENTS,
                                    p.DOCUMENT, segments)
        for path, told in BELOW.items()
    }  # fmt: skip
    return below | found


def _operation(
    summary: str,
    identifier: str,
    formats: Sequence[Format],
    told: Sequence[p.Parameter],
    segments: Sequence[dict[str, Any]] = (),
    renamed: dict[str, str] | None = None,
) -> dict[str, Any]:
    names = [(renamed or {}).get(one.name, one.name) for one in told]
    content = {one.media_type: {"schema": {"type": "object"} if "json" in one.media_type else TEXT} for one in formats}
    get = {
        "summary": summary,
        "operationId": identifier,
        "parameters": [*segments, *({"$ref": f"#/components/parameters/{name}"} for name in names)],
        "responses": {"200": {"description": "Found", "content": content}}
        | {code: {"$ref": "#/components/responses/fault"} for code in ("400", "404", "406", "429", "500", "503")},
    }
    return {"get": get}


def _edit(
    summary: str, identifier: str, segments: Sequence[dict[str, Any]], done: str, accepted: Sequence[str]
) -> dict[str, Any]:
    """An operation that changes features, where keepers allow it."""
    headers = [CONTENT_CRS] if accepted else []
    told: dict[str, Any] = {
        "summary": summary,
        "operationId": identifier,
        "parameters": [*segments, *headers, *([IF_MATCH] if done == "204" else [])],
        "responses": {done: {"description": "Done"}}
        | {code: {"$ref": "#/components/responses/fault"} for code in EDIT_FAULTS},
    }
    if accepted:
        content = {one: {"schema": {"type": "object"}} for one in accepted}
        told["requestBody"] = {"required": True, "content": content}
    return told


EDIT_FAULTS = ("400", "401", "403", "404", "405", "409", "411", "412", "413", "415", "422", "428", "429", "500", "503")
TEXT = {"type": "string"}
CONTENT_CRS = {"name": "Content-Crs", "in": "header", "required": False, "schema": TEXT}
IF_MATCH = {"name": "If-Match", "in": "header", "required": False, "schema": TEXT}
EXCEPTION = {
    "type": "object",
    "required": ["code"],
    "properties": {"code": TEXT, "description": TEXT, "title": TEXT, "detail": TEXT, "status": {"type": "integer"}},
}
FAULT = {
    "description": "What is wrong, and where",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/exception"}}},
}


def _parameter(one: p.Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": "query",
        "required": False,
        "description": one.description,
        "schema": dict(one.schema),
        "style": "form",
        "explode": False,
    }
