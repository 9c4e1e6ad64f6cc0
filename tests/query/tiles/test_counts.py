"""Nothing is dropped: at each zoom, what the tiles show adds up to the rows that have a place."""

from __future__ import annotations

import pytest

from bocage.query.tiles import LAMB93
from tests.query.tiles import world
from tests.query.tiles.reading import LINE, POINT, POLYGON
from tests.query.tiles.walking import counted, walk

DRAWN = {"points": 3_002, "surfaces": len(world.surfaces()), "lines": len(world.lines())}
KINDS = {"points": POINT, "surfaces": POLYGON, "lines": LINE}


@pytest.mark.parametrize("slug", DRAWN)
def test_every_zoom_of_web_mercator_stands_for_all_rows(layer, slug):
    """And a feature is either one record or several."""
    seen = set()
    for zoom, found in walk(layer(slug), 13):
        assert counted(found) == DRAWN[slug], zoom
        for feature in (one for tile in found.values() for one in tile.features):
            own = feature.properties
            assert feature.kind == KINDS[slug]
            assert ("_id" in own, "code" in own) == ("_count" not in own, "_count" not in own)
            assert own.get("_count", 2) >= 2
            seen.add("_id" in own)
    assert seen == {True, False}


def test_every_zoom_of_lambert_93_does_too(layer):
    for zoom, found in walk(layer("surfaces"), 7, LAMB93):
        assert counted(found) == DRAWN["surfaces"], zoom
