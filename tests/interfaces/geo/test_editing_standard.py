"""OGC API – Features, part 4 (20-002, draft), annex A: create, replace, update, delete, locking by ETag.

Who may write, what is refused and what becomes of versions: `tests/publish/ogc/editing`, `tests/pipeline/edits`."""

from __future__ import annotations

import json
import re

import pytest

from tests.interfaces.geo.service import GEOJSON, SPEC
from tests.publish.ogc.editing.conftest import Holder, bornes, contributor, edited_layers  # noqa: F401  fixtures

MERGE = "application/merge-patch+json"
NEW = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [-1.553621, 47.218371]},
    "properties": {"nom": "Neuve", "insee": "44109", "prix": 1.5, "ouverte": True},
}
CHANGE = {"geometry": {"type": "Point", "coordinates": [-1.56, 47.22]}, "properties": {"nom": "Changée", "prix": None}}


@pytest.fixture
def writer(contributor) -> Holder:  # noqa: F811
    return contributor


def features(writer: Holder) -> dict[str, dict]:
    return {one["id"]: one for one in json.loads(writer.ask("GET", "bornes/items?f=json").content)["features"]}


def one_of(writer: Holder) -> str:
    """Path of a feature."""
    return f"bornes/items/{next(iter(features(writer)))}"


def read(writer: Holder, path: str) -> dict:
    response = writer.ask("GET", f"{path}?f=json")
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def matches(sent: dict, found: dict) -> None:
    for name, value in sent["properties"].items():
        assert found["properties"][name] == value
    assert found["geometry"] == sent["geometry"]


def test_declared(writer: Holder):
    told = json.loads(writer.client.get("/ogc/conformance", {"f": "json"}).content)["conformsTo"]
    for one in ("create-replace-delete", "update", "optimistic-locking-etags"):
        assert f"{SPEC}ogcapi-common-5/1.0/conf/{one}" in told
    assert f"{SPEC}ogcapi-features-4/1.0/conf/features" in told


@pytest.mark.parametrize(
    ("path", "methods", "header", "kind"),
    [("bornes/items", {"POST"}, "Accept-Post", GEOJSON), ("", {"PUT", "DELETE", "PATCH"}, "Accept-Patch", MERGE)],
)
def test_options(writer: Holder, path: str, methods: set[str], header: str, kind: str):
    """/conf/create-replace-delete/options, /conf/update/options."""
    response = writer.ask("OPTIONS", path or one_of(writer))
    assert response.status_code == 200
    assert methods <= {one.strip() for one in response["Allow"].split(",")}
    assert kind in {one.strip() for one in response[header].split(",")}


def test_create(writer: Holder):
    """/conf/create-replace-delete/create, create-location, create-rid: the server gives the identifier, whatever was sent."""
    before = features(writer)
    response = writer.ask("POST", "bornes/items", NEW | {"id": "chosen"})
    assert response.status_code == 201, response.content
    path = response["Location"].partition("/collections/")[2]
    identifier = path.rpartition("/")[2]
    assert identifier not in before
    made = read(writer, path)
    matches(NEW, made)
    assert made["id"] == identifier
    assert set(features(writer)) == {*before, identifier}


@pytest.mark.parametrize(("method", "body"), [("POST", NEW), ("PUT", NEW), ("PATCH", CHANGE)])
def test_the_type_of_what_is_sent(writer: Holder, method: str, body: dict):
    """/conf/create-replace-delete/content-type, /conf/update/update-content-type: missing is a 400, unknown a 415."""
    path = "bornes/items" if method == "POST" else one_of(writer)
    before = features(writer)
    assert writer.ask(method, path, body, kind="").status_code == 400
    assert writer.ask(method, path, body, kind="application/gml+xml").status_code == 415
    assert writer.ask(method, path, "{not json").status_code == 400
    assert features(writer) == before


def test_replace(writer: Holder):
    """/conf/create-replace-delete/replace, replace-rid: what is not sent is no more."""
    path = one_of(writer)
    before = read(writer, path)
    assert writer.ask("PUT", path, NEW | {"id": before["id"]}).status_code in (200, 204)
    found = read(writer, path)
    matches(NEW, found)
    assert (found["id"], found["properties"]["prises"]) == (before["id"], None)
    assert len(features(writer)) == 6


def test_replace_what_is_absent(writer: Holder):
    """/conf/create-replace-delete/replace-exceptions: nothing is made by PUT, with a precondition as without."""
    assert writer.ask("PUT", "bornes/items/absent", NEW).status_code == 404
    assert writer.ask("PUT", "bornes/items/absent", NEW, If_Match='"xyz"').status_code == 404
    assert writer.ask("GET", "bornes/items/absent").status_code == 404


def test_update(writer: Holder):
    """/conf/update/update: the parts that are sent, and nothing else."""
    path = one_of(writer)
    before = read(writer, path)
    assert writer.ask("PATCH", path, CHANGE, kind=MERGE).status_code in (200, 204)
    found = read(writer, path)
    matches(CHANGE, found)
    assert found["id"] == before["id"]
    for name in before["properties"].keys() - {"lat", "lon"}:  # these two are what the position is made of
        assert found["properties"][name] == CHANGE["properties"].get(name, before["properties"][name])


def test_the_identifier_is_not_changed(writer: Holder):
    """/conf/update/update-rid."""
    path = one_of(writer)
    response = writer.ask("PATCH", path, {"id": "another"}, kind=MERGE)
    assert 400 <= response.status_code < 500
    assert read(writer, path)["id"] == path.rpartition("/")[2]


def test_delete(writer: Holder):
    """/conf/create-replace-delete/delete."""
    path = one_of(writer)
    assert writer.ask("DELETE", path).status_code in (200, 204)
    assert writer.ask("GET", path).status_code == 404
    assert len(features(writer)) == 5


@pytest.mark.parametrize(
    ("method", "body", "kind"), [("PUT", NEW, GEOJSON), ("PATCH", CHANGE, MERGE), ("DELETE", None, GEOJSON)]
)
def test_optimistic_locking(writer: Holder, method: str, body: dict | None, kind: str):
    """/conf/optimistic-locking-etags: 412 and nothing done for another state, done and a new tag for this one."""
    path = one_of(writer)
    before, response = read(writer, path), writer.ask("GET", f"{path}?f=json")
    assert re.fullmatch(r'(W/)?"[^"]*"', response["ETag"])
    assert writer.ask(method, path, body, kind=kind, If_Match='"0"').status_code == 412
    assert read(writer, path) == before
    done = writer.ask(method, path, body, kind=kind, If_Match=response["ETag"])
    assert done.status_code in (200, 204), done.content
    if method == "DELETE":
        assert writer.ask("GET", path).status_code == 404
        return
    assert done["ETag"] != response["ETag"]
    assert writer.ask("GET", f"{path}?f=json")["ETag"] != response["ETag"]
    assert writer.ask(method, path, body, kind=kind, If_Match=response["ETag"]).status_code == 412


def test_coordinates_in_another_system(writer: Holder):
    """/conf/features/…crs: Content-Crs says in which system coordinates are."""
    lambert = NEW | {"geometry": {"type": "Point", "coordinates": [355_577.0, 6_689_723.0]}}
    crs = "<http://www.opengis.net/def/crs/EPSG/0/2154>"
    made = writer.ask("POST", "bornes/items", lambert, Content_Crs=crs)
    assert made.status_code == 201, made.content
    path = made["Location"].partition("/collections/")[2]
    x, y = read(writer, path)["geometry"]["coordinates"]
    assert (x, y) == (pytest.approx(-1.55, abs=0.02), pytest.approx(47.22, abs=0.02))
