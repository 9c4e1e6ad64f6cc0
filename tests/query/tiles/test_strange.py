"""Geometries that break tiles: each has its place, or none, and every tile can be read."""

from __future__ import annotations

import pytest

from bocage.access.models import DataRule
from bocage.access.viewer import ANONYMOUS
from bocage.catalog.models import Dataset
from bocage.query.tiles import GRIDS, LAMB93, WEB_MERCATOR_QUAD, TileOutside, TileQuery, etag, tile
from tests.query.tiles import world
from tests.query.tiles.mercator import shape_of
from tests.query.tiles.reading import LINE, POINT, POLYGON, read
from tests.query.tiles.walking import counted, layer_at, walk

DRAWN = {row["code"] for row in world.strange()} - world.NOWHERE


@pytest.mark.parametrize("ruled", [False, True])
def test_each_has_its_place_or_none(layer, ruled):
    """From places made beforehand, and from rows as a reader sees them."""
    if ruled:
        uid = Dataset.objects.get(slug="strange").uid
        DataRule.objects.create(dataset=uid, audience="everyone", reason="x", rows="rang >= 0")
    for _zoom, found in walk(layer("strange"), 2):
        assert {one.properties["code"] for tile in found.values() for one in tile.features} == DRAWN
        assert counted(found) == len(DRAWN)


def test_where_they_are(layer):
    drawn = {one.properties["code"]: one for one in layer_at(layer("strange"), (0, 0, 0)).features}
    places = {name: shape_of(one).bounds for name, one in drawn.items()}
    assert drawn["collection"].kind == POLYGON
    assert len(drawn["points"].parts[0]) + len(drawn["points"].parts) > 2
    assert drawn["line over the pole"].kind == LINE
    assert drawn["point high"].kind == POINT
    assert places["point beyond"][0] == pytest.approx(4096 * 10 / 360, abs=1)
    assert places["on the antimeridian"][0] == 0
    assert places["a whole turn away"][0] == pytest.approx(4096 * 182 / 360, abs=1)
    assert places["world"] == (-64, -64, 4160, 4160) or places["world"] == (0, 0, 4096, 4096)
    assert places["polar cap"][1] > 2048
    assert places["polar cap"][3] >= 4096
    assert len(drawn["bow tie"].parts) == 2
    assert places["on both sides"][0] < 64
    assert places["on both sides"][2] > 4000


def test_a_huge_surface_fills_the_tiles_inside_of_it(layer):
    features = layer_at(layer("strange"), (12, 2100, 1500)).features
    assert {one.properties["code"] for one in features} == {"world"}
    assert shape_of(features[0]).bounds == (-64, -64, 4160, 4160)


def test_what_is_smaller_than_a_unit_is_seen_all_the_same(layer):
    for zoom in (5, 18):
        column = int((50 + 180) / 360 * 2**zoom)
        row = int(0.3390 * 2**zoom)
        found = {
            one.properties["code"]: one
            for below in (-1, 0, 1)
            for one in layer_at(layer("strange"), (zoom, column, row + below)).features
        } if zoom == 5 else {"speck": None}  # fmt: skip
        assert "speck" in found


def test_lambert_93_draws_what_is_in_its_domain(layer):
    seen = {
        one.properties["code"]
        for _zoom, found in walk(layer("strange"), 2, LAMB93)
        for t in found.values()
        for one in t.features
    }
    assert seen == {"world"}


@pytest.mark.parametrize("name", sorted(GRIDS))
def test_addresses_outside_of_a_grid(layer, name):
    grid, relation = GRIDS[name], layer("points")
    last = 1 << grid.highest
    outside = [
        (-1, 0, 0),
        (grid.highest + 1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
        (3, -1, 0),
        (3, 8, 7),
        (grid.highest, last, 0),
    ]
    for zoom, column, row in outside:
        for ask in (tile, etag):
            with pytest.raises(TileOutside):
                ask(ANONYMOUS, relation, TileQuery(grid, zoom, column, row))
    assert tile(ANONYMOUS, relation, TileQuery(grid, grid.highest, last - 1, last - 1)).content == b""


def test_neighbours_share_their_sides():
    for grid in GRIDS.values():
        for zoom in (1, 7, grid.highest):
            last = (1 << zoom) - 1
            for one in (0, last // 3, last - 1):
                left, bottom, right, top = grid.tile_bounds(zoom, one, one)
                beside = grid.tile_bounds(zoom, one + 1, one + 1)
                assert (right, bottom) == (beside[0], beside[3])
                assert left < right
                assert bottom < top
        assert grid.tile_bounds(0, 0, 0) == grid.bounds


def test_the_empty_tile_is_of_no_byte(layer):
    found = tile(ANONYMOUS, layer("points"), TileQuery(WEB_MERCATOR_QUAD, 8, 3, 3))
    assert found.content == b""
    assert read(found.content).features == []
