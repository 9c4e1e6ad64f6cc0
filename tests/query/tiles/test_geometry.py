"""What is drawn, against GEOS and the formulas of the projections: the same features, each coordinate within a unit or so."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from bocage.query.tiles import EXTENT, LAMB93, WEB_MERCATOR_QUAD, Grid
from bocage.query.tiles.drawing import MARGIN, SMALL
from tests.query.tiles import world
from tests.query.tiles.mercator import in_tile, shape_of, to_lambert_93, to_mercator
from tests.query.tiles.walking import layer_at


def address_of(grid: Grid, zoom: int, lon: float = world.LON, lat: float = world.LAT) -> tuple[int, int, int]:
    project = to_mercator if grid is WEB_MERCATOR_QUAD else to_lambert_93
    ((x, y),) = project(np.array([[lon, lat]]))
    side = grid.tile_side(zoom)
    return zoom, math.floor((x - grid.left) / side), math.floor((grid.top - y) / side)


CASES = [(WEB_MERCATOR_QUAD, 14), (WEB_MERCATOR_QUAD, 16), (WEB_MERCATOR_QUAD, 19), (LAMB93, 10), (LAMB93, 12)]


@pytest.mark.parametrize(("grid", "zoom"), CASES)
def test_positions_are_those_of_the_tile_and_no_other(layer, grid, zoom):
    address = address_of(grid, zoom)
    found = {one.properties["code"]: one.parts[0][0] for one in layer_at(layer("points"), address, grid).features}
    expected = {}
    for row in world.points():
        if row["geo"] is not None and not row["geo"].is_empty:
            place = in_tile(row["geo"], grid, address)
            if 0 <= place.x < EXTENT and 0 <= place.y < EXTENT:
                expected[row["code"]] = (place.x, place.y)
    assert expected
    assert found.keys() == expected.keys()
    assert all(max(abs(a - b) for a, b in zip(found[one], expected[one], strict=True)) <= 1 for one in found)


@pytest.mark.parametrize("slug", ["surfaces", "lines"])
@pytest.mark.parametrize(("grid", "zoom"), CASES)
def test_shapes_are_cut_at_the_margin(layer, slug, grid, zoom):
    address = address_of(grid, zoom)
    found = {one.properties["code"]: shape_of(one) for one in layer_at(layer(slug), address, grid).features}
    margin = shapely.box(-MARGIN, -MARGIN, EXTENT + MARGIN, EXTENT + MARGIN)
    inner = shapely.box(0, 0, EXTENT, EXTENT)
    for row in world.LAYERS[slug]():
        whole = in_tile(row["geo"], grid, address)
        seen, drawn = whole.intersection(margin), found.pop(row["code"], None)
        if drawn is None:
            within = whole.intersection(inner)
            assert within.area < 4, row["code"]
            assert within.length < 300, row["code"]
            continue
        west, south, east, north = whole.bounds
        if max(east - west, north - south) <= SMALL:
            assert whole.distance(drawn) <= 2, row["code"]
        elif not _thin(whole):
            assert seen.hausdorff_distance(drawn) <= 3, (row["code"], whole.wkt[:300], drawn.wkt[:300])
    assert not found


def _thin(shape: shapely.Geometry) -> bool:
    """Parts may vanish when they are rounded."""
    if shape.geom_type in ("LineString", "MultiLineString"):
        return any(part.length < 2 * SMALL for part in shapely.get_parts(shape))
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return any(shapely.Polygon(ring).area < 2.2 * ring.length for ring in rings)


def test_values_are_texts_numbers_and_booleans(layer):
    relation = layer("points")
    features = layer_at(relation, address_of(WEB_MERCATOR_QUAD, 15)).features
    rows = {row["code"]: row for row in world.points()}
    for feature in features:
        row, own = rows[feature.properties["code"]], feature.properties
        part = row["part"]
        expected = {
            "code": row["code"], "rang": row["rang"], "ouvert": row["ouvert"], "jour": row["jour"],
            "part": None if part is None or math.isnan(part) else part, "tags": ", ".join(row["tags"]),
            "maj": row["maj"].replace("Z", "+00:00").replace(" ", "T"), "_id": own["_id"],
        }  # fmt: skip
        assert own == {name: value for name, value in expected.items() if value is not None}
        assert type(own["rang"]) is int
        assert type(own["_id"]) is str
    assert len({one.properties["_id"] for one in features}) == len(features)


def test_only_the_properties_that_are_asked_come(layer):
    def two(scope):
        return (scope.fields["rang"], scope.fields["code"], scope.fields["geo"])

    relation, address = layer("surfaces"), address_of(WEB_MERCATOR_QUAD, 15)
    names = {frozenset(one.properties) for one in layer_at(relation, address, properties=two).features}
    assert names == {frozenset({"rang", "code", "_id"})}
    bare = {frozenset(one.properties) for one in layer_at(relation, address, properties=lambda _scope: ()).features}
    assert bare == {frozenset({"_id"})}


def test_a_layer_has_the_name_of_the_dataset(layer):
    assert layer_at(layer("lines"), (0, 0, 0)).name == "lines"
    assert layer_at(layer("lines"), (0, 0, 0)).extent == EXTENT
