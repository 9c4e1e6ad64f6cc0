"""Positions found in ordinary columns, reference systems recognised, and doubts told instead of guesses."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bocage.capture.positions import crs
from bocage.capture.positions import sql as position_sql
from bocage.capture.positions.errors import (
    CrsNotSupported,
    CrsUnknown,
    GeometryColumnsMissing,
    GeometryColumnUnknown,
    OutsideTheWorld,
)
from bocage.capture.positions.geometry import find_geometry, geometry_columns, summarise
from bocage.capture.positions.tables import Table as PlacedTable
from bocage.capture.positions.tables import with_shape
from bocage.capture.reading import Column, Reading
from bocage.capture.understanding import Corrections, GeometryFound
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType

NANTES_L93, NANTES = (355000.0, 6689000.0), (-1.5606705842910253, 47.21160091449072)


class Table:
    """Columns of text, as a CSV gives them."""

    def __init__(self, shop, **columns):
        self.shop = shop
        names = {name.replace("__", " "): values for name, values in columns.items()}
        shop.engine.register(
            "source", pa.table({name: pa.array(values, pa.string()) for name, values in names.items()})
        )
        self.reading = Reading("csv", "SELECT * FROM source", tuple(Column(name, name) for name in names))
        self.fields = [(column, Field(column.name.lower(), FieldType.STRING)) for column in self.reading.columns]

    def find(self, **corrections):
        return find_geometry(self.shop.engine, self.reading, self.fields, Corrections(**corrections))

    def points(self, **corrections):
        found, _ = self.find(**corrections)
        [(_, sql), *_] = geometry_columns(found, set())
        rows = self.shop.engine.execute(
            f"SELECT ST_AsText({sql}) FROM ({with_shape(PlacedTable.of(self.reading), found)})"
        )
        return [None if text is None else shapely.from_wkt(text) for (text,) in rows]


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("lat", "lon"), ("Latitude", "Longitude"), ("Lat", "Lng"), ("LAT", "LONG"), ("Ylatitude", "Xlongitude"),
     ("y_wgs84", "x_wgs84"),
     ("stop_lat", "stop_lon"), ("consolidated_latitude", "consolidated_longitude"), ("latitude_wgs84", "longitude_wgs84"),
     ("geo_lat", "geo_long"), ("coord_y", "coord_x"), ("coordonneeY", "coordonneeX"), ("Y", "X")],
)  # fmt: skip
def test_pairs_found_by_their_names(shop, lat, lon):
    table = Table(shop, nom=["a", "b"], **{lon: ["-1.55", "-1,56"], lat: ["47.21", "47,22"]})
    found, _ = table.find()
    assert (found.source, found.columns, found.crs) == ("latlon", (lat, lon), "OGC:CRS84")
    assert [point.coords[0] for point in table.points()] == [(-1.55, 47.21), (-1.56, 47.22)]


def test_the_pair_that_goes_together_is_taken(shop):
    table = Table(shop, lat_depart=["47.2"], lat_arrivee=["48.1"], lon_arrivee=["-1.6"], lon_depart=["-1.5"])
    assert table.find()[0].columns == ("lat_depart", "lon_depart")


@pytest.mark.parametrize(
    ("columns", "code", "told"),
    [
        ({"x_l93": ["355000"], "y_l93": ["6689000"]}, "EPSG:2154", False),
        ({"x": ["355000", "355 000,0"], "y": ["6689000", "6 689 000,0"]}, "EPSG:2154", True),
        ({"x": ["1355000"], "y": ["6223000"]}, "EPSG:3947", True),
        ({"coord_x_cc48": ["1355000"], "coord_y_cc48": ["7223000"]}, "EPSG:3948", False),
        ({"x": ["-173000"], "y": ["5975000"]}, "EPSG:3857", True),
        ({"latitude": ["6689000"], "longitude": ["355000"]}, "EPSG:2154", True),
        ({"X": ["305000"], "Y": ["2253000"]}, "EPSG:27572", True),
    ],
)
def test_projected_pairs(shop, columns, code, told):
    table = Table(shop, **columns)
    found, notices = table.find()
    assert found.crs == code
    assert ("crs-inferred" in [notice.code for notice in notices]) == told
    for point in table.points():
        assert -2 < point.x < -1
        assert 46.5 < point.y < 49


def test_lambert_to_the_seventh_decimal(shop):
    [point] = Table(shop, x=["355000"], y=["6689000"]).points()
    assert point.distance(shapely.Point(NANTES)) < 1e-7


def test_x_and_y_of_a_plan_are_no_positions(shop):
    for x, y in ((["1", "2"], ["5", "7"]), (["12", "2000"], ["5", "700"]), (["a", "b"], ["c", "d"])):
        assert Table(shop, x=x, y=y).find() == (None, [])


def test_numbers_that_only_have_the_names_of_positions_do_not_refuse_the_file(shop):
    table = Table(shop, lat=["90000000", "91000000"], lon=["12000000", "13000000"])
    assert table.find() == (None, [])
    with pytest.raises(CrsUnknown):
        table.find(geometry_columns=("lat", "lon"))


def test_swapped_columns_are_told_and_not_corrected(shop):
    table = Table(shop, latitude=["-1.55", "-1.56"], longitude=["47.21", "47.22"])
    _, notices = table.find()
    assert [notice.code for notice in notices] == ["latlon-swapped"]
    assert table.points()[0].coords[0] == (47.21, -1.55)
    _, corrected = table.find(geometry_columns=("longitude", "latitude"))
    assert "latlon-swapped" not in [notice.code for notice in corrected]


def test_positions_abroad_are_not_taken_for_swapped(shop):
    _, notices = Table(shop, lat=["12.34", "40.7"], lon=["45.67", "-74.0"]).find()
    assert notices == []


@pytest.mark.parametrize(
    ("name", "text", "source"),
    [
        ("Geo__Point", "47.21, -1.55", "latlon_text"), ("geo_point_2d", '{"lon": -1.55, "lat": 47.21}', "latlon_text"),
        ("coordonneesXY", "[-1.55,47.21]", "lonlat_text"), ("coordinates", "[-1.55,47.21]", "lonlat_text"),
        ("location", "[47.21,-1.55]", "latlon_text"), ("geoloc", "47,21 ; -1,55", "latlon_text"),
        ("gps", "(47.21 -1.55)", "latlon_text"), ("anything", "47.2100000,-1.5500000", "latlon_text"),
        ("wkt", "POINT (-1.55 47.21)", "wkt"), ("geom", "SRID=4326;POINT(-1.55 47.21)", "wkt"),
        ("Geo__Shape", '{"coordinates": [-1.55, 47.21], "type": "Point"}', "geojson"),
        ("geo_shape", '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [-1.55, 47.21]}}', "geojson"),
    ],
)  # fmt: skip
def test_positions_in_one_column(shop, name, text, source):
    table = Table(shop, nom=["a", "b"], montant=["12,5", "13,7"], **{name: [text, ""]})
    found, _ = table.find()
    assert (found.source, found.columns, found.types) == (source, (name.replace("__", " "),), ("Point",))
    assert [point and point.coords[0] for point in table.points()] == [(-1.55, 47.21), None]


COORDINATE = st.floats(-89.9, 89.9).map(lambda value: round(value, 6))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=5),
       st.sampled_from(["{0:f},{1:f}", "{0:f}, {1:f}", "[{0:f}, {1:f}]", "({0:f};{1:f})", "  {0:f}   {1:f} "]))  # fmt: skip
def test_any_latitude_longitude_text_is_read_exactly(shop, pairs, form):
    table = Table(shop, geo_point_2d=[form.format(*pair) for pair in pairs])
    points = table.points(geometry_source="latlon_text", geometry_columns=("geo_point_2d",), crs="EPSG:4326")
    assert [(point.y, point.x) for point in points] == pairs


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet="0123456789.,-+ eE;[]()POINT", max_size=12), min_size=1, max_size=6))
def test_no_text_makes_an_error(shop, texts):
    for source in ("latlon_text", "lonlat_text", "wkt", "geojson"):
        found, _ = Table(shop, a=texts).find(geometry_source=source, geometry_columns=("a",), crs="EPSG:4326")
        assert found is not None


PATTERNS = tuple(
    re.compile(getattr(position_sql, name))
    for name in ("GEOJSON", "WKT", "LON_LAT_OBJECT", "PAIR", "COMMA_PAIR", "LONG_PAIR")
)


@given(st.sampled_from(PATTERNS).flatmap(st.from_regex))
def test_the_first_look_passes_over_nothing(text):
    assume(any(pattern.search(text) for pattern in PATTERNS))
    assert re.search(position_sql.BEGINNING, text)


@pytest.mark.parametrize("text", ["47.2,-1.5", "47,-1", "+4.5e1 , -1.5E0", "47.2 ,  -1.5"])
def test_the_plain_pair_is_read_as_by_the_long_way(shop, text):
    x, y = position_sql.coordinates_of_text("t", latitude_first=True)
    quick = shop.engine.execute(f"SELECT {x}, {y} FROM (SELECT ? AS t)", [text])
    long = shop.engine.execute(f"SELECT {x}, {y} FROM (SELECT ? AS t)", [f"[{text}]"])
    assert quick == long
    assert quick == [(float(text.split(",")[1]), float(text.split(",")[0]))]


def test_the_shape_is_preferred_to_the_point_and_gives_both(shop):
    square = '{"type": "Polygon", "coordinates": [[[-1.6, 47.1], [-1.5, 47.1], [-1.5, 47.2], [-1.6, 47.1]]]}'
    table = Table(shop, geo_point=["47.15, -1.55"], geo_shape=[square])
    found, _ = table.find()
    columns = geometry_columns(found, {"geo_shape", "geo_point_2d"})
    assert [(field.name, field.type) for field, _ in columns] == [
        ("geo_shape_2", FieldType.GEOMETRY), ("geo_point_2d_2", FieldType.GEOPOINT),
    ]  # fmt: skip
    select = ", ".join(f"ST_AsText({sql})" for _, sql in columns)
    [(shape, point)] = shop.engine.execute(f"SELECT {select} FROM ({with_shape(PlacedTable.of(table.reading), found)})")
    assert shapely.from_wkt(shape).contains(shapely.from_wkt(point))


def test_what_cannot_be_read_is_left_empty_and_counted(shop):
    table = Table(shop, lat=["47.21", "abc", "95", "", "47.3"], lon=["-1.55", "-1.5", "-1.5", "", "-1.4"])
    _, notices = table.find()
    assert [(notice.code, notice.fields.get("count")) for notice in notices] == [
        ("geometry-unparsable", 1), ("geometry-outside-the-world", 1), ("geometry-empty", 1),
    ]  # fmt: skip
    assert notices[0].fields["example"] == "abc ; -1.5"
    assert [point is None for point in table.points()] == [False, True, True, True, False]


def test_an_open_ring_in_a_text_is_left_empty(shop):
    table = Table(shop, wkt=["POLYGON((0 0,1 1,2 2))", "POLYGON((0 0,1 0,1 1,0 0))", "LINESTRING(0 0)"])
    found, notices = table.find(geometry_source="wkt", geometry_columns=("wkt",))
    assert found.types == ("Polygon",)
    assert [(notice.code, notice.fields["count"]) for notice in notices] == [("geometry-unparsable", 2)]


def test_corrections(shop):
    table = Table(shop, a=["47.21"], b=["-1.55"], c=["-1.55 47.21"])
    assert table.find() == (None, [])
    assert table.find(geometry_source="none") == (None, [])
    assert table.find(geometry_columns=("a", "b"))[0].source == "latlon"
    assert table.points(geometry_columns=("a", "b"))[0].coords[0] == (-1.55, 47.21)
    assert table.find(geometry_columns=("c",))[0].source == "lonlat_text"
    with pytest.raises(GeometryColumnUnknown):
        table.find(geometry_columns=("a", "z"))
    with pytest.raises(GeometryColumnsMissing):
        table.find(geometry_source="latlon", geometry_columns=("a",))
    with pytest.raises(GeometryColumnsMissing):
        table.find(geometry_source="wkt")
    with pytest.raises(CrsNotSupported):
        table.find(geometry_columns=("a", "b"), crs="EPSG:99999")
    with pytest.raises(CrsNotSupported):
        table.find(geometry_columns=("a", "b"), crs="'; DROP TABLE x")


def native(shop, wkt, system):
    shop.engine.execute("CREATE OR REPLACE TABLE shapes AS SELECT unnest(?)::VARCHAR AS wkt", [wkt])
    sql = "SELECT ST_GeomFromText(wkt) AS geometry FROM shapes"
    return Reading("x", sql, (), geometry=GeometryFound("native", ("geometry",), crs=system))


def test_native_shapes_nowhere_on_earth_are_refused_with_their_record(shop):
    reading = native(shop, ["POINT(1 2)"] * 98 + ["POINT(1 95)", None], "EPSG:4171")
    with pytest.raises(OutsideTheWorld) as error:
        find_geometry(shop.engine, reading, [], Corrections())
    assert error.value.fields == {"crs": "EPSG:4171", "record": 99, "count": 1}


def test_coordinates_that_nothing_explains(shop):
    with pytest.raises(CrsUnknown):
        find_geometry(shop.engine, native(shop, ["POINT(9e7 9e7)"], ""), [], Corrections())


def test_a_declared_system_gives_way_to_the_one_chosen(shop):
    reading = native(shop, ["POINT(355000 6689000)"], "EPSG:3947")
    found, notices = find_geometry(shop.engine, reading, [], Corrections(crs="Lambert 93"))
    assert (found.crs, [notice.code for notice in notices]) == ("EPSG:2154", ["crs-overridden"])


def test_summary_of_a_finished_file(shop):
    path = shop.directory / "f.parquet"
    shop.engine.execute(
        "COPY (SELECT unnest(['POINT(1 2)', 'MULTIPOINT(3 4, 5 9)', NULL])::GEOMETRY AS g) "
        f"TO '{path}' (FORMAT parquet)"
    )
    staged = summarise(shop.engine, path, "g", GeometryFound("native", ("g",), crs="EPSG:2154"))
    assert (staged.types, staged.bbox, staged.original_crs) == (("Point", "MultiPoint"), (1, 2, 5, 9), "EPSG:2154")
    shop.engine.execute(f"COPY (SELECT NULL::GEOMETRY AS g) TO '{path}' (FORMAT parquet)")
    assert summarise(shop.engine, path, "g", GeometryFound("native", ("g",))).bbox is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EPSG:2154", "EPSG:2154"), ("2154", "EPSG:2154"), ("urn:ogc:def:crs:EPSG::3947", "EPSG:3947"),
        ("urn:ogc:def:crs:EPSG:6.9:2154", "EPSG:2154"), ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"),
        ("http://www.opengis.net/def/crs/EPSG/0/3857", "EPSG:3857"), ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84"),
        ("EPSG:4326", "OGC:CRS84"), ("WGS 84", "OGC:CRS84"), ("Lambert 93", "EPSG:2154"), ("RGF93 / Lambert-93", "EPSG:2154"),
        ("RGF93 v1 / CC47", "EPSG:3947"), ("RGF93 / CC50", "EPSG:3950"), ("RGR92 / UTM zone 40S", "EPSG:2975"),
        ("RGFG95 / UTM zone 22N", "EPSG:2972"), ("WGS 84 / UTM zone 20N", "EPSG:32620"), ("WGS_1984_UTM_Zone_40S", "EPSG:32740"),
        ('PROJCS["RGF_1993_CC47",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993"]]]', "EPSG:3947"),
        ('PROJCS["RGF93_Lambert_93",GEOGCS["GCS_RGF_1993"]]', "EPSG:2154"),
        ('GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]', "OGC:CRS84"),
        ('PROJCS["x",GEOGCS["y",AUTHORITY["EPSG","4171"]],AUTHORITY["EPSG","2154"]]', "EPSG:2154"),
        ('PROJCRS["x",BASEGEOGCRS["y",ID["EPSG",4171]],ID["EPSG",3948]]', "EPSG:3948"),
    ],
)  # fmt: skip
def test_names_of_systems(text, code):
    assert crs.parse(text) == code


@pytest.mark.parametrize(
    "text", ["", "Mars 2000", "EPSG", "EPSG:", 'PROJCS["Inconnu",GEOGCS["y",AUTHORITY["EPSG","4171"]]]']
)
def test_unknown_systems_are_refused(text):
    with pytest.raises(CrsNotSupported):
        crs.parse(text)


@given(st.floats(-4.5, 8), st.floats(42.5, 50.9))
def test_french_positions_in_degrees_are_never_taken_for_metres(lon, lat):
    assume(lon != 0)
    assert crs.from_bounds((lon, lat, lon, lat)) == "OGC:CRS84"


def test_two_columns_of_degrees_are_preferred_to_one_of_text(shop):
    table = Table(
        shop, coordonneesXY=["[-1.55,47.21]"], consolidated_latitude=["47.21"], consolidated_longitude=["-1.55"]
    )
    assert table.find()[0].columns == ("consolidated_latitude", "consolidated_longitude")
