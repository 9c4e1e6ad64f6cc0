"""The tilesets of a collection: one for each grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.publish.ogc.documents import Cell, Page, Table, above, document, itself, link
from bocage.publish.ogc.negotiation import DOCUMENTS, JSON
from bocage.publish.ogc.schemas import described
from bocage.publish.ogc.validators import told_key
from bocage.publish.tiles.asked import grid_named, require_drawn
from bocage.publish.tiles.formats import MVT
from bocage.publish.tiles.matrix_sets import scheme, uri
from bocage.publish.tiles.tilejson import drawn_bbox
from bocage.publish.validators import validated
from bocage.query.coordinates import CRS84_URI
from bocage.query.tiles import GRIDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http.response import HttpResponseBase

    from bocage.publish.ogc.call import Call
    from bocage.query.tiles import Grid

DIMENSIONS = {"Point": 0, "LineString": 1, "Polygon": 2}


def tilesets(call: Call) -> HttpResponseBase:
    require_drawn(call)
    grids = list(GRIDS.values())
    content = {"links": itself(call, DOCUMENTS), "tilesets": [_listed(call, one) for one in grids]}
    rows = [
        (Cell(one.title, _address(call, one, f="html")), Cell(one.identifier), Cell(one.crs_uri, one.crs_uri))
        for one in grids
    ]
    page = Page(
        f"{_('Tiles')} · {call.seen.title}",
        trail=_above(call),
        table=Table(_("Tiles"), (_("Title"), _("Identifier"), _("Reference system")), rows),
    )
    return validated(call, call.data_key(), lambda: document(call, content, page), open_data=call.open_data)


def tileset(call: Call, grid: str) -> HttpResponseBase:
    require_drawn(call)
    found = grid_named(grid)
    content = metadata(call, found)
    template = next(one["href"] for one in content["links"] if one["rel"] == "item")
    page = Page(
        f"{found.title} · {call.seen.title}",
        trail=_above(call, (_("Tiles"), call.address("collections", call.collection, "tiles", f="html"))),
        table=Table(
            _("Tiles"),
            (_("Grid"), _("Address of a tile")),
            [(Cell(found.identifier, call.address("tileMatrixSets", found.identifier, f="html")), Cell(template))],
        ),
    )
    return validated(call, told_key(call), lambda: document(call, content, page), open_data=call.open_data)


def metadata(call: Call, grid: Grid) -> dict[str, Any]:
    """Of a tileset (schema `tileSet.json` of 17-083r4)."""
    seen = call.seen
    template = f"{_address(call, grid)}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?f={MVT.name}"
    told: dict[str, Any] = _base(call, grid) | {
        "description": seen.description,
        "attribution": seen.organization.name,
        "layers": [_layer(call, grid)],
        "links": [
            *itself(call, DOCUMENTS),
            scheme(call, grid),
            link("item", template, MVT.media_type, _("Tiles")) | {"templated": True},
        ],
    }
    bbox = drawn_bbox(seen, grid)
    if bbox:
        told["boundingBox"] = {"lowerLeft": bbox[:2], "upperRight": bbox[2:], "crs": CRS84_URI}
    return told


def _listed(call: Call, grid: Grid) -> dict[str, Any]:
    itself_ = link("self", _address(call, grid, f=JSON.name), JSON.media_type, grid.title)
    return _base(call, grid) | {"links": [itself_, scheme(call, grid)]}


def _base(call: Call, grid: Grid) -> dict[str, Any]:
    return {"title": f"{call.seen.title} · {grid.title}", "dataType": "vector", "crs": grid.crs_uri} | uri(grid)


def _layer(call: Call, grid: Grid) -> dict[str, Any]:
    plain = [one for one in call.subject.fields if not one.type.is_geographic]
    schema = described(call, plain, identified=False)
    told: dict[str, Any] = {
        "id": call.collection,
        "title": call.seen.title,
        "dataType": "vector",
        "minTileMatrix": str(grid.lowest),
        "maxTileMatrix": str(grid.highest),
        "propertiesSchema": {"type": "object", "properties": schema["properties"]},
    }
    dimensions = dimensions_of(call.seen.geometry_types)
    if len(dimensions) == 1:
        told["geometryDimension"] = dimensions[0]
    return told


def dimensions_of(kinds: Sequence[str]) -> list[int]:
    """0 for points, 1 for lines, 2 for surfaces; those of all the kinds, each once."""
    return sorted(
        {DIMENSIONS[kind.removeprefix("Multi")] for kind in kinds if kind.removeprefix("Multi") in DIMENSIONS}
    )


def _address(call: Call, grid: Grid, **query: Any) -> str:
    return call.address("collections", call.collection, "tiles", grid.identifier, **query)


def _above(call: Call, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    return above(
        call,
        (_("Collections"), call.address("collections", f="html")),
        (call.seen.title, call.address("collections", call.collection, f="html")),
        *steps,
    )
