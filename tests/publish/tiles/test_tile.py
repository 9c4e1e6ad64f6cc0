"""A tile at its address: what it holds, what it is not, and how it may be kept."""

from __future__ import annotations

import gzip
import json

import pytest

from bocage.access.models import DataRule
from bocage.access.services import create_key
from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from tests.publish.tiles.conftest import MVT, TREES, read_tile

WORLD = "/tiles/arbres/0/0/0.mvt"
NEAR = "/tiles/arbres/7/63/45.mvt"
"""47.04 to 48.92 north, 2.8 to 0 west."""
OGC = "/ogc/collections/arbres/tiles/WebMercatorQuad"


def counted(features):
    return sum(int(one.get("_count", 1)) for one in features)


def test_a_tile_is_one_layer_of_the_dataset(ask):
    response = ask.raw(WORLD)
    assert (response.status_code, response["Content-Type"]) == (200, MVT)
    assert counted(read_tile(response.content)) == TREES
    assert b"arbres" in response.content


def test_both_addresses_give_the_same_tile_the_row_before_the_column_in_the_standard(ask):
    plain, standard = ask.raw(NEAR), ask.raw(f"{OGC}/7/45/63")
    assert plain.content == standard.content
    assert plain.content
    assert ask.raw(f"{OGC}/7/63/45").status_code == 204


def test_the_national_grid_too(ask):
    response = ask.raw("/ogc/collections/arbres/tiles/LAMB93/0/0/0")
    assert counted(read_tile(response.content)) == TREES


def test_where_nothing_is(ask):
    response = ask.raw("/tiles/arbres/7/0/0.mvt")
    assert (response.status_code, response.content, "Content-Type" in response) == (204, b"", False)
    assert response["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        "1/2/0", "1/0/2", "0/0/1", "23/0/0", "99/0/0", "-1/0/0", "0/-1/0", "a/0/0", "0/a/0", "1.5/0/0", "١/0/0", "²/0/0",
        f"{'9' * 400}/0/0", f"0/{'9' * 40}/0", "0/0/4294967296", "0x1/0/0", "%2e%2e/0/0", "NaN/0/0", "1e3/0/0", "+1/0/0", " 0/0/0",
    ],
)  # fmt: skip
def test_what_is_outside_is_a_404_that_says_so(ask, path):
    for address in (f"/tiles/arbres/{path}.mvt", f"{OGC}/{path}"):
        response = ask.raw(address)
        assert response.status_code == 404, (address, response.status_code)
        assert json.loads(response.content)["code"] == "NotFound"


@pytest.mark.parametrize("path", ["/tiles/agents/0/0/0.mvt", "/tiles/absent/0/0/0.mvt", "/tiles/noms/0/0/0.mvt",
                                  "/ogc/collections/arbres/tiles/Absent/0/0/0", "/tiles/agents.json", "/tiles/noms.json",
                                  "/tiles/agents.pmtiles", "/tiles/noms.pmtiles", "/tiles/agents.fgb", "/tiles/noms.fgb",
                                  "/tiles/arbres/7.pmtiles", "/tiles/arbres/9999999999.fgb"])  # fmt: skip
def test_hidden_absent_and_without_shape_are_one_404(ask, path):
    absent = ask.raw("/tiles/nowhere/0/0/0.mvt")
    response = ask.raw(path)
    assert (response.status_code, response.content) == (404, absent.content)


@pytest.mark.parametrize("given", [
    {"filter": "n >"}, {"filter": "absent = 1"}, {"properties": "absent"}, {"datetime": "hier"}, {"unknown": "1"}, {"n": "many"},
    {"filter": "n > 1", "filter__lang": "sql"}, {"f": "html"}, {"filter": "x" * 100_001}, {"limit": "3"},
])  # fmt: skip
def test_what_is_wrong_is_a_400(ask, given):
    for address in (WORLD, "/tiles/arbres.json"):
        response = ask.raw(address, **given)
        assert (response.status_code, json.loads(response.content)["code"]) == (400, "InvalidParameterValue"), address


@pytest.mark.parametrize(
    "given", [{"filter": "n < 100"}, {"kind": "chêne"}, {"datetime": "2020-01-01T00:00:00Z/2020-01-01T00:01:00Z"}]
)
def test_filters_are_those_of_features(ask, given):
    wanted = ask("/ogc/collections/arbres/items", resultType="hits", **given)["numberMatched"]
    assert 0 < wanted < TREES
    assert counted(ask.features(WORLD, **given)) == wanted


def test_properties_are_chosen(ask):
    deep = [one for column in range(62, 65) for row in range(44, 47)
            for one in ask.features(f"/tiles/arbres/7/{column}/{row}.mvt", properties="kind")]  # fmt: skip
    single = [one for one in deep if "_count" not in one]
    assert single
    assert all(set(one) <= {"kind", "_id", "mvt_id"} for one in single)


def test_validators_are_strong_and_each_encoding_has_its_own(ask):
    plain = ask.raw(WORLD)
    squeezed = ask.raw(WORLD, headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert gzip.decompress(squeezed.content) == plain.content
    assert (squeezed["Content-Encoding"], "Content-Encoding" in plain) == ("gzip", False)
    assert plain["ETag"] != squeezed["ETag"]
    assert not plain["ETag"].startswith("W/")
    for answer, headers in ((plain, {}), (squeezed, {"Accept-Encoding": "gzip"})):
        assert "Accept-Encoding" in answer["Vary"]
        again = ask.raw(WORLD, headers={"If-None-Match": answer["ETag"]} | headers)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    assert ask.raw(WORLD, headers={"If-None-Match": squeezed["ETag"]}).status_code == 200
    assert "Content-Encoding" not in ask.raw(WORLD, headers={"Accept-Encoding": "gzip;q=0"})
    others = [ask.raw(WORLD, kind="chêne"), ask.raw(NEAR), ask.raw(WORLD, properties="n")]
    assert len({plain["ETag"], *(one["ETag"] for one in others)}) == 4


def test_only_the_headers(ask):
    whole, head = ask.raw(WORLD), ask.raw(WORLD, "head")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])
    assert head["Content-Length"] == str(len(whole.content))


def test_methods_and_other_pages(ask):
    assert ask.raw(WORLD)["Access-Control-Allow-Origin"] == "*"
    assert ask.raw(WORLD, "options").status_code == 204
    assert ask.raw(WORLD, "post").status_code == 405
    assert ask.raw(WORLD, headers={"Accept": "image/png"}).status_code == 406


def test_open_tiles_are_kept_a_moment_and_those_of_a_version_a_day(ask):
    assert ask.raw(WORLD)["Cache-Control"] == "public, max-age=60, must-revalidate"
    described = ask("/tiles/arbres.json")
    address = described["tiles"][0].removeprefix("http://testserver").format(z=0, x=0, y=0)
    response = ask.raw(address)
    assert response["Cache-Control"] == "public, max-age=86400, immutable"
    assert response["ETag"] == ask.raw(WORLD)["ETag"]
    assert ask.raw(WORLD, version="former")["Cache-Control"] == "public, max-age=60, must-revalidate"


def test_a_tile_of_a_private_dataset_is_of_its_readers_and_kept_by_nobody(ask, member):
    ask.client.force_login(member)
    response = ask.raw("/tiles/agents/0/0/0.mvt")
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert "Cookie" in response["Vary"]
    known = ask.raw("/tiles/agents/0/0/0.mvt", headers={"If-None-Match": response["ETag"]})
    assert (known.status_code, known["Cache-Control"]) == (304, "private, no-store")
    ask.client.logout()
    assert ask.raw("/tiles/agents/0/0/0.mvt", headers={"If-None-Match": response["ETag"]}).status_code == 404


def test_a_key_opens_it_and_is_in_no_answer(ask, member):
    _key, secret = create_key(viewer=Viewer(member.pk), owner=member, name="QGIS")
    response = ask.raw("/tiles/agents.json", apikey=secret)
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert secret not in response.content.decode()
    assert ask.raw("/tiles/agents/0/0/0.mvt", headers={"Authorization": f"Apikey {secret}"}).status_code == 200
    assert ask.raw("/tiles/agents/0/0/0.mvt", headers={"Authorization": "Apikey wrong"}).status_code == 401


def test_who_sees_a_part_is_given_that_part(ask, arbres):
    before = {path: ask.raw(path) for path in (WORLD, NEAR, "/tiles/arbres.json")}
    oaks = ask("/ogc/collections/arbres/items", resultType="hits", kind="chêne")["numberMatched"]
    DataRule.objects.create(dataset=arbres.uid, audience="everyone", reason="RGPD", rows="kind = 'chêne'",
                            columns={"n": {"mask": "hide"}})  # fmt: skip
    assert counted(ask.features(WORLD)) == oaks
    for path, old in before.items():
        response = ask.raw(path, headers={"If-None-Match": old["ETag"]})
        assert (response.status_code, response["ETag"] == old["ETag"]) == (200, False), path
        assert response["Cache-Control"] == "no-cache"
    found = [one for column in range(62, 65) for row in range(44, 47)
             for one in ask.features(f"/tiles/arbres/7/{column}/{row}.mvt")]  # fmt: skip
    assert all("n" not in one and one.get("kind", "chêne") == "chêne" for one in found)
    described = ask("/tiles/arbres.json")
    assert "n" not in described["vector_layers"][0]["fields"]
    assert "bounds" not in described
    for given in ({"filter": "n > 1"}, {"n": "3"}, {"properties": "n"}):
        refused, absent = ask.raw(WORLD, **given), ask.raw(WORLD, **json.loads(json.dumps(given).replace("n", "q")))
        assert refused.status_code == absent.status_code == 400


def test_where_positions_are_kept_there_are_no_tiles(ask, arbres):
    DataRule.objects.create(dataset=arbres.uid, audience="everyone", reason="RGPD", columns={"geo": {"mask": "hide"}})
    files = (f"/tiles/arbres.{suffix}" for suffix in ("json", "fgb", "pmtiles"))
    for path in (WORLD, OGC, *files, "/ogc/collections/arbres/tiles", "/ogc/collections/arbres/styles"):
        assert ask.raw(path).status_code == 404, path
    relations = {one["rel"] for one in ask("/ogc/collections/arbres")["links"]}
    assert not {one for one in relations if "tilesets" in one or "styles" in one or one == "enclosure"}


def test_a_dataset_that_is_withdrawn_is_not_kept_for_long(ask, arbres):
    token = ask("/tiles/arbres.json")["tiles"][0].rpartition("version=")[2]
    Dataset.objects.filter(pk=arbres.pk).update(visibility="private")
    assert ask.raw(WORLD, version=token).status_code == 404
