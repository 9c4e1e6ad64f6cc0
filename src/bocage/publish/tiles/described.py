"""Tiles in the description of the interface; identifiers of operations end as the standard asks (/req/oas30/operation-id)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bocage.publish.ogc.negotiation import DOCUMENTS, JSON, Format
from bocage.publish.tiles.formats import CONTENT, MVT, VERSION
from bocage.query.tiles import GRIDS

COLLECTION = "/collections/{collectionId}"
NAMED: dict[str, dict[str, Any]] = {
    "tileMatrixSetId": {"type": "string", "enum": list(GRIDS)},
    "tileMatrix": {"type": "string"},
    "tileRow": {"type": "integer", "minimum": 0},
    "tileCol": {"type": "integer", "minimum": 0},
    "collectionId": {"type": "string"},
}
OPERATIONS: tuple[tuple[str, str, str, tuple[Format, ...]], ...] = (
    ("/tileMatrixSets", "getTileMatrixSetsList", gettext_noop("The grids of tiles"), DOCUMENTS),
    ("/tileMatrixSets/{tileMatrixSetId}", "getTileMatrixSet", gettext_noop("A grid"), DOCUMENTS),
    (f"{COLLECTION}/tiles", ".collection.vector.getTileSetsList", gettext_noop("Its tilesets"), DOCUMENTS),
    (
        f"{COLLECTION}/tiles/{{tileMatrixSetId}}", ".collection.vector.getTileSet", gettext_noop("A tileset"), DOCUMENTS,
    ),
    (
        f"{COLLECTION}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", ".collection.vector.getTile",
        gettext_noop("A tile"), (MVT,),
    ),
)  # fmt: skip


def rows() -> list[tuple[str, str]]:
    """Addresses and what they answer, for the page of the documentation."""
    return [(path, _(told)) for path, _identifier, told, _formats in OPERATIONS]


def paths() -> dict[str, Any]:
    """Of an OpenAPI document. Parameters of queries are those that the document defines already, but for `VERSION`."""
    return {
        path: {"get": _operation(path, identifier, _(told), formats)} for path, identifier, told, formats in OPERATIONS
    }


def _operation(path: str, identifier: str, summary: str, formats: tuple[Format, ...]) -> dict[str, Any]:
    segments = [
        {"name": name, "in": "path", "required": True, "schema": NAMED[name]}
        for name in (part.strip("{}") for part in path.split("/") if part.startswith("{"))
    ]
    names = [one.name for one in CONTENT] if MVT in formats else []
    queries: list[dict[str, Any]] = [{"$ref": f"#/components/parameters/{name}"} for name in (*names, "f", "lang")]
    responses: dict[str, Any] = {
        "200": {
            "description": "Found",
            "content": {
                one.media_type: {
                    "schema": {"type": "object"} if one == JSON else {"type": "string", "format": "binary"}
                }
                for one in formats
            },
        }
    }
    if MVT in formats:
        responses["204"] = {"description": "Nothing is in this tile"}
        queries.append(
            {"name": VERSION.name, "in": "query", "description": VERSION.description, "schema": dict(VERSION.schema)}
        )
    codes = ("304", "400", "404", "406", "429", "500", "503")
    responses |= {code: {"$ref": "#/components/responses/fault"} for code in codes if code != "304"}
    responses["304"] = {"description": "The copy of the client is still good"}
    return {
        "summary": summary,
        "operationId": identifier,
        "parameters": [*segments, *queries],
        "responses": responses,
    }
