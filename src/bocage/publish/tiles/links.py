"""What a collection says of its tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.utils.translation import gettext as _

from bocage.kernel.public_address import public_address
from bocage.publish.ogc.documents import REL, link
from bocage.publish.ogc.negotiation import FLATGEOBUF, JSON
from bocage.publish.tiles.formats import PMTILES, TILEJSON

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.publish.ogc.call import Call
    from bocage.publish.ogc.documents import Link


def tile_links(call: Call, seen: Dataset) -> list[Link]:
    """`seen`: with the facts that exist for the viewer: without geometry, there are no tiles."""
    if not seen.is_geographic:
        return []
    tilesets = call.address("collections", seen.slug, "tiles")
    plain = public_address(call.request, f"/tiles/{quote(seen.slug, safe='@')}")
    return [
        link(f"{REL}tilesets-vector", tilesets, JSON.media_type, _("Tiles")),
        link(f"{REL}styles", call.address("collections", seen.slug, "styles"), JSON.media_type, _("Styles")),
        link("describedby", f"{plain}.json", TILEJSON.media_type, TILEJSON.title),
        *(link("enclosure", f"{plain}.{one.name}", one.media_type, one.title) for one in (FLATGEOBUF, PMTILES)),
    ]
