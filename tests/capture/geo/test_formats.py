"""Each format × reference system × kind of shape, compared with the shapes that an independent library wrote."""

from __future__ import annotations

import pytest
import shapely

from bocage.capture.formats.flatgeobuf import FlatGeobuf
from bocage.capture.formats.geojson import GeoJson
from bocage.capture.formats.geopackage import GeoPackage
from bocage.capture.formats.parquet import Parquet
from bocage.capture.formats.shapefile import Shapefile
from bocage.catalog.vocabulary import FieldType
from tests.capture.geo import samples

FORMATS = {"gpkg": GeoPackage(), "shp": Shapefile(), "fgb": FlatGeobuf(), "geojson": GeoJson(), "parquet": Parquet()}


# Every kind of shape in degrees and in Lambert-93; for the other systems the projection is what is tested.
KINDS = {
    4326: tuple(samples.KINDS),
    2154: tuple(samples.KINDS),
    3947: ("points", "multi"),
    3857: ("with null", "polygons"),
}


@pytest.mark.parametrize("epsg", KINDS)
@pytest.mark.parametrize("extension", FORMATS)
def test_shapes_and_values_are_those_written(shop, extension, epsg):
    for kind in KINDS[epsg]:
        folder = shop.directory / kind
        folder.mkdir()
        reading = shop.read(FORMATS[extension], samples.written(folder, kind, epsg, extension))
        assert reading.geometry is not None
        assert reading.geometry.crs == ("OGC:CRS84" if epsg == 4326 else f"EPSG:{epsg}")
        _check_shapes(shop.shapes(reading), samples.KINDS[kind])
        _check_values(shop.rows(reading), len(samples.KINDS[kind]))


def _check_shapes(shapes, expected):
    for found, original in zip(shapes, expected, strict=True):
        assert (found is None) == (original is None)
        if found is None:
            continue
        shape = _like(found, original)
        assert not shape.has_z
        assert shape.geom_type == original.geom_type
        assert shapely.get_num_coordinates(shape) == shapely.get_num_coordinates(original)
        assert shapely.hausdorff_distance(shape, original) < 1e-7
        assert shape.symmetric_difference(original).area < 1e-9


def _check_values(rows, count):
    assert [row["code"] for row in rows] == samples.CODES[:count]
    assert [row["n"] for row in rows] == samples.BIG[:count]
    assert [row["nom"] for row in rows] == ["Île d’Yeu", "Œuf", "çà"][:count]


def _like(shape, original):
    """Shapefiles do not tell a multiple shape of one part from that part alone."""
    if original.geom_type.startswith("Multi") and not shape.geom_type.startswith("Multi"):
        return type(original)([shape])
    return shape


@pytest.mark.parametrize("extension", ["gpkg", "geojson", "parquet", "fgb"])
def test_an_empty_shape_is_no_shape(shop, monkeypatch, extension):
    monkeypatch.setitem(samples.KINDS, "empty", [shapely.Point(-1.5, 47.2), shapely.from_wkt("POINT EMPTY")])
    monkeypatch.setitem(samples.TYPES, "empty", "Point")
    reading = shop.read(FORMATS[extension], samples.written(shop.directory, "empty", 4326, extension))
    assert [shape is None for shape in shop.shapes(reading)] == [False, True]
    _, notices = shop.geometry(reading)
    assert [(notice.code, notice.fields["count"]) for notice in notices] == [("geometry-empty", 1)]


@pytest.mark.parametrize("extension", FORMATS)
def test_codes_are_texts_and_integers_are_integers(shop, extension):
    reading = shop.read(FORMATS[extension], samples.written(shop.directory, "points", 2154, extension))
    types = {column.label: column.type for column in reading.columns}
    assert types["n"] == FieldType.INTEGER
    assert types["code"] in (FieldType.STRING, None)
    assert reading.row_estimate == 3


def test_layers_of_a_geopackage(shop, shared_data):
    import pyogrio

    file = shop.bring(shared_data / "cql2" / "ne110m4cql2.gpkg")
    names = [name for name, _ in pyogrio.list_layers(str(file))]
    first = shop.read(GeoPackage(), file)
    assert [layer.name for layer in first.layers] == names
    assert first.layer == names[0]
    assert any(notice.code == "other-layers" for notice in first.notices)
    for name in names:
        reading = shop.read(GeoPackage(), file, layer=name)
        meta, _, wkb, values = pyogrio.raw.read(str(file), layer=name)
        assert reading.row_estimate == len(wkb)
        for expected, shape in zip(wkb, shop.shapes(reading), strict=True):
            assert shapely.normalize(shapely.force_2d(shapely.from_wkb(expected))).equals(shapely.normalize(shape))
        rows = shop.rows(reading)
        for field, column in zip(meta["fields"], values, strict=True):
            if column.dtype == object:
                assert [row[field] for row in rows] == list(column)


def test_a_geopackage_table_without_geometry(shop):
    import numpy as np
    import pyogrio

    path = shop.directory / "attributs.gpkg"
    pyogrio.raw.write(str(path), None, [np.array(["01004", "44109"], dtype=object)], ["code"], driver="GPKG",
                      layer="liste", geometry_type=None, crs=None)  # fmt: skip
    reading = shop.read(GeoPackage(), path)
    assert reading.geometry is None
    assert [row["code"] for row in shop.rows(reading)] == ["01004", "44109"]


def test_parquet_types_are_kept(shop):
    import datetime as dt
    import decimal

    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({
        "code": ["01004", None], "grand": pa.array([2**64 - 1, 1], pa.uint64()), "simple": pa.array([0.1, 2], pa.float32()),
        "prix": pa.array([decimal.Decimal("1.10"), None], pa.decimal128(10, 2)), "jour": [dt.date(2024, 1, 1), None],
        "instant": pa.array([dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC), None], pa.timestamp("us", "Europe/Paris")),
        "mots": [["a", "b"], None], "nombres": [[1], [2, 3]], "objet": [{"a": 1}, None], "octets": [b"\x00\xff", None],
    })  # fmt: skip
    pq.write_table(table, shop.directory / "t.parquet")
    reading = shop.read(Parquet(), shop.directory / "t.parquet")
    first = shop.rows(reading)[0]
    assert first["grand"] == 2**64 - 1
    assert first["simple"] == 0.1
    assert first["prix"] == decimal.Decimal("1.10")
    assert first["instant"].startswith("2024-07-01 12:00:00+00")
    assert first["mots"] == ["a", "b"]
    assert (first["nombres"], first["objet"], first["octets"]) == ("[1]", '{"a":1}', "AP8=")
    assert [c.type for c in reading.columns] == [
        FieldType.STRING, FieldType.NUMBER, FieldType.NUMBER, FieldType.NUMBER, FieldType.DATE, FieldType.DATETIME,
        FieldType.ARRAY, FieldType.OBJECT, FieldType.OBJECT, FieldType.STRING,
    ]  # fmt: skip


def test_geoparquet_with_an_unknown_system_is_not_taken_for_degrees(shop):
    path = samples.written(shop.directory, "points", 2154, "parquet")
    import json

    import pyarrow.parquet as pq

    table = pq.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])
    geo["columns"]["geom"]["crs"] = None
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    found, notices = shop.geometry(shop.read(Parquet(), path))
    assert found.crs == "EPSG:2154"
    assert [notice.code for notice in notices] == ["crs-inferred"]
