"""The same features in every representation, by `f` or by the Accept header."""

from __future__ import annotations

import csv
import io
import json

import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from django.utils import translation

from tests.query.table import ROWS

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/geo+json"), ("*/*", "application/geo+json"), ("application/json", "application/geo+json"),
        ("application/geo+json;q=0.5, text/html", "text/html; charset=utf-8"), ("text/csv", "text/csv; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/vnd.flatgeobuf", "application/vnd.flatgeobuf"),
        ("application/vnd.ogc.fg+json", "application/vnd.ogc.fg+json"), ("image/png, application/*;q=0.1", "application/geo+json"),
    ],
)  # fmt: skip
def test_what_is_accepted_is_given(ask, accept, kind):
    response = ask.raw("collections/lieux/items", headers={"Accept": accept} if accept else None, limit=2)
    assert (response.status_code, response["Content-Type"]) == (200, kind)


def test_what_is_not_offered_is_a_406(ask):
    assert ask.raw("collections/lieux/items", headers={"Accept": "image/png"}).status_code == 406
    assert ask.raw("collections/lieux/items", headers={"Accept": ";;q=,text/html;q=0"}).status_code == 406
    assert ask.raw("collections/lieux/items", headers={"Accept": "image/png"}, f="json").status_code == 200


def test_csv(ask):
    text = ask.raw("collections/lieux/items", f="csv", filter="pop > 20", sortby="-pop").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    kept = sorted((row["pop"] for row in ROWS if row["pop"] is not None and row["pop"] > 20), reverse=True)
    assert [int(row["pop"]) for row in rows] == kept
    assert len(list(csv.DictReader(io.StringIO(ask.raw("collections/lieux/items", f="csv").content.decode())))) == len(
        ROWS
    )


def test_flatgeobuf_in_lambert_93(ask, tmp_path):
    response = ask.raw("collections/lieux/items", f="fgb", crs=f"{EPSG}2154", filter="contour IS NOT NULL")
    path = tmp_path / "lieux.fgb"
    path.write_bytes(response.content)
    described, table = pyogrio.raw.read_arrow(path)
    assert (described["crs"], table.num_rows) == ("EPSG:2154", sum(row["contour"] is not None for row in ROWS))
    page = ask("collections/lieux/items", crs=f"{EPSG}2154", filter="contour IS NOT NULL")
    wanted = {one["properties"]["code"]: shapely.geometry.shape(one["geometry"]) for one in page["features"]}
    geometry = next(name for name in table.column_names if "geom" in name.lower())
    for code, binary in zip(table["code"].to_pylist(), table[geometry].to_pylist(), strict=True):
        assert shapely.hausdorff_distance(shapely.from_wkb(binary), wanted[code]) < 1e-3


def test_geoparquet(ask, tmp_path):
    path = tmp_path / "lieux.parquet"
    path.write_bytes(ask.raw("collections/lieux/items", f="parquet", properties="code", bbox="-2,46,-1,47").content)
    table = pq.read_table(path)
    found = ask("collections/lieux/items", bbox="-2,46,-1,47")["features"]
    assert table["code"].to_pylist() == [one["properties"]["code"] for one in found]
    assert json.loads(table.schema.metadata[b"geo"])["primary_column"] == "contour"


def test_json_fg(ask):
    page = ask("collections/lieux/items", f="jsonfg", crs=f"{EPSG}2154")
    assert (page["featureType"], page["coordRefSys"]) == ("lieux", f"{EPSG}2154")
    for feature, row in zip(page["features"], ROWS, strict=True):
        assert (feature["geometry"], feature["featureType"]) == (None, "lieux")
        assert (feature["place"] is None) == (row["contour"] is None)
        wanted = None if row["maj"] is None else {"timestamp": row["maj"].isoformat().replace("+00:00", "Z")}
        assert feature["time"] == wanted
    plain = ask("collections/lieux/items", f="jsonfg", limit=1)["features"][0]
    assert plain["place"] is None
    assert ask(f"collections/lieux/items/{plain['id']}", f="jsonfg")["coordRefSys"].endswith("CRS84")


@pytest.mark.parametrize(
    "path", ["", "conformance", "functions", "api", "collections", "collections/lieux", "collections/lieux/schema",
             "collections/lieux/queryables", "collections/lieux/sortables", "collections/lieux/items"],
)  # fmt: skip
def test_every_address_has_a_page(ask, path):
    with translation.override("fr"):
        text = ask.raw(path, f="html", lang="fr").content.decode()
    assert text.count("<h1>") == 1
    assert '<html lang="fr">' in text
    assert 'rel="alternate" type="application/json"' in text


def test_the_page_of_features_goes_on(ask):
    text = ask.raw("collections/lieux/items", f="html").content.decode()
    assert text.count("<tr>") == 21
    assert 'rel="next"' in text
    first = ask("collections/lieux/items", limit=1)["features"][0]
    alone = ask.raw(f"collections/lieux/items/{first['id']}", f="html").content.decode()
    assert str(first["properties"]["code"]) in alone


def test_a_large_page_leaves_as_it_is_read(ask, monkeypatch):
    monkeypatch.setattr("bocage.publish.ogc.items.HELD", 10)
    response = ask.client.get("/ogc/collections/lieux/items")
    assert response.streaming
    assert len(json.loads(b"".join(response.streaming_content))["features"]) == len(ROWS)
