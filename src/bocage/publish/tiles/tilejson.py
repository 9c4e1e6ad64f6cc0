"""TileJSON 3.0: what web maps read of a tileset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from bocage.kernel.public_address import public_address
from bocage.publish.ogc.asked import query_of
from bocage.publish.ogc.documents import Page, document
from bocage.publish.ogc.validators import told_key
from bocage.publish.tiles.asked import require_drawn, without_version
from bocage.publish.tiles.formats import VERSION
from bocage.publish.tiles.keeping import tell_caches, version_token
from bocage.publish.validators import validated
from bocage.publish.viewers import PARAMETERS as KEYS
from bocage.query.rights import scope_for
from bocage.query.tiles import GRIDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http.response import HttpResponseBase

    from bocage.catalog.fields import Field
    from bocage.catalog.models import Dataset
    from bocage.publish.ogc.call import Call
    from bocage.query.tiles import Grid

MOST_ZOOM = 16
"""Beyond it clients enlarge the tiles that they have: a unit of theirs is then ten centimetres."""
OURS = ("f", "lang", VERSION.name)


def tilejson(call: Call) -> HttpResponseBase:
    """With the same filter and properties in the address of the tiles. Whatever is wrong with these is said here, once."""
    require_drawn(call)
    asked = query_of(without_version(call))
    scope = scope_for(call.viewer, call.relation)
    asked.condition(scope)
    chosen = asked.properties(scope)
    names = None if chosen is None else {one.name for one in chosen}
    response = validated(
        call, told_key(call), lambda: document(call, content(call, names), Page("")), open_data=call.open_data
    )
    tell_caches(call, response, named=False)
    return response


def content(call: Call, names: set[str] | None) -> dict[str, Any]:
    """`names`: of the properties that tiles hold, None for all."""
    seen, grid = call.seen, GRIDS["WebMercatorQuad"]
    told: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": seen.title,
        "description": seen.description,
        "attribution": seen.organization.name,
        "version": f"{seen.version_number or 1}.0.0",
        "scheme": "xyz",
        "tiles": [template(call)],
        "minzoom": grid.lowest,
        "maxzoom": MOST_ZOOM,
        "vector_layers": [
            {
                "id": call.collection,
                "description": seen.title,
                "minzoom": grid.lowest,
                "maxzoom": MOST_ZOOM,
                "fields": words_of(call.subject.fields, names),
            }
        ],
    }
    bbox = drawn_bbox(seen, grid)
    if bbox:
        west, south, east, north = bbox
        told |= {"bounds": bbox, "center": [(west + east) / 2, (south + north) / 2, grid.lowest]}
    return told


def template(call: Call) -> str:
    """The address of a tile, its braces left as they are; a key is not written into an answer."""
    given = {name: one for name, one in call.given.items() if name not in (*KEYS, *OURS) and one}
    root = public_address(call.request, f"/tiles/{quote(call.collection, safe='@')}")
    return f"{root}/{{z}}/{{x}}/{{y}}.mvt?{urlencode(given | {VERSION.name: version_token(call)})}"


def words_of(fields: Iterable[Field], names: set[str] | None) -> dict[str, str]:
    """Name → what it is, in plain words. `names`: None for all."""
    told = {
        one.name: one.description or one.label or str(one.type.label)
        for one in fields
        if not one.type.is_geographic and (names is None or one.name in names)
    }
    return told | {"_id": _("Identifier of the record"), "_count": _("How many records a symbol stands for")}


def drawn_bbox(seen: Dataset, grid: Grid) -> list[float] | None:
    """Bounds of what the viewer sees, within those of the grid; None when they are kept from them, or nothing is there."""
    if not seen.bbox:
        return None
    west, south, east, north = seen.bbox
    left, low, right, high = grid.domain
    found = [max(west, left), max(south, low), min(east, right), min(north, high)]
    return found if found[0] <= found[2] and found[1] <= found[3] else None
