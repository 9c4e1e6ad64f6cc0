"""Exports in another reference system, against an independent PROJ, to the millimetre."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.oracles import Oracle

PYPROJ = Oracle("pyproj-3.7.2", ("pyproj==3.7.2",))
PROGRAM = Path(__file__).with_name("reprojected.py")
SYSTEMS = (2154, 3857, 3947, 32630, 4171, 3035, 2975)
"""Lambert-93, Web Mercator, CC47, UTM 30N, RGF93, LAEA Europe, Réunion: metres and degrees, none needs a grid."""
POINTS = [[-1.6, 47.2], [-1.5, 47.2], [-1.5, 47.3], [-1.6, 47.3], [-1.6, 47.2]]


def expected(epsg: int, points: list[list[float]]) -> list[list[float]]:
    return json.loads(PYPROJ.run(PROGRAM, str(epsg), text=json.dumps(points)))


def close(found, wanted, epsg: int) -> None:
    step = 1e-8 if epsg == 4171 else 1e-3  # a millimetre
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert abs(one[0] - other[0]) < step
        assert abs(one[1] - other[1]) < step


@pytest.mark.parametrize("epsg", SYSTEMS)
def test_coordinates_are_those_of_proj(api, epsg):
    wanted = expected(epsg, POINTS)
    geojson = json.loads(api.export("geojson", epsg=epsg))
    assert geojson["crs"] == {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}}
    feature = geojson["features"][0]
    close(feature["geometry"]["coordinates"][0], wanted, epsg)
    assert feature["properties"]["centre"] == {"lon": -1.5536, "lat": 47.2184}, "by definition longitude and latitude"
    for row in (
        json.loads(api.export("json", epsg=epsg))[0],
        json.loads(api.export("jsonl", epsg=epsg).split(b"\n")[0]),
    ):
        close(row["contour"]["geometry"]["coordinates"][0], wanted, epsg)
        assert row["centre"] == {"lon": -1.5536, "lat": 47.2184}


def test_the_point_is_drawn_where_there_is_no_shape(api):
    (wanted,) = expected(2154, [[-1.5536, 47.2184]])
    geojson = json.loads(api.export("geojson", epsg=2154, select="nom, centre", limit=1))
    close([geojson["features"][0]["geometry"]["coordinates"]], [wanted], 2154)


def test_geoparquet_names_the_system_and_moves_everything(api):
    (wanted,) = expected(2154, [[-1.5536, 47.2184]])
    table = pq.read_table(io.BytesIO(api.export("parquet", epsg=2154)))
    described = json.loads(table.schema.metadata[b"geo"])["columns"]
    assert {name: one["crs"]["id"] for name, one in described.items()} == {
        name: {"authority": "EPSG", "code": 2154} for name in ("centre", "contour")
    }
    close([struct.unpack("<dd", table["centre"][0].as_py()[5:21])], [wanted], 2154)


def test_shapefile_and_flatgeobuf_say_their_system(api, tmp_path):
    archive = zipfile.ZipFile(io.BytesIO(api.export("shp", epsg=2154)))
    (prj,) = (archive.read(one) for one in archive.namelist() if one.endswith(".prj"))
    assert b"Lambert" in prj
    (shp,) = (archive.read(one) for one in archive.namelist() if one.endswith(".shp"))
    corners = expected(2154, POINTS)
    assert struct.unpack("<dd", shp[36:52]) == pytest.approx(
        [min(x for x, _ in corners), min(y for _, y in corners)], abs=1e-3
    )
    assert b"2154" in api.export("fgb", epsg=2154)[:2000]


@pytest.mark.parametrize("kind", ["kml", "gpx", "ov2", "turtle"])
def test_formats_of_longitude_and_latitude_stay_so(api, kind):
    query = {"select": "nom, centre"}
    assert api.export(kind, epsg=2154, **query) == api.export(kind, **query)


@pytest.mark.parametrize("epsg", ["999999", "0", "-1", "5720", "4978", "99999999999999"])
def test_what_is_no_system_is_refused_before_the_first_byte(api, epsg):
    answer = api.get("/exports/geojson", epsg=epsg)
    assert answer.status_code == 400
    assert answer.json() == {
        "error_code": "InvalidRESTParameterError",
        "message": f"Invalid value for epsg API parameter: {epsg} was found but the EPSG code of a projected or "
        "geographic system is expected.",
    }


def test_a_place_that_the_system_does_not_know_is_missing(client, publish):
    from tests.publish.contents.conftest import ROWS, Api

    publish("poles", ROWS.replace("ST_Point(-1.5536, 47.2184)", "ST_Point(0, 91)"))
    geojson = json.loads(Api(client, "poles").export("geojson", epsg=3857, select="nom, centre"))
    assert geojson["features"][0]["geometry"] is None
    assert geojson["features"][1]["geometry"] is not None
