"""Attempts, by readers from whom a part is kept, to see it or to guess it.

Each answer is searched for the kept values; records, validators, counts and older versions are tried one by one.
"""

# ruff: noqa: E501  questions are read better on one line
from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.test import Client

from bocage.access.models import DataRule
from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset, touch_catalogue
from bocage.catalog.vocabulary import FieldType as T
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.security.conftest import Territory, consumed
from tests.store.making import staged

pytestmark = pytest.mark.django_db

FIELDS = {
    "nom": T.STRING, "tel": T.STRING, "adresse": T.STRING, "age": T.INTEGER, "ne": T.DATE, "insee": T.STRING,
    "quartier": T.STRING, "montant": T.INTEGER, "centre": T.GEOPOINT,
}  # fmt: skip
COLUMNS = {
    "nom": {"mask": "hide"}, "tel": {"mask": "hash"}, "adresse": {"mask": "truncate", "to": "3"},
    "age": {"mask": "round", "to": "10"}, "ne": {"mask": "period", "to": "year"},
}  # fmt: skip
MINE, THEIRS = "44002", "44001"
LON, LAT = -1.5564, 47.2366
"""Near the middle of a square of 5 km: both worlds move the positions inside it."""
BOUNDS = (-1.61234, 47.19876, -1.51357, 47.29753)
"""Said to be those of the positions: found anywhere, they are the true ones."""
WORLDS = {
    "first": ("Zacharie", "Yolande", "rue des Lilas", "rue des Roses", 41, 43, "1985-03-17", 0.0),
    "second": ("Alphonse", "Bernadette", "rue du Port", "rue du Pont", 48, 46, "1985-11-02", 0.004),
}
KEPT = (
    "Zacharie",
    "Yolande",
    "Lilas",
    "Roses",
    "Alphonse",
    "Bernadette",
    "du Port",
    "du Pont",
    "0699887",
    "Prosper",
    "Ursule",
)
KEPT += ("1985-03-17", "1985-11-02")
V2 = "/api/explore/v2.1/catalog/datasets/caches"


def rows(world: str, others: int) -> str:
    """Twelve people of my commune, and `others` of another. Only the columns that are kept differ between the worlds."""
    one, two, road, street, age, older, born, move = WORLDS[world]
    lines = []
    for rank in range(12 + others):
        mine = rank < 12
        first = rank % 2 == 0
        name = f"{one if first else two}{rank}" if mine else f"{'Prosper' if world == 'first' else 'Ursule'}{rank}"
        where = f"ST_Point({LON + move + rank * 1e-5}, {LAT + move + rank * 1e-5})"
        lines.append(
            f"('{name}', '0699887{rank:03}', '12 {road if first else street}', {age if first else older}::BIGINT, "
            f"DATE '{born}', '{MINE if mine else THEIRS}', '{'Nord' if rank % 3 else 'Sud'}', {rank}::BIGINT, {where})"
        )
    return ", ".join(lines)


@pytest.fixture
def put(tmp_path) -> Callable[..., None]:
    def publish(dataset: Dataset, values: str, fields: dict[str, T] = FIELDS) -> None:
        names = ", ".join(fields)
        described = tuple(Field(name, kind, label=name.title()) for name, kind in fields.items())
        geometry = StagedGeometry("centre", ("Point",), BOUNDS) if "centre" in fields else None
        file = staged(tmp_path, f"SELECT * FROM (VALUES {values}) t({names})", described, geometry=geometry)
        publish_version(viewer=OPERATOR, dataset=dataset, staged=file)
        dataset.refresh_from_db()

    return publish


@dataclass
class Stage:
    dataset: Dataset
    readers: dict[str, Callable[[str], object]]
    steward: Callable[[str], object]


def asker(client: Client, **headers: str) -> Callable[[str], object]:
    return lambda address: client.get(address, headers=headers)


@pytest.fixture
def stage(territory: Territory, put) -> Stage:
    """`caches`: everyone sees masked columns; members see the rows of their communes only, masked too."""
    it = territory
    it.elsewhere.insee_code = MINE
    it.elsewhere.save()
    dataset = create_dataset(
        viewer=OPERATOR, organization=it.here, slug="caches", title="Caches", visibility=Visibility.OPEN,
        primary_key=["nom"], field_settings={"nom": {"facet": True}, "tel": {"facet": True}, "quartier": {"facet": True}},
    )  # fmt: skip
    put(dataset, rows("first", 4))
    rule = {"dataset": dataset.uid, "columns": COLUMNS, "grid_m": 5_000, "reason": "RGPD"}
    DataRule.objects.create(audience="everyone", **rule)
    DataRule.objects.create(audience="members", rows="insee in ({insee})", **rule)
    touch_catalogue()
    member = it.people["member elsewhere"]
    key = create_key(viewer=viewer_of(member), owner=member, name="étroite", datasets=[dataset.uid])[1]
    readers = {
        "stranger": asker(Client()),
        "member elsewhere": asker(it.viewers["member elsewhere"]),
        "key": asker(Client(), authorization=f"Apikey {key}"),
    }
    return Stage(dataset, readers, asker(it.viewers["steward here"]))


def q(path: str, **given: str) -> str:
    return f"{V2}{path}?{urlencode(given)}"


MOMENTS = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?")


def readable(answer) -> bytes:
    """The status and the body, without the moments of publication; the members of what is compressed."""
    body = consumed(answer)
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b"".join(parts.read(name) for name in sorted(parts.namelist()) if "docProps" not in name)
    return f"{answer.status_code} ".encode() + MOMENTS.sub(b"then", body)


def headers_of(answer) -> dict[str, str]:
    """Of an answer that was read to its end."""
    consumed(answer)
    return dict(answer.headers)


PAGES = (
    "", "table/", "table/?sort=nom", "table/?q=Zacharie", "map/", "chart/", "export/", "api/", "history/", "schema/", "quality/",
)  # fmt: skip
ELSEWHERE = (
    "/", "/explore/", "/explore/?q=caches", "/explore/?q=tel", "/organizations/", "/organizations/ici/", "/explore/feed.rss",
    "/explore/feed.atom", "/catalog.ttl", "/catalog.jsonld", "/catalog.rdf", "/organizations/ici/catalog.ttl", "/sitemap.xml",
    "/api/explore/v2.1/catalog/exports/csv", "/api/explore/v2.1/catalog/exports/dcat", "/api/explore/v2.1/catalog/exports/data.json",
    "/api/explore/v2.1/catalog/exports/dublin_core", "/api/explore/v2.1/catalog/facets", "/api/explore/v2.1/swagger.json",
    "/api/explore/v2.1/console?dataset_id=caches", "/api/datasets/1.0/search/?q=caches",
)  # fmt: skip


def test_no_page_nor_document_says_what_is_kept(stage: Stage) -> None:
    """Neither the values, nor that the hidden column is there, nor the bounds of true positions, nor, to members, how many rows."""
    addresses = [f"/explore/dataset/caches/{page}" for page in PAGES] + list(ELSEWHERE)
    told = []
    for name, ask in stage.readers.items():
        for address in addresses:
            answer = ask(address)
            assert answer.status_code == 200, (name, address)
            text = consumed(answer).decode()
            asked = "Zacharie" in address or "sort=nom" in address
            told += [(name, address, value) for value in KEPT if value in text and not asked]
            told += [(name, address, "bounds") for bound in BOUNDS if str(bound) in text]
            told += [
                (name, address, "column")
                for mark in (">nom<", '"nom"', "`nom`", "<code>nom")
                if mark in text and not asked
            ]
    assert told == []


def test_how_many_rows_is_not_told(stage: Stage) -> None:
    """16 rows in all, 12 of them the member's."""
    page = consumed(stage.readers["member elsewhere"]("/explore/dataset/caches/")).decode()
    assert "16 ligne" not in page
    assert "16 row" not in page
    found = stage.readers["member elsewhere"](V2).json()
    assert found["metas"]["default"]["records_count"] in (0, None, 12)
    assert stage.readers["member elsewhere"](q("/records", limit="0")).json()["total_count"] == 12
    assert headers_of(stage.readers["member elsewhere"](q("/exports/csv")))["X-Bocage-Row-Count"] == "12"
    home = consumed(stage.readers["stranger"]("/")).decode()
    assert not re.search(r"<dd>16</dd>", home), "the sum of rows of the platform leaves out what is not all seen"


def test_the_answer_of_another_is_never_given(stage: Stage) -> None:
    """The steward's ETag opens nothing to a reader, nor that of a reader to another of other rows."""
    for address in (V2, q("/records", limit="3"), q("/exports/parquet"), q("/exports/csv"), q("/facets")):
        etag = headers_of(stage.steward(address))["ETag"]
        answer = Client().get(address, headers={"if-none-match": etag})
        consumed(answer)
        assert answer.status_code == 200, address
        for _again in range(2):  # the second answer may come from a cache
            assert not any(value.encode() in readable(stage.readers["stranger"](address)) for value in KEPT), address
        theirs, mine = (headers_of(stage.readers[name](address))["ETag"] for name in ("stranger", "member elsewhere"))
        assert len({etag, theirs, mine}) == 3, address


def test_a_record_of_a_hidden_row_does_not_exist(stage: Stage) -> None:
    """Identifiers that the steward sees, of a row of another commune, and made of a hidden key."""
    listed = stage.steward(q("/records", select="_id, insee", where=f"insee = '{THEIRS}'", limit="4")).json()["results"]
    seen = stage.readers["stranger"](q("/records", select="_id, insee", where=f"insee = '{THEIRS}'", limit="4")).json()[
        "results"
    ]
    assert len(listed) == len(seen) == 4
    for found in (*listed, *seen):
        answer = stage.readers["member elsewhere"](f"{V2}/records/{found['_id']}")
        assert answer.status_code == 404
        assert not any(value in answer.content.decode() for value in KEPT)
    mine = stage.steward(q("/records", select="_id", where=f"insee = '{MINE}'", limit="12")).json()["results"]
    for found in mine:
        body = stage.readers["member elsewhere"](f"{V2}/records/{found['_id']}").content.decode()
        assert not any(value in body for value in KEPT)


def test_an_older_version_is_masked_too(stage: Stage, put, territory: Territory) -> None:
    """Whoever publishes may ask for older versions; the rules of today are applied to them."""
    put(stage.dataset, rows("second", 4))
    contributor = asker(territory.viewers["contributor here"])
    for ask in (*stage.readers.values(), contributor):
        for address in (
            q("/records", as_of="1", limit="20"),
            q("/exports/csv", as_of="1"),
            q("/exports/parquet", as_of="1"),
        ):
            assert not any(value.encode() in readable(ask(address)) for value in KEPT), address
    assert b"Zacharie" in readable(stage.steward(q("/exports/csv", as_of="1")))


CONSOLE = ("fields/", "versions/", "quality/", "quarantine/", "access/", "access/rules/")


def test_whoever_publishes_without_managing_sees_no_more_in_the_console(stage: Stage, territory: Territory) -> None:
    client = territory.viewers["contributor here"]
    for page in CONSOLE:
        assert client.get(f"/console/datasets/caches/{page}").status_code == 403, page
    for address in (
        "/console/",
        "/console/datasets/caches/",
        "/console/datasets/caches/runs/",
        "/console/datasets/caches/conformity/",
    ):
        text = client.get(address).content.decode()
        assert not any(value in text for value in KEPT), address
        assert ">nom<" not in text
        assert "Nom</" not in text
