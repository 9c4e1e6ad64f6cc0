"""What a reader does not see is in no answer, no count, no extent, no schema, no filter."""

from __future__ import annotations

import json

import pytest

from bocage.access.models import DataRule
from bocage.access.services import create_key
from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.organizations.models import Membership
from tests.query.table import ROWS


@pytest.fixture
def ruled(data):
    """Everyone sees the rows of more than 20, without names, on a grid of ten kilometres."""
    dataset = Dataset.objects.get(slug="lieux")
    DataRule.objects.create(
        dataset=dataset.uid,
        audience="everyone",
        reason="RGPD",
        rows="pop > 20",
        grid_m=10_000,
        columns={"nom": {"mask": "hide"}},
    )
    return [row for row in ROWS if row["pop"] is not None and row["pop"] > 20]


def test_private_collections_are_for_their_readers(ask, member):
    assert "agents" not in {one["id"] for one in ask("collections")["collections"]}
    ask.client.force_login(member)
    response = ask.raw("collections/agents/items", limit=1)
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    listed = ask.raw("collections")
    assert "agents" in {one["id"] for one in json.loads(listed.content)["collections"]}
    assert listed["Cache-Control"] == "private, no-store"
    assert "/collections/agents/items" in ask("api")["paths"]


def test_a_key_opens_what_its_owner_reads(ask, member):
    found = Membership.objects.get(user=member)
    _key, secret = create_key(viewer=Viewer(member.pk), owner=found.user, name="QGIS")
    for given, headers in (({}, {"Authorization": f"Apikey {secret}"}), ({"apikey": secret}, None)):
        response = ask.raw("collections/agents/items", headers=headers, limit=1, **given)
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
        assert secret not in response.content.decode()
    assert ask.raw("collections/agents/items", headers={"Authorization": "Apikey wrong"}).status_code == 401


def test_rows_columns_and_places_are_those_that_are_seen(ask, ruled):
    page = ask("collections/lieux/items")
    assert [one["properties"]["code"] for one in page["features"]] == [row["code"] for row in ruled]
    assert page["numberMatched"] == len(ruled)
    assert all("nom" not in one["properties"] for one in page["features"])
    assert {one["geometry"]["type"] for one in page["features"] if one["geometry"]} == {"Point"}
    collection = ask("collections/lieux")
    assert ("itemCount" in collection, "extent" in collection) == (False, False)
    for part in ("schema", "queryables", "sortables"):
        assert "nom" not in ask(f"collections/lieux/{part}")["properties"]


@pytest.mark.parametrize(
    "given",
    [{"filter": "nom = 'Nantes'"}, {"filter": "NOM IS NULL"}, {"filter": "Nom LIKE 'N%'"}, {"sortby": "nom"}, {"properties": "nom"},
     {"nom": "Nantes"}, {"filter": '{"op":"isNull","args":[{"property":"nom"}]}', "filter__lang": "cql2-json"}],
)  # fmt: skip
def test_a_hidden_field_does_not_exist(ask, ruled, given):
    hidden = json.loads(ask.raw("collections/lieux/items", **given).content)
    absent = {
        name: value.replace("nom", "zut").replace("NOM", "ZUT").replace("Nom", "Zut") for name, value in given.items()
    }
    absent = {name.replace("nom", "zut"): value for name, value in absent.items()}
    other = json.loads(ask.raw("collections/lieux/items", **absent).content)
    assert hidden["status"] == other["status"] == 400
    assert hidden["description"].lower().replace("nom", "zut") == other["description"].lower().replace("nom", "zut")


def test_hidden_rows_answer_no_question(ask, ruled):
    hidden = next(row for row in ROWS if row["pop"] is not None and row["pop"] <= 20)
    assert ask("collections/lieux/items", resultType="hits", filter=f"code = '{hidden['code']}'")["numberMatched"] == 0
    assert ask("collections/lieux/items", resultType="hits", filter="pop <= 20 OR pop IS NULL")["numberMatched"] == 0
    x, y = hidden["centre"] or (0, 0)
    found = ask("collections/lieux/items", bbox=f"{x - 1e-6},{y - 1e-6},{x + 1e-6},{y + 1e-6}")
    assert hidden["code"] not in {one["properties"]["code"] for one in found["features"]}


def test_pages_of_restricted_rows_follow_one_another(ask, ruled):
    found, path = [], "collections/lieux/items?limit=7&sortby=-pop"
    while path:
        page = ask(path if path.startswith("/") else f"/ogc/{path}")
        found += [one["properties"]["code"] for one in page["features"]]
        following = [one["href"] for one in page["links"] if one["rel"] == "next"]
        path = following[0].removeprefix("http://testserver") if following else ""
    assert sorted(found) == sorted(row["code"] for row in ruled)


def test_files_too(ask, ruled):
    text = ask.raw("collections/lieux/items", f="csv").content.decode()
    assert "nom" not in text.splitlines()[0].split(",")
    assert len(text.splitlines()) == len(ruled) + 1


def test_validators_are_of_what_is_seen(ask, data):
    before = {path: ask.raw(path)["ETag"] for path in ("collections/lieux", "collections/lieux/items", "collections")}
    DataRule.objects.create(
        dataset=Dataset.objects.get(slug="lieux").uid,
        audience="everyone",
        reason="RGPD",
        columns={"nom": {"mask": "hide"}},
    )
    for path, etag in before.items():
        response = ask.raw(path, headers={"If-None-Match": etag})
        assert (response.status_code, response["ETag"] == etag) == (200, False), path
