"""All of the doors, those with the most behind them more often."""

from __future__ import annotations

from collections.abc import Callable

from tests.interfaces.geo.at_random.asked import Asked, Dice
from tests.interfaces.geo.at_random.catalogues import csw, geoservices, records
from tests.interfaces.geo.at_random.newer import archive, documents, edit, item, items, tile
from tests.interfaces.geo.at_random.older import wfs, wms, wmts

DOORS: tuple[Callable[[Dice], Asked], ...] = (
    items,
    items,
    items,
    item,
    documents,
    edit,
    tile,
    tile,
    archive,
    wfs,
    wfs,
    wms,
    wms,
    wmts,
    records,
    csw,
    geoservices,
    geoservices,
)
