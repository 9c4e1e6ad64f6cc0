"""Data on request: to those who may only know of a dataset, nothing that is answered depends on its data.

The same questions are asked before and after the data change (values, number of rows, extent, number of versions, date, quality):
every answer must be the same, byte for byte. The same questions asked by a colleague prove that there was something to see.
"""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from bocage.access.models import AccessRequest, Grant
from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.check.quality.scoring import score_one
from bocage.kernel.clock import now
from bocage.store.documents import attach
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.console.checked import checked
from tests.security.conftest import PLACES, Territory, consumed
from tests.store.making import staged

pytestmark = pytest.mark.django_db

V2 = "/api/explore/v2.1/catalog"
KNOWN = (
    "/explore/dataset/secret/", "/explore/dataset/secret/schema/", f"{V2}/datasets/secret",
    "/api/datasets/1.0/secret/", "/records/collections/catalogue/items/secret", "/explore/dataset/secret/iso19139.xml",
    "/csw?request=GetRecordById&id=secret&elementSetName=full",
)  # fmt: skip
RECORDS = "/records/collections/catalogue/items"
CSW = "/csw?request=GetRecords&typeNames=csw:Record&resultType=results&elementSetName=full"
LISTS = (
    "/", "/explore/", "/explore/?sort=modified", "/explore/?sort=records", "/explore/?features=geo", "/explore/?q=secret",
    "/explore/?q=taux", "/explore/feed.rss", "/explore/feed.atom", "/organizations/", "/organizations/ici/", "/sitemap.xml",
    "/catalog.ttl", "/catalog.rdf", "/catalog.jsonld", "/organizations/ici/catalog.ttl",
    *(f"{V2}/exports/{name}" for name in ("csv", "json", "dcat", "dcat_ap_it", "data.json", "rss", "dublin_core", "ttl", "rdf")),
    *(
        f"{V2}/datasets?limit=20&{given}" for given in (
            "order_by=records_count", "order_by=modified", "order_by=data_processed desc", "where=records_count > 1",
            "where=has_records = true", "where=features = 'geo'", "where=bbox is not null", "include_app_metas=true",
            "select=dataset_id,records_count,modified,features,bbox,has_records,data_processed", "where=search('Gare')",
            "select=sum(records_count),max(modified),max(data_processed)", "refine=features:geo",
        )
    ),
    f"{V2}/facets", f"{V2}/facets?facet=features&facet=has_records&facet=records_count&facet=modified",
    "/api/datasets/1.0/search/?rows=50&sort=modified&facet=features&facet=modified",
    *(f"{RECORDS}{given}" for given in ("", "?q=secret", "?q=taux", "?bbox=-180,-90,180,90", "?sortby=-updated", "?f=html",
                                        "?filter=geometry IS NOT NULL")),
    *(f"{CSW}{given}" for given in ("", "&outputSchema=http://www.isotc211.org/2005/gmd", "&sortBy=dct:modified:D",
                                    "&constraint=BBOX(ows:BoundingBox,40,-10,60,10)")),
    "/api/check/v1/badge.svg?dataset=secret", "/explore/dataset/temoin/", "/schemas/", "/organizations/ici/catalog.jsonld",
)  # fmt: skip
DATA = (
    *(f"/explore/dataset/secret/{tab}/" for tab in ("table", "map", "chart", "export", "api", "history", "quality")),
    *(f"{V2}/datasets/secret/{part}" for part in ("records", "records/1", "facets", "exports", "exports/csv", "exports/parquet",
      "attachments", "attachments/notice_txt", "records?as_of=1", "records?where=nom='Gare'", "records?where=rien=1")),
    "/api/records/1.0/search/?dataset=secret", "/api/records/1.0/download/?dataset=secret",
    "/explore/dataset/secret/download/?format=csv", "/api/v2/catalog/datasets/secret/exports/csv",
    "/explore/dataset/secret/table/?q=Gare", "/explore/dataset/secret/chart/?x=quartier",
    "/api/datasets/1.0/secret/attachments/notice_txt/",
)  # fmt: skip
DESK = tuple(f"/console/datasets/secret/{tab}" for tab in ("", "fields/", "versions/", "quality/", "runs/", "access/"))
VARYING = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|N[0-9a-f]{32}|<lastBuildDate>[^<]*</lastBuildDate>'
    rb"|<feed.{0,400}?</updated>|<csw:SearchStatus timestamp=\"[^\"]*\"",
    re.DOTALL,
)
"""What differs between two visits of anybody; names of blank nodes of graphs are among them."""
UNORDERED = re.compile(r"\.(ttl|rdf|jsonld)$|exports/(dcat|ttl|rdf|dublin_core)")


def put(tmp_path, dataset: Dataset, rows: str, bounds: tuple[float, float, float, float]) -> None:
    names = ", ".join(f'"{name}"' for name in PLACES)
    fields = tuple(
        Field(name, kind, label=name.title(), original={"decimal": rows[2]}) for name, kind in PLACES.items()
    )
    geometry = StagedGeometry("centre", ("Point",), bounds)
    file = staged(tmp_path, f"SELECT * FROM (VALUES {rows}) t({names})", fields, geometry=geometry)
    publish_version(viewer=OPERATOR, dataset=dataset, staged=file)
    dataset.refresh_from_db()


def line(name: str, x: float) -> str:
    return (
        f"('{name}', 'Nord', 12::BIGINT, 0.5::DOUBLE, true, DATE '2026-01-02', TIMESTAMPTZ '2026-05-04 08:00:00Z', ['bus'], "
        f"'{{\"a\": 1}}', ST_Point({x}, 47.22), ST_GeomFromText('POINT (5 5)'))"
    )


@pytest.fixture
def secret(territory: Territory, publish, tmp_path) -> Dataset:
    dataset = publish(territory.here, "secret", Visibility.REQUEST, line("Gare", -1.55))
    publish(territory.elsewhere, "temoin", Visibility.OPEN)
    notice = tmp_path / "notice.txt"
    notice.write_text("À lire.", encoding="utf-8")
    attach(viewer=OPERATOR, dataset=dataset, title="Notice", file=notice)
    checked(dataset)
    Dataset.objects.filter(slug="secret").update(data_updated_at=now() - timedelta(days=900))
    Dataset.objects.filter(slug="temoin").update(data_updated_at=now() - timedelta(days=90))
    touch_catalogue()
    return dataset


@pytest.fixture
def readers(territory: Territory) -> dict[str, Client]:
    """Those who may only know of it; one of them refused by an exception, one with a request that waits."""
    it = territory
    dataset = Dataset.objects.filter(slug="secret").first()
    uid = dataset.uid if dataset is not None else ""
    nobody, member = it.people["nobody"], it.people["member elsewhere"]
    Grant.objects.create(audience="person", person=nobody, dataset=uid, effect="deny", action="read", reason="x")
    AccessRequest.objects.create(
        dataset=uid, title="x", asker=member, purpose="x", asked_at=now(), due_on=now().date() + timedelta(days=1)
    )
    key = create_key(viewer=viewer_of(member), owner=member, name="x", datasets=[uid])[1]
    return {
        "stranger": Client(),
        "nobody": it.viewers["nobody"],
        "member elsewhere": it.viewers["member elsewhere"],
        "key": Client(headers={"authorization": f"Apikey {key}"}),
    }


def answers(client: Client, *addresses: str) -> dict[str, tuple[int, bytes]]:
    found = {}
    for address in addresses:
        answer = client.get(quote(address, safe="/?&=:"))
        body = VARYING.sub(b"", consumed(answer))
        if UNORDERED.search(address):
            body = b"\n".join(sorted(body.splitlines()))
        found[address] = (answer.status_code, body)
    return found


def different(before: bytes, after: bytes) -> tuple[bytes, bytes]:
    """Around the first byte that differs."""
    start = next((rank for rank, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    return before[max(start - 60, 0) : start + 60], after[max(start - 60, 0) : start + 60]


def change(tmp_path, dataset: Dataset) -> None:
    """Everything that its data may tell: other values, more rows, another extent, two more versions, a later date, a score."""
    put(tmp_path, dataset, line("Port", 2.35), (2.3, 47.2, 2.4, 47.3))
    put(
        tmp_path,
        dataset,
        ", ".join(line(f"Quai {rank}", 2.35 + rank / 100) for rank in range(40)),
        (2.3, 47.2, 2.9, 47.3),
    )
    score_one(dataset)
    touch_catalogue()


def test_nothing_that_is_told_depends_on_the_data(secret: Dataset, readers, territory, tmp_path) -> None:
    everything = (*KNOWN, *LISTS, *DATA, *DESK)
    asked = {name: everything if name == "stranger" else everything[::3] for name in readers}
    before = {name: answers(client, *asked[name]) for name, client in readers.items()}
    colleague = answers(territory.viewers["member here"], *KNOWN, *DATA)
    change(tmp_path, secret)
    for name, client in readers.items():
        after = answers(client, *asked[name])
        differing = [
            (address, *different(before[name][address][1], after[address][1]))
            for address in asked[name]
            if after[address] != before[name][address]
        ]
        assert differing == [], name
    seen = answers(territory.viewers["member here"], *KNOWN, *DATA)
    assert sum(seen[address] != colleague[address] for address in (*KNOWN, *DATA)) > len(DATA) // 2


def test_validators_of_its_description_do_not_follow_its_data(secret: Dataset, tmp_path) -> None:
    before = [Client().get(address)["ETag"] for address in KNOWN if "/v2.1/" in address]
    change(tmp_path, secret)
    assert [Client().get(address)["ETag"] for address in KNOWN if "/v2.1/" in address] == before


def test_what_is_told_and_what_is_refused(secret: Dataset, readers) -> None:
    for name, client in readers.items():
        told = answers(client, *KNOWN)
        if name != "key":
            assert all(status == 200 for status, _body in told.values()), name
        assert b"Titre de secret" in told[KNOWN[2]][1]
        for address, (status, body) in answers(client, *DATA).items():
            if name == "key" and not address.startswith("/api"):
                continue
            assert status in (403, 410), (name, address, status)
            assert b"Gare" not in body.replace(b"q=Gare", b"")


def test_the_explore_interface_says_why_and_how_to_ask(secret: Dataset) -> None:
    refused = Client().get(f"{V2}/datasets/secret/records")
    assert refused.status_code == 403
    assert refused.json()["error_code"] == "ForbiddenResource"
    assert "/explore/dataset/secret/" in refused.json()["message"]
    assert refused["Cache-Control"] == "no-store"
    old = Client().get("/api/records/1.0/search/?dataset=secret")
    assert (old.status_code, old.json()["errorcode"]) == (403, 403)
    item = Client().get(f"{V2}/datasets/secret").json()
    assert (item["data_visible"], item["has_records"], item["features"], item["attachments"]) == (False, False, [], [])
    assert {field["name"] for field in item["fields"]} == set(PLACES)


def test_harvesters_are_told_where_to_ask(secret: Dataset) -> None:
    feed = Client().get("/catalog.ttl").content.decode()
    assert "access-right/RESTRICTED" in feed
    assert "/explore/dataset/secret/#access" in feed
    assert "/datasets/secret/exports/" not in feed
    served = [line for line in feed.splitlines() if "servesDataset" in line]
    assert served
    assert not any("secret" in one for one in served)


def test_what_is_given_is_read_and_no_more(secret: Dataset, territory: Territory) -> None:
    """The same pages, after the answer."""
    member = territory.people["member elsewhere"]
    Grant.objects.create(audience="person", person=member, dataset=secret.uid, reason="Étude")
    client = territory.viewers["member elsewhere"]
    found = answers(client, *DATA)
    assert found[f"{V2}/datasets/secret/records"][0] == 200
    assert b"Gare" in found[f"{V2}/datasets/secret/exports/csv"][1]
    assert answers(client, *DESK)[DESK[0]][0] == 403
