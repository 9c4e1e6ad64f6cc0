"""Part 4 of the OGC API, as QGIS and other clients speak it."""

from __future__ import annotations

import json

import pytest

from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.pipeline.edits.policies import allow_edits, forbid_edits
from bocage.pipeline.reviews.requirements import require_on
from tests.pipeline.edits.world import Layer, member, rule
from tests.publish.ogc.editing.conftest import Holder

READ = "GET, HEAD, OPTIONS"
POINT = {"type": "Point", "coordinates": [-1.6, 47.25]}
NEW = {
    "type": "Feature",
    "geometry": POINT,
    "properties": {"id": None, "nom": "Neuve", "prises": ["T2"], "meta": {"a": [1, {"b": 2.50}]}},
}


def feature(response):
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def test_a_feature_is_created_read_changed_replaced_and_deleted(contributor):
    made = contributor.ask("POST", "bornes/items", NEW)
    assert made.status_code == 201, made.content
    path = made["Location"].partition("/collections/")[2]
    assert made["Location"].rpartition("/items/")[2]  # what QGIS takes for the identifier
    read = contributor.ask("GET", path)
    assert feature(read)["geometry"] == POINT
    told = feature(read)["properties"]
    assert (told["id"], told["nom"], told["prises"], told["meta"]) == (16, "Neuve", ["T2"], {"a": [1, {"b": 2.5}]})
    assert read["ETag"].strip('"').startswith(made["ETag"].strip('"'))

    patch = {"properties": {"nom": "Autre", "prises": None, "meta": {"c": 3, "a": None}}}
    assert contributor.ask("PATCH", path, patch, "application/merge-patch+json").status_code == 204
    told = feature(contributor.ask("GET", path))
    assert (told["properties"]["nom"], told["properties"]["prises"], told["properties"]["meta"]) == (
        "Autre",
        None,
        {"c": 3},
    )
    assert told["geometry"] == POINT
    assert contributor.ask("PATCH", path, {"geometry": None}, "application/merge-patch+json").status_code == 204
    assert feature(contributor.ask("GET", path))["geometry"] is None

    whole = {"type": "Feature", "id": told["id"], "geometry": POINT, "properties": {"insee": "44109"}}
    assert contributor.ask("PUT", path, whole).status_code == 204
    told = feature(contributor.ask("GET", path))["properties"]
    assert (told["id"], told["nom"], told["insee"]) == (16, None, "44109")
    assert contributor.ask("DELETE", path).status_code == 204
    assert contributor.ask("GET", path).status_code == 404
    assert contributor.ask("DELETE", path).status_code == 404


def test_the_validator_is_that_of_the_feature(contributor, bornes):
    path, other = (f"bornes/items/{bornes.identifier(id=key)}" for key in (10, 11))
    tags = {form: contributor.ask("GET", f"{path}?f={form}")["ETag"] for form in ("json", "jsonfg", "html")}
    assert len(set(tags.values())) == 3
    assert contributor.ask("PATCH", other, {"properties": {"nom": "x"}}).status_code == 204
    assert contributor.ask("GET", f"{path}?f=json", If_None_Match=tags["json"]).status_code == 304
    done = contributor.ask("PATCH", path, {"properties": {"nom": "A"}}, If_Match=f'"other", {tags["html"]}')
    assert done.status_code == 204
    for method, body in (("PATCH", {"properties": {"nom": "B"}}), ("PUT", NEW), ("DELETE", None)):
        assert contributor.ask(method, path, body, If_Match=tags["json"]).status_code == 412
    assert contributor.ask("PATCH", path, {"properties": {"nom": "C"}}, If_Match=done["ETag"]).status_code == 204
    assert contributor.ask("PATCH", path, {"properties": {"nom": "D"}}, If_Match="*").status_code == 204
    assert bornes.rows("nom")[0] == ("D",)


def test_keepers_may_ask_for_a_precondition(contributor, bornes):
    allow_edits(viewer=OPERATOR, dataset=bornes.dataset, key=["id"], conditional=True)
    path = f"bornes/items/{bornes.identifier(id=10)}"
    for headers in ({}, {"If_Match": "*"}):
        assert contributor.ask("DELETE", path, **headers).status_code == 428
    assert contributor.ask("DELETE", path, If_Match=contributor.ask("GET", path)["ETag"]).status_code == 204


@pytest.mark.parametrize(
    ("crs", "coordinates"),
    [
        ("http://www.opengis.net/def/crs/EPSG/0/2154", [354_000.0, 6_690_000.0]),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", [47.25, -1.6]),
    ],
)
def test_coordinates_come_back_in_the_system_in_which_they_were_sent(contributor, crs, coordinates):
    sent = NEW | {"geometry": {"type": "Point", "coordinates": coordinates}}
    made = contributor.ask("POST", "bornes/items", sent, Content_Crs=f"<{crs}>")
    path = made["Location"].partition("/collections/")[2]
    read = feature(contributor.ask("GET", f"{path}?crs={crs}"))
    assert read["geometry"]["coordinates"] == pytest.approx(coordinates, abs=1e-3)
    placed = {"type": "Feature", "place": sent["geometry"], "geometry": None, "coordRefSys": crs, "properties": {}}
    again = contributor.ask("POST", "bornes/items", placed, "application/vnd.ogc.fg+json")
    path = again["Location"].partition("/collections/")[2]
    assert feature(contributor.ask("GET", path))["geometry"]["coordinates"] == pytest.approx(
        feature(contributor.ask("GET", made["Location"].partition("/collections/")[2]))["geometry"]["coordinates"]
    )
    assert contributor.ask("POST", "bornes/items", NEW, Content_Crs="EPSG:99999").status_code == 400


def test_several_at_once_or_none(contributor, bornes):
    collection = {"type": "FeatureCollection", "features": [NEW, NEW]}
    made = contributor.ask("POST", "bornes/items", collection)
    assert made.status_code == 201
    assert len({one["id"] for one in json.loads(made.content)["created"]}) == 2
    assert bornes.version.number == 2  # one version
    collection["features"].append(NEW | {"properties": {"prix": "cher"}})
    refused = contributor.ask("POST", "bornes/items", collection)
    assert refused.status_code == 422
    assert [one["edit"] for one in json.loads(refused.content)["faults"]] == [3]
    assert bornes.version.number == 2


def test_options_say_what_the_caller_may_do(bornes, contributor):
    item = f"bornes/items/{bornes.identifier(id=10)}"
    reader, locked = Holder(member("member")), Holder(member("steward"), read_only=True)
    for path, methods in (("bornes/items", "POST"), (item, "PUT, PATCH, DELETE")):
        assert contributor.ask("OPTIONS", path)["Allow"] == f"{READ}, {methods}"
        for other in (Holder(), reader, locked):
            assert other.ask("OPTIONS", path)["Allow"] == READ
    assert "application/merge-patch+json" in contributor.ask("OPTIONS", item)["Accept-Patch"]
    forbid_edits(viewer=OPERATOR, dataset=bornes.dataset)
    assert contributor.ask("OPTIONS", "bornes/items")["Allow"] == READ
    assert contributor.ask("POST", "bornes/items", NEW).status_code == 405


def test_who_may_not_is_told_why_and_nothing_happens(bornes, contributor):
    item = f"bornes/items/{bornes.identifier(id=10)}"
    reader, locked = Holder(member("member")), Holder(member("steward"), read_only=True)
    asked = (
        ("POST", "bornes/items", NEW),
        ("PUT", item, NEW),
        ("PATCH", item, {"properties": {}}),
        ("DELETE", item, None),
    )
    for method, path, body in asked:
        assert [one.ask(method, path, body).status_code for one in (Holder(), reader, locked)] == [401, 403, 403]
    Dataset.objects.filter(slug="bornes").update(visibility="private")
    for method, path, body in asked:
        hidden = Holder().ask(method, path, body)
        absent = Holder().ask(method, path.replace("bornes", "absente"), body)
        assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert bornes.version.number == 1


def test_a_session_changes_nothing(bornes, contributor):
    """The page of a stranger may send what the browser of a keeper holds."""
    contributor.client.force_login(contributor.user)
    contributor.key = ""
    assert contributor.ask("POST", "bornes/items", NEW).status_code == 401
    assert contributor.ask("DELETE", f"bornes/items/{bornes.identifier(id=10)}").status_code == 401
    assert contributor.ask("OPTIONS", "bornes/items")["Allow"] == READ


GEOJSON = "application/geo+json"


def given(properties="{}", geometry="null"):
    return f'{{"type": "Feature", "geometry": {geometry}, "properties": {properties}}}'


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        *((body, GEOJSON, 400) for body in ("{", "[]", '"x"', "{}", "[" * 5_000, b"\xff\xfe", given("[1]"))),
        *((given(one), GEOJSON, 400) for one in ('{"nom": "\\ud800"}', '{"nom": "a", "nom": "b"}', '{"prix": NaN}')),
        *((given(one), GEOJSON, 422) for one in ('{"prix": "x"}', '{"zut": 1}')),
        (given('{"id": 12}'), GEOJSON, 409),
        (given(geometry='{"type": "Curve"}'), GEOJSON, 422),
        (given(geometry="[1, 2]"), GEOJSON, 422),
        (given(geometry='{"type": "Point", "coordinates": [1, 2, 3, 4, 5]}'), GEOJSON, 422),
        ('{"type": "FeatureCollection", "features": [1]}', GEOJSON, 400),
        (f'{{"type": "FeatureCollection", "features": [{",".join([given()] * 1_001)}]}}', GEOJSON, 413),
        ("<xml/>", "text/xml", 415),
        ("a=b", "application/x-www-form-urlencoded", 415),
    ],
)
def test_hostile_bodies_are_refused(contributor, bornes, body, kind, status):
    refused = contributor.ask("POST", "bornes/items", body, kind)
    assert refused.status_code == status, refused.content
    assert json.loads(refused.content)["description"]
    assert bornes.version.number == 1


def test_a_part_is_edited_by_who_sees_a_part(contributor, bornes):
    rule(bornes.dataset, rows="insee = '44109'", columns={"meta": {"mask": "hide"}})
    hidden, seen = (f"bornes/items/{bornes.identifier(id=key)}" for key in (11, 12))
    absent = f"bornes/items/{'0' * 32}"
    for method, body in (("PATCH", {"properties": {"nom": "à moi"}}), ("PUT", NEW), ("DELETE", None)):
        one, other = (contributor.ask(method, path, body) for path in (hidden, absent))
        assert one.status_code == other.status_code == 404
        assert one.content.replace(hidden[-32:].encode(), b"") == other.content.replace(absent[-32:].encode(), b"")
    assert contributor.ask("PATCH", seen, {"properties": {"insee": "44143"}}).status_code == 422
    assert contributor.ask("PATCH", seen, {"properties": {"meta": {}}}).status_code == 422
    assert contributor.ask("PATCH", seen, {"properties": {"nom": "oui"}}).status_code == 204
    assert [row for row in bornes.rows("id", "nom", "meta") if row[0] == 12] == [(12, "oui", '{"a": 2.50}')]


def test_what_is_reviewed_is_not_offered(contributor, bornes):
    require_on(viewer=OPERATOR, dataset=bornes.dataset)
    assert contributor.ask("OPTIONS", "bornes/items")["Allow"] == READ
    assert contributor.ask("POST", "bornes/items", NEW).status_code == 403


def test_the_versions_say_who_edited(contributor, bornes):
    contributor.ask("POST", "bornes/items", NEW)
    version = Layer("bornes").version
    assert (version.created_by, version.provenance["edited"]["door"]) == (contributor.user, "ogc")
