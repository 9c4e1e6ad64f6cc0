"""Version 2.0: the answers of 2.1 in its own envelopes, as programs pinned to it read them."""

from __future__ import annotations

import json

import pytest

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.services import update_metadata
from tests.publish.contents.conftest import CATALOG, ROWS

pytestmark = pytest.mark.usefixtures("lieux")
ROOTS = ("/api/v2", "/api/explore/v2.0", "/api//v2/")
DATASET = "/api/v2/catalog/datasets/lieux"


@pytest.mark.parametrize("root", ROOTS)
def test_datasets_are_wrapped_one_by_one(client, root):
    page = client.get(f"{root}/catalog/datasets/?rows=1").json()
    assert list(page) == ["total_count", "links", "datasets"]
    (one,) = page["datasets"]
    assert (one["dataset"]["dataset_id"], one["dataset"]["metas"]["default"]["title"]) == ("lieux", "Titre de lieux")
    assert "_links" not in one["dataset"]
    alone = client.get(f"{root}/catalog/datasets/lieux").json()
    assert alone["dataset"] == one["dataset"]
    for link in (*page["links"], *one["links"], *alone["links"]):
        assert client.get(link["href"].removeprefix("http://testserver")).status_code == 200, link
        assert "/api/explore/v2.1" not in link["href"]


def test_records_have_an_identity_and_fields(client):
    page = client.get(f"{DATASET}/records", {"rows": 2, "start": 1, "sort": "nom", "select": "nom, places"}).json()
    newer = client.get(f"{CATALOG}/datasets/lieux/records?limit=2&offset=1&order_by=nom&select=nom,places").json()
    assert [one["record"]["fields"] for one in page["records"]] == newer["results"]
    assert page["total_count"] == 4
    record = page["records"][0]["record"]
    assert list(record) == ["id", "timestamp", "size", "fields"]
    alone = client.get(f"{DATASET}/records/{record['id']}").json()["record"]
    assert (alone["id"], alone["size"], alone["timestamp"]) == (record["id"], record["size"], record["timestamp"])
    assert alone["fields"]["nom"] == record["fields"]["nom"]
    chosen = client.get(f"{DATASET}/records/{record['id']}", {"select": "nom"}).json()["record"]
    assert list(chosen["fields"]) == ["nom"]


def test_links_lead_through_every_page(client):
    names, address = [], f"{DATASET}/records?rows=1&sort=nom"
    while address:
        page = client.get(address).json()
        names += [one["record"]["fields"]["nom"] for one in page["records"]]
        following = (link["href"] for link in page["links"] if link["rel"] == "next")
        address = next(following, "").removeprefix("http://testserver")
    assert sorted(map(str, names)) == ["Gare", "None", "Port", "Île"]


def test_aggregates(client):
    answer = client.get(f"{DATASET}/aggregates", {"select": "quartier, count(*) as n", "group_by": "quartier"})
    assert answer.json()["aggregations"] == [{"quartier": "Nord", "n": 3}, {"quartier": "Sud", "n": 1}]
    assert client.get(f"{DATASET}/aggregates?select=sum(places)").json()["aggregations"] == [{"sum(places)": 19}]
    found = client.get("/api/v2/catalog/aggregates?select=publisher,count(*) as n&group_by=publisher").json()
    assert found == {"aggregations": [{"publisher": "Métropole", "n": 1}]}


def test_values_that_speak_of_addresses_are_left_alone(client, publish):
    publish("liens", ROWS.replace("'Gare'", "'/api/explore/v2.1/x'"))
    page = client.get("/api/v2/catalog/datasets/liens/records").json()
    assert "/api/explore/v2.1/x" in [one["record"]["fields"]["nom"] for one in page["records"]]


def test_files_are_those_of_the_newer_version(client):
    def body(path: str, **query) -> bytes:
        return b"".join(client.get(path, query).streaming_content)

    assert json.loads(body(f"{DATASET}/exports/json", rows=1)) == json.loads(
        body(f"{CATALOG}/datasets/lieux/exports/json", limit=1)
    )
    assert not body(f"{DATASET}/exports/csv").startswith("\ufeff".encode())
    assert body(f"{DATASET}/exports/xls").startswith(b"PK")
    listed = json.loads(body("/api/v2/catalog/exports/json"))
    assert listed[0]["metas"]["default"]["title"] == "Titre de lieux"
    assert client.get("/api/v2/catalog/facets?facet=publisher").json()["facets"][0]["name"] == "publisher"


def test_refusals_and_validators(client, lieux):
    answer = client.get(f"{DATASET}/records")
    assert client.get(f"{DATASET}/records", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.head(f"{DATASET}/records").content == b""
    assert client.post(f"{DATASET}/records", {"rows": 1}).json()["total_count"] == 4
    assert client.get(f"{DATASET}/records?where=nothing = 1").json()["error_code"] == "ODSQLError"
    assert client.get("/api/v2/catalog/nothing").json()["error_code"] == "NotFoundResource"
    assert client.get("/api/v2/catalog/datasets/absent").status_code == 404


def test_a_stranger_reads_nothing_of_what_is_private(client, publish):
    publish("agents", visibility=Visibility.PRIVATE)
    for path in ("", "/records", "/records/x", "/aggregates?select=count(*)", "/exports/json", "/facets"):
        assert client.get(f"/api/v2/catalog/datasets/agents{path}").status_code == 404, path
    assert b"agents" not in client.get("/api/v2/catalog/datasets").content
    assert b"agents" not in client.get("/api/v2/catalog/aggregates?select=datasetid&group_by=datasetid").content


def test_data_on_request_are_described_and_not_given(client, lieux):
    update_metadata(viewer=OPERATOR, dataset=lieux, visibility=Visibility.REQUEST)
    assert client.get(DATASET).json()["dataset"]["data_visible"] is False
    assert client.get(f"{DATASET}/records").status_code == 403
    assert client.get(f"{DATASET}/aggregates?select=count(*)").status_code == 403
