"""Exports of the catalogue as its items, and what records carry beside their fields."""

from __future__ import annotations

import csv
import gzip
import io
import json

import pytest
from django.test import Client

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.services import create_dataset
from bocage.organizations.models import Membership, Portal, User
from bocage.publish.explore.documents import METAS
from tests.publish.contents.conftest import CATALOG

EXPORT = f"{CATALOG}/exports"
RECORDS = f"{CATALOG}/datasets/lieux/records"


@pytest.fixture
def catalogue(lieux, organization):
    """One open dataset with data, one without, one private."""
    for slug, visibility in (("vide", Visibility.OPEN), ("agents", Visibility.PRIVATE)):
        create_dataset(viewer=OPERATOR, organization=organization, slug=slug, title=slug, visibility=visibility)
    return lieux


def whole(answer) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def test_json_is_the_items_of_the_list(client, catalogue):
    listed = client.get(f"{CATALOG}/datasets", {"limit": 100}).json()["results"]
    answer = client.get(f"{EXPORT}/json/")
    exported = json.loads(whole(answer))
    assert exported == listed
    assert [item["dataset_id"] for item in exported] == ["lieux", "vide"]
    assert tuple(exported[0]["metas"]["default"]) == METAS
    assert answer["Content-Disposition"] == 'attachment; filename="catalogue.json"'
    again = client.get(f"{EXPORT}/json/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert whole(client.head(f"{EXPORT}/json")) == b""


def test_json_follows_the_clauses(client, catalogue):
    def titles(**query):
        return [one["metas"]["default"]["title"] for one in json.loads(whole(client.get(f"{EXPORT}/json", query)))]

    assert titles(order_by="-title") == ["vide", "Titre de lieux"]
    assert titles(limit=1, offset=1) == ["vide"]
    assert titles(where="has_records") == ["Titre de lieux"]
    assert titles(where="title = 'nothing'") == []
    packed = client.get(f"{EXPORT}/json", {"compressed": "true", "limit": 1})
    assert packed["Content-Type"] == "application/gzip"
    assert len(json.loads(gzip.decompress(whole(packed)))) == 1
    assert client.get(f"{EXPORT}/json", {"where": "nothing = 1"}).json()["error_code"] == "ODSQLError"
    assert client.get(f"{EXPORT}/json", {"select": "BOGUS("}).json()["error_code"] == "ODSQLSyntaxError"
    assert client.get(f"{EXPORT}/json", {"limit": -2}).json()["error_code"] == "InvalidRESTParameterError"


def test_json_of_chosen_parts_and_columns(client, catalogue):
    (one,) = json.loads(whole(client.get(f"{EXPORT}/json", {"select": "length(title) as n, metas", "limit": 1})))
    assert list(one) == ["n", "metas"]
    assert (one["n"], one["metas"]["default"]["title"]) == (14, "Titre de lieux")
    table = json.loads(whole(client.get(f"{EXPORT}/json", {"select": "dataset_id, default.title", "limit": 1})))
    assert table == [{"dataset_id": "lieux", "default.title": "Titre de lieux"}]
    assert json.loads(whole(client.get(f"{EXPORT}/json", {"select": "count(*) as n"}))) == [{"n": 2}]


def test_each_reader_exports_what_they_may_know_of(client, catalogue, organization):
    agent = User.objects.create_user("agent@example.org")
    Membership.objects.create(user=agent, organization=organization, role="member")
    theirs = Client()
    theirs.force_login(agent)
    answer = theirs.get(f"{EXPORT}/json")
    assert [one["dataset_id"] for one in json.loads(whole(answer))] == ["lieux", "agents", "vide"]
    assert answer["Cache-Control"] == "private, no-store"
    stranger = client.get(f"{EXPORT}/json", headers={"If-None-Match": answer["ETag"]})
    assert b"agents" not in whole(stranger)


def test_columns_of_a_table_are_named_as_portals_name_them(client, catalogue):
    text = whole(client.get(f"{EXPORT}/csv", {"with_bom": "false"})).decode()
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert list(rows[0])[:5] == ["datasetid", "dataset_uid", "features", "has_records", "visibility"]
    assert (rows[0]["datasetid"], rows[0]["default.title"], rows[0]["visibility"]) == (
        "lieux",
        "Titre de lieux",
        "domain",
    )
    assert {name.partition(".")[0] for name in list(rows[0])[5:]} == {"default", "custom", "explore"}
    for lang, labels in (("fr", {"Titre", "Dernier changement"}), ("en", {"Title", "Last change"})):
        asked = {"with_bom": "false", "use_labels": "true", "lang": lang}
        header = whole(client.get(f"{EXPORT}/csv", asked)).decode().partition("\n")[0]
        assert labels <= set(header.strip().split(";"))
    chosen = whole(client.get(f"{EXPORT}/csv", {"select": "title", "limit": 1, "with_bom": "false"})).decode()
    assert chosen.splitlines() == ["title", "Titre de lieux"]


def test_visibility_is_told_in_the_words_of_the_standard_wherever_it_is(client, catalogue):
    for query in ({"select": "visibility"}, {}, {"select": "dataset_id, visibility, metas"}):
        page = client.get(f"{CATALOG}/datasets", query).json()["results"]
        assert {one["visibility"] for one in page} == {"domain"}, query
    assert client.get(f"{CATALOG}/datasets", {"where": "visibility = 'domain'"}).json()["total_count"] == 2


def test_records_carry_more_for_who_asks(client, catalogue):
    plain = client.get(RECORDS, {"select": "nom", "limit": 2}).json()["results"]
    assert [list(one) for one in plain] == [["nom"], ["nom"]]
    linked = client.get(RECORDS, {"select": "nom", "limit": 2, "include_links": "true"}).json()["results"]
    assert [list(one) for one in linked] == [["_id", "_timestamp", "_size", "nom", "_links"]] * 2
    itself = next(link["href"] for link in linked[0]["_links"] if link["rel"] == "self")
    assert client.get(itself.removeprefix("http://testserver")).json()["nom"] == linked[0]["nom"]
    told = client.get(RECORDS, {"include_app_metas": "true", "limit": 1}).json()["results"]
    assert {"_id", "_timestamp", "_size", "contour"} <= set(told[0])
    assert "_links" not in told[0]
    own = client.get(RECORDS, {"select": "_id as key, _id", "include_app_metas": "true", "limit": 1}).json()["results"]
    assert own[0]["key"] == own[0]["_id"] == linked[0]["_id"]


def test_groups_carry_nothing(client, catalogue):
    for query in (
        {"select": "count(*) as n"},
        {"select": "quartier, count(*) as n", "group_by": "quartier"},
        {"select": "1 + max(places) as n"},
    ):
        answer = client.get(RECORDS, query | {"include_links": "true"})
        assert answer.status_code == 200, answer.content
        assert all(not name.startswith("_") for row in answer.json()["results"] for name in row), query


def test_a_page_of_another_site_may_send_its_headers(client, db):
    answer = client.options(RECORDS, headers={"access-control-request-headers": "authorization, ods-api-analytics-app"})
    allowed = {name.strip().lower() for name in answer["Access-Control-Allow-Headers"].split(",")}
    assert {"*", "authorization", "ods-api-analytics-app"} <= allowed


def test_the_console_offers_what_its_door_shows(client, lieux, organization, publish, settings):
    settings.ALLOWED_HOSTS = ["testserver", "ville.example"]
    publish("arbres")
    Portal.objects.create(
        organization=organization, domain="ville.example", name="Ville", showing="query", where="dataset_id = 'arbres'"
    )
    page = client.get("/api/explore/v2.1/console").content.decode()
    assert 'value="lieux"' in page
    at_the_door = client.get("/api/explore/v2.1/console", headers={"host": "ville.example"}).content.decode()
    assert 'value="lieux"' not in at_the_door
    assert 'value="arbres"' in at_the_door
