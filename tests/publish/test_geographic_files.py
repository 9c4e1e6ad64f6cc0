"""FlatGeobuf, Shapefile, KML and GPX, read back by GDAL and as XML."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile

import pyogrio
import pytest
import shapely

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.publish.files.errors import MixedShapes, NoGeometry, TooManyRows, UnknownColumn
from bocage.publish.files.formats import Options
from bocage.publish.files.geographic import MOST_SHAPEFILE_ROWS
from tests.publish.engine import FIELDS, POLYGON, Engine
from tests.publish.test_formats import EMPTY, FULL, made

pytestmark = pytest.mark.usefixtures("exports_folder")
GPX = {"g": "http://www.topografix.com/GPX/1/1"}
POINTS = tuple(field for field in FIELDS if field.type != T.GEOMETRY)


@pytest.fixture(scope="module")
def shapes():
    return Engine([FULL, EMPTY])


@pytest.fixture(scope="module")
def points():
    return Engine([FULL[:-1], EMPTY[:-1]], POINTS)


def read(content, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(content)
    meta, _fids, geometry, columns = pyogrio.raw.read(path)
    values = dict(zip(meta["fields"], columns, strict=True))
    return meta, list(shapely.from_wkb(geometry)), values


@pytest.mark.parametrize(("name", "file"), [("fgb", "x.fgb"), ("shp", "x.zip"), ("kml", "x.kml")])
def test_gdal_reads_back_shapes_and_values(shapes, tmp_path, name, file):
    meta, geometry, values = read(made(shapes, name, Options(title="lieux")), tmp_path, file)
    [drawn] = [one for one in geometry if one is not None and not one.is_empty]
    assert shapely.equals_exact(drawn.normalize(), shapely.from_wkt(POLYGON).normalize(), tolerance=1e-9)
    assert "01004" in [str(one) for one in values["code"]], "a code keeps its zero"
    assert FULL[0] in [str(one) for one in values["nom"]]
    assert meta["crs"] == "EPSG:4326"
    assert any("47.21, -1.55" in str(one) for one in values["centre"])


def test_points_are_points(points, tmp_path):
    meta, geometry, _values = read(made(points, "fgb", Options(title="lieux")), tmp_path, "x.fgb")
    assert meta["geometry_type"] == "Point"
    assert shapely.Point(-1.55, 47.21) in geometry


STRANGE = [
    "POLYGON EMPTY",
    "POINT EMPTY",
    "GEOMETRYCOLLECTION EMPTY",
    "MULTIPOINT ((0 0), (1 1))",
    "POINT Z (1 2 3)",
    None,
]


@pytest.fixture(scope="module")
def strange():
    """Shapes without a place or of several parts, as other ways than capture could bring them."""
    return Engine([(*FULL[:-1], shape) for shape in STRANGE])


@pytest.mark.parametrize(("name", "file"), [("fgb", "x.fgb"), ("shp", "x.zip"), ("kml", "x.kml")])
def test_a_shape_without_a_place_is_no_shape(strange, tmp_path, name, file):
    """GDAL fails on them, or takes the process with it."""
    _meta, geometry, values = read(made(strange, name, Options(title="lieux")), tmp_path, file)
    drawn = [shapely.get_coordinates(one).tolist() for one in geometry if one is not None and not one.is_empty]
    assert sorted(drawn) == [[[0, 0], [1, 1]], [[1, 2]]]
    assert len(values["code"]) == len(STRANGE)


def test_a_waypoint_is_one_place(strange):
    with pytest.raises(MixedShapes):
        made(strange, "gpx", Options(title="lieux"))


def test_a_shapefile_is_an_archive_of_its_parts_and_says_its_encoding(shapes):
    content = made(shapes, "shp", Options(title="lieux"))
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert {"lieux.shp", "lieux.shx", "lieux.dbf", "lieux.prj", "lieux.cpg"} <= set(names)


@pytest.mark.parametrize("name", ["fgb", "shp", "kml", "gpx"])
def test_same_rows_same_bytes(shapes, name):
    assert made(shapes, name, Options(title="lieux")) == made(shapes, name, Options(title="lieux"))


def test_long_names_of_a_shapefile_stay_apart(tmp_path):
    fields = (
        Field("surface_batie", T.INTEGER), Field("surface_batie_2", T.INTEGER), Field("SURFACE_BA", T.INTEGER),
        Field("g", T.GEOPOINT),
    )  # fmt: skip
    engine = Engine([(1, 2, 3, "POINT (0 0)")], fields)
    _meta, _geometry, values = read(made(engine, "shp", Options(title="x")), tmp_path, "x.zip")
    assert sorted(int(one[0]) for one in values.values()) == [1, 2, 3]


def test_kinds_of_shapes_are_not_mixed_in_a_shapefile():
    engine = Engine([("POINT (0 0)",), (POLYGON,)], (Field("g", T.GEOMETRY),))
    for name in ("shp", "gpx"):
        with pytest.raises(MixedShapes):
            made(engine, name, Options(title="x"))
    assert made(engine, "fgb", Options(title="x"))


def test_a_shapefile_has_a_limit():
    engine = Engine([("POINT (0 0)",)], (Field("g", T.GEOPOINT),), times=MOST_SHAPEFILE_ROWS + 1)
    with pytest.raises(TooManyRows):
        made(engine, "shp", Options(title="x"))


@pytest.mark.parametrize("name", ["fgb", "shp", "kml", "gpx"])
def test_nothing_to_draw_is_refused_and_no_row_is_a_file(name, tmp_path):
    with pytest.raises(NoGeometry):
        made(Engine([("a",)], (Field("nom", T.STRING),)), name, Options(title="x"))
    assert made(Engine([], FIELDS), name, Options(title="x"))


def test_waypoints_of_gpx_with_their_name_and_description(points):
    options = Options(title="lieux", name_field="nom", description_fields="code,places")
    root = ET.fromstring(made(points, "gpx", options))
    [point] = root.findall("g:wpt", GPX)
    assert (float(point.get("lon")), float(point.get("lat"))) == (-1.55, 47.21)
    assert point.findtext("g:name", namespaces=GPX) == FULL[0]
    assert point.findtext("g:desc", namespaces=GPX) == "01004\n12"
    assert "01004" in [one.text for one in point.find("g:extensions", GPX)]
    without = ET.fromstring(made(points, "gpx", Options(title="lieux", use_extension=False, name_field="code")))
    assert [one for found in without.iterfind(".//g:extensions", GPX) for one in found] == []
    with pytest.raises(UnknownColumn):
        made(points, "gpx", Options(title="lieux", name_field='x" --'))


def test_outlines_of_polygons_are_tracks(shapes):
    root = ET.fromstring(made(shapes, "gpx", Options(title="lieux")))
    positions = [(float(one.get("lon")), float(one.get("lat"))) for one in root.iterfind(".//g:trkpt", GPX)]
    assert positions == [(-1.6, 47.2), (-1.5, 47.2), (-1.5, 47.3), (-1.6, 47.2)]
