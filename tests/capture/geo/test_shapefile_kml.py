"""What is particular to shapefiles (encodings, deleted rows, dates) and to KML (folders, extended data, hostile XML)."""

from __future__ import annotations

import struct

import numpy as np
import pyogrio
import pytest
import shapely

from bocage.capture.errors import UnknownEncoding
from bocage.capture.formats.kml import Kml
from bocage.capture.formats.shapefile import Shapefile
from bocage.capture.geographic.shapefile_parts import code_page
from bocage.capture.positions.errors import BadGeometry, LayerAbsent, MalformedXml, NoLayer, UnsafeXml
from bocage.catalog.vocabulary import FieldType
from tests.capture.geo import samples

TEXT = "Éàç œ€ ’"


@pytest.fixture
def make(tmp_path):
    """A shapefile with one text column `libellé`, its bytes in `encoding`; with or without what declares it."""

    def write(encoding, text=TEXT, *, cpg=None, driver=0):
        path = tmp_path / "a.shp"
        pyogrio.raw.write(str(path), shapely.to_wkb(shapely.points([[1.0, 2.0]] * 3)),
                          [np.array([text, "b", None], dtype=object)], ["libellé"], crs="EPSG:4326", geometry_type="Point",
                          driver="ESRI Shapefile", encoding=encoding)  # fmt: skip
        path.with_suffix(".cpg").unlink(missing_ok=True)
        if cpg:
            path.with_suffix(".cpg").write_text(cpg)
        dbf = bytearray(path.with_suffix(".dbf").read_bytes())
        dbf[29] = driver
        path.with_suffix(".dbf").write_bytes(dbf)
        return path

    return write


@pytest.mark.parametrize(
    ("encoding", "text", "declared"),
    [
        ("UTF-8", TEXT, {"cpg": "UTF-8"}), ("UTF-8", TEXT, {"cpg": "65001"}), ("UTF-8", TEXT, {}),
        ("UTF-8", TEXT, {"driver": 0x57}), ("CP1252", TEXT, {"cpg": "1252"}), ("CP1252", TEXT, {"cpg": "ANSI 1252"}),
        ("CP1252", TEXT, {}), ("CP1252", TEXT, {"driver": 0x57}), ("ISO-8859-1", "Éàç", {"cpg": "ISO-8859-1"}),
        ("ISO-8859-1", "Éàç", {"cpg": "88591"}), ("CP850", "Éàç", {"driver": 2}), ("CP850", "Éàç", {"cpg": "850"}),
        ("ISO-8859-15", "Éàç œ€", {"cpg": "ISO 8859-15"}),
    ],
)  # fmt: skip
def test_accents_are_right(shop, make, encoding, text, declared):
    reading = shop.read(Shapefile(), make(encoding, text, **declared))
    assert [row["libellé"] for row in shop.rows(reading)] == [text, "b", None]
    told = "shapefile-encoding-assumed" in [notice.code for notice in reading.notices]
    assert told == (not declared or (encoding == "UTF-8" and "driver" in declared))


def test_the_encoding_chosen_by_hand_wins(shop, make):
    path = make("CP850", "Éàç", cpg="1252")
    assert shop.rows(shop.read(Shapefile(), path, encoding="cp850"))[0]["libellé"] == "Éàç"
    with pytest.raises(UnknownEncoding):
        shop.read(Shapefile(), path, encoding="martien")


@pytest.mark.parametrize(
    ("text", "codec"), [("UTF-8", "utf-8"), ("Windows-1252", "cp1252"), ("OEM 850", "cp850"), ("xyz", None)]
)
def test_names_of_code_pages(text, codec):
    assert code_page(text) == codec


def test_deleted_rows_are_left_out_and_the_order_is_kept(shop, tmp_path):
    path = samples.written(tmp_path, "points", 2154, "shp")
    dbf = bytearray(path.with_suffix(".dbf").read_bytes())
    start, width = struct.unpack_from("<HH", dbf, 8)
    dbf[start + width] = ord("*")
    path.with_suffix(".dbf").write_bytes(dbf)
    reading = shop.read(Shapefile(), path)
    assert [row["code"] for row in shop.rows(reading)] == ["01004", "44109"]
    assert len(shop.shapes(reading)) == 2


def test_types_of_a_dbf(shop, tmp_path):
    path = tmp_path / "a.shp"
    columns = [np.array(["2024-01-31", "NaT"], dtype="datetime64[D]"), np.array([2**53 + 1, -5], dtype="int64"),
               np.array([1.5, np.nan]), np.array(["44109", "01004"], dtype=object),
               np.array(["12 rue", "b"], dtype=object)]  # fmt: skip
    pyogrio.raw.write(str(path), shapely.to_wkb(shapely.points([[1.0, 2.0]] * 2)), columns,
                      ["jour", "entier", "reel", "insee", "rue"], crs="EPSG:4326", geometry_type="Point",
                      driver="ESRI Shapefile", encoding="UTF-8")  # fmt: skip
    reading = shop.read(Shapefile(), path)
    assert {column.label: column.type for column in reading.columns} == {
        "jour": FieldType.DATE, "entier": FieldType.INTEGER, "reel": FieldType.NUMBER, "insee": FieldType.STRING, "rue": None,
    }  # fmt: skip
    first = shop.rows(reading)[0]
    assert (str(first["jour"]), first["entier"], first["reel"], first["insee"]) == (
        "2024-01-31",
        2**53 + 1,
        1.5,
        "44109",
    )


def test_without_a_prj_the_system_is_inferred_and_told(shop, tmp_path):
    path = samples.written(tmp_path, "polygons", 3947, "shp")
    path.with_suffix(".prj").unlink()
    reading = shop.read(Shapefile(), path)
    assert reading.geometry.crs == ""
    found, notices = shop.geometry(reading)
    assert [notice.code for notice in notices] == ["crs-inferred"]
    assert found.crs == "EPSG:3947"


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>Tout</name>
<Style id="s"><LineStyle><color>ff0000ff</color></LineStyle></Style>
<Folder><name>Équipements</name>
 <Placemark><name>Mairie &amp; école</name><description><![CDATA[<b>ici</b>]]></description>
  <ExtendedData><Data name="code"><displayName>Code</displayName><value>01004</value></Data>
   <SchemaData schemaUrl="#x"><SimpleData name="insee">44109</SimpleData></SchemaData></ExtendedData>
  <Point><coordinates>-1.55, 47.21, 12</coordinates></Point></Placemark>
 <Placemark><name>plusieurs</name><MultiGeometry><Point><coordinates>1,2</coordinates></Point>
  <Point><coordinates>3,4</coordinates></Point></MultiGeometry></Placemark>
 <Placemark><name>rien</name></Placemark>
</Folder>
<Folder><name>Zones</name>
 <Placemark><TimeSpan><begin>2024-01-01</begin></TimeSpan><Polygon><outerBoundaryIs><LinearRing><coordinates>
   0,0,0 10,0,0
   10,10,0 0,0,0 </coordinates></LinearRing></outerBoundaryIs><innerBoundaryIs><LinearRing>
   <coordinates>5,1 6,1 6,2 5,1</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark>
 <Placemark><gx:Track><gx:coord>1 2 3</gx:coord><gx:coord>4 5 6</gx:coord></gx:Track></Placemark>
</Folder></Document></kml>"""


def test_folders_are_layers_and_extended_data_are_columns(shop):
    path = shop.write("a.kml", KML)
    reading = shop.read(Kml(), path)
    assert [(layer.name, layer.rows) for layer in reading.layers] == [("Équipements", 3), ("Zones", 2)]
    assert shop.rows(reading)[0] == {
        "name": "Mairie & école", "description": "<b>ici</b>", "code": "01004", "insee": "44109",
    }  # fmt: skip
    assert [shape and shape.wkt for shape in shop.shapes(reading)] == [
        "POINT (-1.55 47.21)", "MULTIPOINT ((1 2), (3 4))", None,
    ]  # fmt: skip
    zones = shop.read(Kml(), path, layer="Zones")
    assert [shape.wkt for shape in shop.shapes(zones)] == [
        "POLYGON ((0 0, 10 0, 10 10, 0 0), (5 1, 6 1, 6 2, 5 1))", "LINESTRING (1 2, 4 5)",
    ]  # fmt: skip
    with pytest.raises(LayerAbsent):
        shop.read(Kml(), path, layer="Autre")


def test_a_kml_written_by_gdal(shop, tmp_path):
    path = tmp_path / "a.kml"
    shapes = samples.KINDS["polygons"]
    pyogrio.raw.write(str(path), shapely.to_wkb(np.array(shapes, dtype=object)), [np.array(samples.CODES[:2], dtype=object)],
                      ["code"], crs="EPSG:4326", geometry_type="Polygon", driver="KML")  # fmt: skip
    reading = shop.read(Kml(), path)
    assert [row["code"] for row in shop.rows(reading)] == samples.CODES[:2]
    for shape, expected in zip(shop.shapes(reading), shapes, strict=True):
        assert shapely.hausdorff_distance(shape, expected) < 1e-7


def test_hostile_or_broken_kml(shop):
    bomb = '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><kml><Placemark/></kml>'
    with pytest.raises(UnsafeXml):
        shop.read(Kml(), shop.write("a.kml", bomb))
    outside = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><name>&x;</name></kml>'
    with pytest.raises(UnsafeXml):
        shop.read(Kml(), shop.write("a.kml", outside))
    with pytest.raises(MalformedXml) as error:
        shop.read(Kml(), shop.write("a.kml", KML[: KML.index("plusieurs")]))
    assert error.value.fields["line"] == 9
    with pytest.raises(NoLayer):
        shop.read(Kml(), shop.write("a.kml", "<kml><Document><name>vide</name></Document></kml>"))
    with pytest.raises(BadGeometry) as refused:
        shop.read(Kml(), shop.write("a.kml", KML.replace("1,2</coordinates>", "1,nord</coordinates>")))
    assert refused.value.fields == {"record": 2, "count": 1}
