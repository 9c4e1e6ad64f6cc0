"""Real files, published from the command line, read back through the API: the same rows, names, codes and shapes as
independent readers (the csv and json modules, GDAL by pyogrio) find. Skipped, with a word, where the files are absent."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bocage.config.command_line import main
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.store.integrity import doctor
from tests.conftest import SHARED

pytestmark = [pytest.mark.django_db(transaction=True)]

TABLES = sorted(p.relative_to(SHARED).as_posix() for p in (SHARED / "valid").rglob("*.csv")) if SHARED.is_dir() else []
LATIN = {"export-ods-latin1.csv": ("latin-1", ";")}
RECORDS = ("geo/decoupage/departements.json", "geo/decoupage/regions.json", "geo/decoupage/epci.json.gz")
SHAPES = ("geo/nantes-metropole/communes.geojson", "geo/44/departement-44.geojson", "geo/44/communes-44.geojson")


@pytest.fixture
def organization() -> None:
    create_organization(slug="essai", name="Essai", kind=OrganizationKind.EPCI)


def publish(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    arguments = ["publish", str(path), "--organization", "essai", "--dataset", "jeu", "--visibility", "open", "--json"]
    code = main(arguments)
    printed = capsys.readouterr()
    assert code == 0, printed
    answer: dict[str, Any] = json.loads(printed.out)
    return answer


def rows_of(client: Client) -> list[dict[str, Any]]:
    answer = client.get("/api/explore/v2.1/catalog/datasets/jeu/exports/json")
    rows: list[dict[str, Any]] = json.loads(b"".join(answer.streaming_content))
    return rows


def fields_of(client: Client) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = client.get("/api/explore/v2.1/catalog/datasets/jeu").json()["fields"]
    return fields


def same(written: str, read: Any, kind: str) -> bool:
    """Does the value read back say what was written in the file?"""
    if written.strip() == "":
        return read in (None, "", written)
    if kind == "text":
        return bool(written == read)
    if kind in ("int", "double"):
        return float(written.replace(",", ".").replace("\u202f", "").replace(" ", "")) == read
    if kind == "boolean":
        return written.lower() in (("true", "vrai", "oui", "1") if read else ("false", "faux", "non", "0"))
    if kind == "date":
        return written in (read, dt.date.fromisoformat(read).strftime("%d/%m/%Y"))
    if kind == "datetime":
        return dt.datetime.fromisoformat(written).replace(tzinfo=None) in (
            dt.datetime.fromisoformat(read).replace(tzinfo=None),
            dt.datetime.fromisoformat(read).astimezone(dt.UTC).replace(tzinfo=None),
        ) or dt.datetime.fromisoformat(written) == dt.datetime.fromisoformat(read)
    return True  # positions are compared below, from their own columns


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.usefixtures("organization")
def test_a_table_is_what_the_csv_module_reads(name: str, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    path = SHARED / name
    encoding, delimiter = LATIN.get(path.name, ("utf-8-sig", ","))
    text = path.read_bytes().decode(encoding)
    if path.name not in LATIN and text.splitlines()[0].count(";") > text.splitlines()[0].count(","):
        delimiter = ";"
    header, *lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    lines = [line for line in lines if any(line)]
    answer = publish(path, capsys)
    rows, fields = rows_of(client), fields_of(client)
    assert len(rows) == len(lines) == answer["rows"]
    labels = {field["label"]: field for field in fields}
    for position, label in enumerate(header):
        if label.strip() not in labels:  # a text of coordinates became the position itself
            assert any(field["type"].startswith("geo_") for field in fields), label
            continue
        field = labels[label.strip()]
        for number, (line, row) in enumerate(zip(lines, rows, strict=True), 2):
            written = line[position] if position < len(line) else ""
            assert same(written, row[field["name"]], field["type"]), (number, label, written, row[field["name"]])
    assert [f.code for f in doctor(repair=False) if f.severity == "error"] == []


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.usefixtures("organization")
def test_records_keep_their_codes(
    name: str, shared_data: Path, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shared_data / name
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    expected = json.loads(content)
    answer = publish(path, capsys)
    rows = rows_of(client)
    assert answer["rows"] == len(rows) == len(expected)
    assert [row["code"] for row in rows] == [record["code"] for record in expected]
    assert [row["nom"] for row in rows] == [record["nom"] for record in expected]


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.usefixtures("organization")
def test_shapes_are_what_gdal_reads(
    name: str, shared_data: Path, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    import pyogrio
    import shapely

    path = shared_data / name
    _meta, _fids, expected, values = pyogrio.raw.read(path)
    publish(path, capsys)
    answer = client.get("/api/explore/v2.1/catalog/datasets/jeu/exports/geojson")
    features = json.loads(b"".join(answer.streaming_content))["features"]
    assert len(features) == len(expected)
    found = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    assert shapely.equals_exact(shapely.normalize(found), shapely.normalize(shapely.from_wkb(expected)), 1e-9).all()
    assert [feature["properties"]["code"] for feature in features] == list(values[0])
