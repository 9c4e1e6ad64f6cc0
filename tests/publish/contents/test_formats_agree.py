"""The same rows whatever the format, and whatever the way they are asked; every format under every parameter of its row."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import struct

import openpyxl
import pyarrow.parquet as pq
import pytest

from bocage.publish.files import FORMATS

WANTED = "nom, quartier, places, jour, maj"
ANYTHING = {
    "use_labels": "true", "epsg": "4326", "delimiter": "|", "list_separator": ";", "quote_all": "true", "with_bom": "true",
    "parquet_compression": "zstd", "name_field": "nom", "description_field_list": "quartier", "use_extension": "false",
    "lang": "fr", "timezone": "Europe/Paris", "facet": 'facet(name="quartier", disjunctive=true)', "refine": "quartier:Nord",
    "where": "places is not null", "order_by": "places desc", "limit": "10",
}  # fmt: skip


def digest(rows: list[list[str]]) -> str:
    return hashlib.sha256(json.dumps(sorted(rows)).encode()).hexdigest()


def texts(values) -> list[str]:
    return ["" if value is None else str(value) for value in values]


def rows_of(kind: str, body: bytes) -> list[list[str]]:
    names = WANTED.split(", ")
    if kind == "csv":
        return [list(row.values()) for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")]
    if kind == "json":
        return [texts(row.values()) for row in json.loads(body)]
    if kind == "jsonl":
        return [texts(json.loads(line).values()) for line in body.splitlines()]
    if kind == "geojson":
        return [texts(one["properties"][name] for name in names) for one in json.loads(body)["features"]]
    if kind == "parquet":
        found = pq.read_table(io.BytesIO(body)).select(names).to_pylist()
        return [[_moment(value) for value in row.values()] for row in found]
    _header, *rows = openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
    return [[_workbook(name, value) for name, value in zip(names, row, strict=False)] for row in rows]


def _moment(value) -> str:
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def _workbook(name: str, value) -> str:
    if value is None or not hasattr(value, "isoformat"):
        return "" if value is None else str(value)
    return value.date().isoformat() if name == "jour" else value.isoformat() + "+00:00"


def test_six_formats_hold_the_same_rows(api):
    found = {}
    for kind in ("csv", "json", "jsonl", "geojson", "parquet", "xlsx"):
        select = f"{WANTED}, centre" if kind == "geojson" else WANTED
        found[kind] = digest(rows_of(kind, api.export(kind, select=select)))
    assert len(set(found.values())) == 1, found


@pytest.mark.parametrize("kind", sorted(FORMATS.items()), ids=lambda one: one[0])
def test_every_format_takes_every_parameter_and_gzip(api, kind):
    name, made = kind
    select = "nom, quartier, places, centre" if made.geographic else "nom, quartier, places, length(nom) as lettres"
    query = ANYTHING | {"select": select}
    plain = api.export(name, **query)
    assert plain
    assert gzip.decompress(api.export(name, compressed="true", **query)) == plain
    answer = api.get(f"/exports/{name}", where="BOGUS(")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "ODSQLSyntaxError")


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl", "xlsx", "parquet", "turtle", "rdfxml", "jsonld", "n3"])
def test_groups_are_exported_too(api, kind):
    body = api.export(kind, select="quartier, count(*) as n, sum(places) as total", group_by="quartier")
    if kind == "json":
        assert json.loads(body) == [
            {"quartier": "Nord", "n": 3, "total": 19}, {"quartier": "Sud", "n": 1, "total": 0},
        ]  # fmt: skip
    assert body


def test_a_limit_reads_the_first_rows(api):
    whole = rows_of("csv", api.export("csv", select=WANTED))
    for limit in (0, 1, 3, 4, 100):
        assert rows_of("csv", api.export("csv", select=WANTED, limit=limit)) == whole[:limit]
    assert rows_of("csv", api.export("csv", select=WANTED, limit=2, offset=1)) == whole[1:3]


def test_points_of_interest(api):
    body, found = api.export("ov2", select="nom, centre"), []
    while body:
        kind, length, lon, lat = struct.unpack("<Biii", body[:13])
        assert kind == 2
        assert body[length - 1] == 0
        found.append((body[13 : length - 1].decode("latin-1"), lon / 1e5, lat / 1e5))
        body = body[length:]
    assert found == [("Gare", -1.5536, 47.2184), ("Port", -1.6, 47.2), ("", 2.35, 48.85)]
    assert api.get("/exports/ov2", select="nom").status_code == 400
