"""GeoJSON and JSON records, compared with Python's own reader: no value may change on the way."""

from __future__ import annotations

import gzip
import json

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.capture.errors import TooManyColumns
from bocage.capture.formats.geojson import GeoJson
from bocage.capture.formats.json_records import JsonRecords
from bocage.capture.positions.errors import (
    BadGeometry,
    CutJson,
    JsonKindNotSupported,
    JsonNotUtf8,
    JsonWithoutRecords,
    LayerAbsent,
    MalformedJson,
)
from bocage.catalog.vocabulary import FieldType

GEOJSON, JSON = GeoJson(), JsonRecords()
POINT = {"type": "Point", "coordinates": [-1.55, 47.21]}


def feature(properties, geometry=POINT, **more):
    return {"type": "Feature", **more, "properties": properties, "geometry": geometry}


def collection(*features, **more):
    return {"type": "FeatureCollection", **more, "features": list(features)}


def same(value, expected, kind):
    """A value as staged, against the one that Python reads in the document."""
    if kind == FieldType.OBJECT:
        return (None if value is None else json.loads(value)) == expected
    if kind in (FieldType.STRING, None) and expected is not None and not isinstance(expected, str):
        return json.loads(value) == expected
    return value == expected


def check_against_python(shop, reading, records):
    rows = shop.rows(reading)
    assert len(rows) == len(records)
    kinds = {column.label: column.type for column in reading.columns}
    assert set(kinds) == {key for record in records for key in record}
    for row, record in zip(rows, records, strict=True):
        for label, kind in kinds.items():
            assert same(row[label], record.get(label), kind), label


@pytest.mark.parametrize(
    "name",
    ["geo/44/communes-44.geojson", "geo/nantes-metropole/communes.geojson", "geo/44/departement-44.geojson",
     "json/amenagements-cyclables-exemple-valide.json"],
)  # fmt: skip
def test_real_geojson(shop, shared_data, name):
    document = json.loads((shared_data / name).read_text(encoding="utf-8"))
    features = document.get("features", [document])
    reading = shop.read(GEOJSON, shared_data / name)
    check_against_python(shop, reading, [item["properties"] for item in features])
    for shape, item in zip(shop.shapes(reading), features, strict=True):
        assert shapely.equals_exact(shape, shapely.force_2d(shapely.geometry.shape(item["geometry"])), tolerance=0)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("nantes/dechets/conteneurs-nantes.json", []),
        ("nantes/dechets/ods-v1-records-trisacs-nantes.json", []),
        ("geo/nantes-metropole/communes.json", []),
        ("geo/nantes-metropole/epci.json", ["membres"]),
        ("geo/decoupage/departements.json", []),
        ("geo/decoupage/communes.json.gz", []),
        ("geo/decoupage/epci.json.gz", []),
        ("gbfs/station_information.2.2.json", ["data", "stations"]),
        ("gbfs/station_status.2.2.json", ["data", "stations"]),
        ("gbfs/free_bike_status.2.2.json", ["data", "bikes"]),
        ("json/decp/concessions.json", ["marches", "contrat-concession"]),
        ("json/decp/marches_concessions.json", ["marches", "marche"]),
    ],
)
def test_real_json(shop, shared_data, name, path):
    content = (shared_data / name).read_bytes()
    content = gzip.decompress(content) if name.endswith(".gz") else content
    records = json.loads(content)
    for key in path:
        records = records[key]
    reading = shop.read(JSON, shop.write("d.json", content))
    assert reading.layer == ".".join(path)
    check_against_python(shop, reading, records)


def test_codes_stay_codes_and_dates_are_left_to_inference(shop):
    records = [
        {"insee": "44109", "cp": "01004", "jour": "2024-01-31", "siret": 12345678901234567890, "n": 9007199254740993}
    ]
    reading = shop.read(JSON, shop.write("d.json", json.dumps(records)))
    assert {column.label: column.type for column in reading.columns} == {
        "insee": FieldType.STRING, "cp": FieldType.STRING, "jour": None, "siret": FieldType.STRING, "n": FieldType.INTEGER,
    }  # fmt: skip
    assert shop.rows(reading)[0]["siret"] == "12345678901234567890"
    assert shop.rows(reading)[0]["n"] == 9007199254740993


def test_names_that_differ_by_case_or_hold_anything(shop):
    record = {"Code": "a", "code": "b", 'é"q': 1, "a/b": 2, "~": 3, "": 4, "a.b": 5, "geometry": "g", "$": 6, "0": 7}
    reading = shop.read(JSON, shop.write("d.json", json.dumps([record])))
    assert shop.rows(reading) == [record]
    assert len({column.name.lower() for column in reading.columns}) == len(record)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), min_size=1, max_size=4))
def test_any_property_comes_out_as_it_went_in(shop, records):
    document = collection(*(feature(record) for record in records))
    reading = shop.read(GEOJSON, shop.write("d.geojson", json.dumps(document, ensure_ascii=False, indent=1)))
    check_against_python(shop, reading, records)


def test_mixed_types_become_text_without_loss_and_it_is_told(shop):
    records = [{"v": 1}, {"v": "01"}, {"v": {"a": 1}}, {"v": None}, {"v": True}]
    reading = shop.read(JSON, shop.write("d.json", json.dumps(records)))
    assert [row["v"] for row in shop.rows(reading)] == ["1", "01", '{"a":1}', None, "true"]
    assert [notice.code for notice in reading.notices] == ["mixed-types"]


def test_the_nan_that_python_writes_is_a_missing_value(shop):
    reading = shop.read(JSON, shop.write("d.json", '[{"a": NaN, "b": "NaN"}, {"a": 1.5, "b": null}]'))
    assert shop.rows(reading) == [{"a": None, "b": "NaN"}, {"a": 1.5, "b": None}]


def test_lists_of_texts_are_arrays(shop):
    reading = shop.read(JSON, shop.write("d.json", '[{"l":["a","b"]},{"l":[]},{"l":null}]'))
    assert reading.columns[0].type == FieldType.ARRAY
    assert [row["l"] for row in shop.rows(reading)] == [["a", "b"], [], None]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(feature({"a": 1})),
        json.dumps(POINT),
        json.dumps(feature({"a": 1})) + "\n" + json.dumps(feature({"a": 2})) + "\n",
        "\x1e" + json.dumps(feature({"a": 1}), indent=2) + "\n\x1e" + json.dumps(feature({"a": 2})) + "\n",
        "\ufeff" + json.dumps(collection(feature({"a": 1}))),
        json.dumps({"features": [feature({"a": 1})], "type": "FeatureCollection", "bbox": [1, 2, 3, 4]}),
        json.dumps(collection(feature({"a": "]}"}), name='x"]}', crs=None), indent=3),
    ],
    ids=["feature", "geometry", "one per line", "sequence", "bom", "type after", "brackets in texts"],
)
def test_every_form_of_geojson(shop, text):
    reading = shop.read(GEOJSON, shop.write("d.geojson", text))
    assert {shape.wkt for shape in shop.shapes(reading)} == {"POINT (-1.55 47.21)"}
    assert reading.row_estimate == text.count('"Point"')


def test_the_id_of_features_is_kept_and_does_not_hide_a_property(shop):
    document = collection(feature({"id": "b"}, id="a"), feature({"id": "c"}, id=7))
    reading = shop.read(GEOJSON, shop.write("d.geojson", json.dumps(document)))
    assert [column.label for column in reading.columns] == ["id", "id"]
    names = ", ".join(f'"{column.name}"' for column in reading.columns)
    assert shop.engine.execute(f"SELECT {names} FROM ({reading.sql})") == [("a", "b"), ("7", "c")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("urn:ogc:def:crs:EPSG::2154", "EPSG:2154"),
        ("EPSG:3947", "EPSG:3947"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"),
    ],
)
def test_the_crs_member_of_2008(shop, name, expected):
    document = collection(feature({"a": 1}), crs={"type": "name", "properties": {"name": name}})
    assert shop.read(GEOJSON, shop.write("d.geojson", json.dumps(document))).geometry.crs == expected


def test_geojson_in_lambert_without_saying_so(shop):
    document = collection(feature({"a": 1}, {"type": "Point", "coordinates": [355000, 6689000]}))
    reading = shop.read(GEOJSON, shop.write("d.geojson", json.dumps(document)))
    found, notices = shop.geometry(reading)
    assert found.crs == "EPSG:2154"
    assert [notice.code for notice in notices] == ["crs-inferred"]


def test_an_open_ring_is_refused_with_its_record(shop):
    bad = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}
    path = shop.write("d.geojson", json.dumps(collection(feature({}), feature({}, bad), feature({}, None))))
    with pytest.raises(BadGeometry) as error:
        shop.read(GEOJSON, path)
    assert error.value.fields == {"record": 2, "count": 1}


@pytest.mark.parametrize("geometry", [{"type": "Point", "coordinates": ["1", 2]}, {"type": "Circle"}, {}, 12])
def test_a_geometry_that_is_not_one_is_refused(shop, geometry):
    path = shop.write("d.geojson", json.dumps(collection(feature({"a": 1}, geometry))))
    with pytest.raises(BadGeometry):
        shop.read(GEOJSON, path)


def test_a_shape_that_crosses_itself_is_kept_and_told(shop):
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    reading = shop.read(GEOJSON, shop.write("d.geojson", json.dumps(collection(feature({"a": 1}, bow)))))
    assert [(notice.code, notice.fields["record"]) for notice in reading.notices] == [("geometry-invalid", 1)]


def test_a_cut_file_says_where_it_stops(shop):
    text = json.dumps(collection(*(feature({"n": n}) for n in range(50))), indent=1)
    lines = text.splitlines()
    cut = text.index('"n": 30') + 3
    with pytest.raises(CutJson) as error:
        shop.read(GEOJSON, shop.write("d.geojson", text[:cut]))
    begun = [at for at, line in enumerate(lines, 1) if '"type": "Feature"' in line and "Collection" not in line][30] - 1
    assert begun <= error.value.fields["line"] <= text[:cut].count("\n") + 1


@pytest.mark.parametrize("cut", range(1, 200, 13))
def test_any_cut_is_refused(shop, cut):
    text = json.dumps(collection(feature({"a": "é", "b": [1, {"c": 2}]}), feature({"a": "x"}), name="couche"))
    with pytest.raises((CutJson, MalformedJson, JsonNotUtf8, JsonWithoutRecords)):
        GEOJSON.read(shop.write("d.geojson", text.encode()[: min(cut, len(text.encode()) - 1)]), shop.engine, None)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('[{"a": 1},\n {"a": }]', 2, 8),
        ('[{"a": 1}\n {"a": 2}]', 2, 2),
        ('{"a": 1}\n{"a": tru}\n', 2, 7),
        ('[{"a": 1}] [', 1, 12),
        ('[{"a": "x\ty"}]', 1, 10),
    ],
)
def test_malformed_json_is_located(shop, text, line, column):
    with pytest.raises((MalformedJson, CutJson)) as error:
        shop.read(JSON, shop.write("d.json", text))
    assert (error.value.fields["line"], error.value.fields["column"]) == (line, column)


def test_another_encoding_is_located(shop):
    with pytest.raises(JsonNotUtf8) as error:
        shop.read(JSON, shop.write("d.json", '[{"a": 1},\n {"a": "é"}]'.encode("latin-1")))
    assert (error.value.fields["line"], error.value.fields["column"]) == (2, 9)


def test_opendatasoft_v1_records_are_brought_up(shop):
    document = {
        "nhits": 1,
        "records": [{"datasetid": "x", "recordid": "r1", "fields": {"nom": "A", "n": 1}, "geometry": POINT}],
    }
    reading = shop.read(JSON, shop.write("d.json", json.dumps(document)))
    assert [notice.code for notice in reading.notices] == ["wrapped-records", "records-flattened"]
    assert [column.label for column in reading.columns] == ["recordid", "geometry", "nom", "n"]
    assert [shape.wkt for shape in shop.shapes(reading)] == ["POINT (-1.55 47.21)"]


def test_several_lists_are_layers(shop):
    path = shop.write("d.json", json.dumps({"communes": [{"a": 1}], "epci": [{"b": 2}, {"b": 3}], "version": 1}))
    reading = shop.read(JSON, path)
    assert [layer.name for layer in reading.layers] == ["communes", "epci"]
    assert reading.layer == "epci"
    assert shop.rows(shop.read(JSON, path, layer="communes")) == [{"a": 1}]
    with pytest.raises(LayerAbsent):
        shop.read(JSON, path, layer="autre")


def test_what_is_not_a_table_is_refused(shop, shared_data):
    for text in ("[1, 2, 3]", '[["a"], ["b"]]', "{}", '{"a": {"b": {"c": 1}}}'):
        with pytest.raises(JsonWithoutRecords):
            shop.read(JSON, shop.write("d.json", text))
    with pytest.raises(JsonWithoutRecords):
        shop.read(JSON, shared_data / "gtfs" / "mobilitydata-rules.json")
    with pytest.raises(JsonKindNotSupported):
        shop.read(JSON, shared_data / "3d" / "delft.json")


def test_keys_that_are_data_are_refused_early(shop):
    records = [{f"k{row}-{n}": 1 for n in range(50)} for row in range(60)]
    with pytest.raises(TooManyColumns):
        shop.read(JSON, shop.write("d.json", json.dumps(records)))


def test_json_that_only_contains_a_geometry_is_not_geojson():
    assert not GEOJSON.recognises(json.dumps({"results": [{"geo": POINT}]}).encode(), "d.json")
    assert not GEOJSON.recognises(json.dumps([{"type": "Feature"}]).encode(), "d.json")
    assert not GEOJSON.recognises(b"type,nom\n", "d.geojson")
