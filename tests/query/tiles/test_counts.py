"""Nothing is dropped: at each zoom, what the tiles show adds up to the rows that have a place."""

from __future__ import annotations

import pytest

from bocage.query.tiles import LAMB93, WEB_MERCATOR_QUAD
from tests.query.tiles import world
from tests.query.tiles.walking import counted, layer_at, walk

IN_FRANCE = {"points": 3_042, "surfaces": len(world.surfaces()), "lines": len(world.lines())}


@pytest.mark.parametrize("slug", ["points", "surfaces", "lines"])
def test_every_zoom_of_web_mercator_stands_for_all_rows(layer, slug):
    relation = layer(slug)
    for zoom, found in walk(relation, 7 if slug == "lines" else 9):
        assert counted(found) == IN_FRANCE[slug], zoom


@pytest.mark.parametrize("slug", ["points", "surfaces"])
def test_every_zoom_of_lambert_93_does_too(layer, slug):
    for zoom, found in walk(layer(slug), 4, LAMB93):
        assert counted(found) == IN_FRANCE[slug], zoom


@pytest.mark.parametrize("slug", ["points", "surfaces", "lines"])
@pytest.mark.parametrize("zoom", [11, 12, 13, 14])
def test_a_town_is_whole_from_near(layer, slug, zoom):
    """The tiles where the town is, with those around, hold every feature of it and count each once."""
    grid = WEB_MERCATOR_QUAD
    x, y = 1014.92 / 2048, 0.3499
    del grid
    around = 0.012 / 25
    first, last = (tuple(int((side + way * around) * 2**zoom) for side in (x, y)) for way in (-1, 1))
    found = {
        (zoom, column, row): layer_at(layer(slug), (zoom, column, row))
        for column in range(first[0], last[0] + 1)
        for row in range(first[1], last[1] + 1)
    }
    in_town = {"points": 3_000, "surfaces": 2_800, "lines": 2_700}[slug]
    assert counted(found) >= in_town
    assert counted(found) <= IN_FRANCE[slug]
