"""Geometries of the interface ↔ GeoJSON, with GEOS as the judge."""

from __future__ import annotations

import json

import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.publish.geoservices.lines import EsriLine
from bocage.publish.geoservices.shapes import geojson_of
from bocage.store.engine import session

KINDS = {
    "Point": "esriGeometryPoint", "MultiPoint": "esriGeometryMultipoint", "LineString": "esriGeometryPolyline",
    "MultiLineString": "esriGeometryPolyline", "Polygon": "esriGeometryPolygon", "MultiPolygon": "esriGeometryPolygon",
}  # fmt: skip
SQUARE = shapely.box(0, 0, 10, 10)
HOLED = SQUARE.difference(shapely.box(2, 2, 4, 4)).difference(shapely.box(6, 6, 8, 8))
SHAPES = [
    shapely.Point(1, 2), shapely.MultiPoint([(1, 2), (3, 4)]), shapely.LineString([(0, 0), (1, 1)]), SQUARE, HOLED,
    shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]), SQUARE.reverse(),
    shapely.MultiPolygon([HOLED, shapely.box(20, 20, 30, 30), shapely.box(22, 2, 24, 4)]),
    shapely.MultiPolygon([HOLED, shapely.box(2.5, 2.5, 3.5, 3.5)]),  # an island in a hole
]  # fmt: skip


def written(shape):
    """As the engine writes it for a layer of its kind."""
    line = EsriLine(KINDS[shape.geom_type], frozenset()).line([Field("g", FieldType.GEOMETRY)], "UTC")
    with session() as opened:
        [(text,)] = opened.execute(f"SELECT {line} FROM (SELECT ST_GeomFromText(?) AS g) AS q", [shape.wkt])
    return json.loads(text.lstrip(",\n"))["geometry"]


def test_what_is_written_is_read_back():
    for shape in SHAPES:
        again = shapely.geometry.shape(geojson_of(written(shape)))
        assert again.is_valid
        assert again.equals(shape), shape.wkt


def test_outer_rings_turn_as_a_clock():
    for shape in SHAPES:
        for ring in written(shape).get("rings", []):
            drawn = shapely.LinearRing(ring)
            hole = any(shapely.Polygon(drawn).equals(shapely.Polygon(one)) for part in getattr(shape, "geoms", [shape])
                       if part.geom_type == "Polygon" for one in part.interiors)  # fmt: skip
            assert drawn.is_ccw == hole


ANYTHING = st.none() | st.booleans() | st.floats() | st.text(max_size=5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # of a machine that is busy
@given(st.recursive(ANYTHING, lambda inner: st.lists(inner, max_size=4)))
def test_rings_made_of_anything_are_read_or_refused(value):
    from bocage.publish.geoservices.errors import Invalid

    for name in ("rings", "paths", "points", "x"):
        try:
            found = geojson_of({name: value, "y": 1})
        except Invalid:
            continue
        assert found is None or found["type"] in KINDS
