"""The description of the interface: OpenAPI 3.0.3. Clients read the size of their pages from `components.parameters.limit`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import bocage
from bocage.publish.explore.openapi import SECURITY
from bocage.publish.ogc.api import EXCEPTION, FAULT
from bocage.publish.ogc.documents import Cell, Page, Table, document
from bocage.publish.ogc.negotiation import DOCUMENTS, OPENAPI, SCHEMAS, Format
from bocage.publish.records import parameters as rp
from bocage.publish.records.answers import answered_with
from bocage.publish.records.items import ITEM, ITEMS
from bocage.publish.records.landing import above
from bocage.publish.records.resource import CATALOGUE

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.ogc.parameters import Parameter
    from bocage.publish.records.call import RecordsCall

HERE = f"/collections/{CATALOGUE}"
RECORD = {"name": "recordId", "in": "path", "required": True, "schema": {"type": "string"}}
OPERATIONS: tuple[tuple[str, str, str, Sequence[Format], Sequence[Parameter]], ...] = (
    ("/", gettext_noop("The landing page"), "getLanding", DOCUMENTS, rp.DOCUMENT),
    (
        "/conformance",
        gettext_noop("The classes of the standards that are followed"),
        "getConformance",
        DOCUMENTS,
        rp.DOCUMENT,
    ),
    ("/api", gettext_noop("This description"), "getApi", (OPENAPI,), rp.DOCUMENT),
    ("/collections", gettext_noop("The collections"), "getCollections", DOCUMENTS, rp.DOCUMENT),
    (HERE, gettext_noop("The catalogue"), "getCatalogue", DOCUMENTS, rp.DOCUMENT),
    (f"{HERE}/queryables", gettext_noop("What filters may name"), "getQueryables", SCHEMAS, rp.DOCUMENT),
    (f"{HERE}/sortables", gettext_noop("What the order may name"), "getSortables", SCHEMAS, rp.DOCUMENT),
    (f"{HERE}/schema", gettext_noop("Fields"), "getSchema", SCHEMAS, rp.DOCUMENT),
    (f"{HERE}/items", gettext_noop("The records"), "getRecords", ITEMS, rp.ITEMS),
    (f"{HERE}/items/{{recordId}}", gettext_noop("One record"), "getRecord", ITEM, rp.DOCUMENT),
)


def description(call: RecordsCall) -> HttpResponseBase:
    rows = [(Cell(f"/records{path}"), Cell(_(told))) for path, told, *_rest in OPERATIONS]
    page = Page(
        _("Documentation of the interface"),
        _("Every address answers a page to a browser, and JSON to a program. The parameter f chooses."),
        above(call),
        table=Table(_("Addresses"), (_("Address"), _("What it answers")), rows),
        links=[("OpenAPI 3.0", call.address("api", f="json"))],
    )
    return answered_with(call, document(call, openapi(call), page))


def openapi(call: RecordsCall) -> dict[str, Any]:
    return {
        "openapi": "3.0.3",
        "info": {
            "title": _("Catalogue of %(title)s") % {"title": call.door.title},
            "version": bocage.__version__,
            "description": "OGC API – Records, part 1.",
        },
        "servers": [{"url": call.address().rstrip("/")}],
        "security": [{}, *({name: []} for name in SECURITY)],
        "paths": {
            path: _operation(told, name, formats, known, path) for path, told, name, formats, known in OPERATIONS
        },
        "components": {
            "parameters": {one.name: _parameter(one) for one in rp.ITEMS},
            "securitySchemes": SECURITY,
            "schemas": {"exception": EXCEPTION},
            "responses": {"fault": FAULT},
        },
    }


def _operation(
    told: str, identifier: str, formats: Sequence[Format], known: Sequence[Parameter], path: str
) -> dict[str, Any]:
    references = [{"$ref": f"#/components/parameters/{one.name}"} for one in known]
    bodies = {
        one.media_type: {"schema": {"type": "object" if "json" in one.media_type else "string"}} for one in formats
    }
    get = {
        "summary": _(told),
        "operationId": identifier,
        "parameters": [RECORD, *references] if "{" in path else references,
        "responses": {"200": {"description": "Found", "content": bodies}}
        | {code: {"$ref": "#/components/responses/fault"} for code in ("400", "404", "406", "429", "500", "503")},
    }
    return {"get": get}


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name, "in": "query", "required": False, "description": one.description, "schema": dict(one.schema),
        "style": "form", "explode": False,
    }  # fmt: skip
