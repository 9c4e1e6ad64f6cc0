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
    for zoom, found in walk(layer(slug), 13):
        assert counted(found) == DRAWN[slug], zoom
        assert {one.kind for tile in found.values() for one in tile.features} == {KINDS[slug]}


def test_every_zoom_of_lambert_93_does_too(layer):
    for zoom, found in walk(layer("surfaces"), 8, LAMB93):
        assert counted(found) == DRAWN["surfaces"], zoom


def test_a_feature_is_one_record_or_several(layer):
    seen = set()
    for _zoom, found in walk(layer("surfaces"), 13):
        for feature in (one for tile in found.values() for one in tile.features):
            own = feature.properties
            assert ("_id" in own) != ("_count" in own)
            assert own.get("_count", 2) >= 2 and (set(own) == {"_count"} or "code" in own)
            seen.add("_id" in own)
    assert seen == {True, False}
