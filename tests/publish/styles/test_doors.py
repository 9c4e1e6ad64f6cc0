"""One style on every door: drawn the same, and never telling what its reader may not see."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from django.utils import translation
from PIL import Image

from bocage.access.models import DataRule
from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Style
from bocage.catalog.styles.choices import Band, Category, Choices, Rest
from bocage.catalog.styles.models import Encoding
from bocage.catalog.styles.services import draw_with, save_style
from tests.publish.styles.documents import layer

RED, BLUE, GREEN = "#cc0011", "#1144cc", "#00aa33"
BY_KIND = Choices(
    "category", "kind", width=1.0,
    categories=(
        Category("chêne", "Grands chênes", RED), Category("hêtre", "Hêtres cachés", BLUE), Category("frêne", "Frênes", GREEN)),
)  # fmt: skip
BY_NUMBER = Choices(
    "class", "n", bands=(Band(None, 437.25, "Sous la limite", BLUE), Band(437.25, None, "Au-dessus de la limite", RED))
)
WMS = "/wms?service=WMS&version=1.3.0&"
HERE = "crs=CRS:84&bbox=-2.1,46.4,0.1,48.6&width=600&height=600&format=image/png&transparent=true"
DOORS = {
    "styles": "/ogc/collections/arbres/styles", "maplibre": "/ogc/collections/arbres/styles/default?f=mapbox",
    "named": "/ogc/collections/arbres/styles/essences?f=mapbox", "sld": "/ogc/collections/arbres/styles/default?f=sld10",
    "page": "/ogc/collections/arbres/styles/essences?f=html", "metadata": "/ogc/collections/arbres/styles/essences/metadata",
    "map": "/explore/dataset/arbres/map/", "map named": "/explore/dataset/arbres/map/?style=essences",
    "sheet": "/explore/dataset/arbres/map/sheet/?view=9/47.5/-1", "qgs": "/qgis/arbres.qgs", "qlr": "/qgis/arbres.qlr",
    "wms": "/wms/arbres?service=WMS&version=1.3.0&request=GetCapabilities",
    "wmts": "/wmts/arbres?service=WMTS&version=1.0.0&request=GetCapabilities",
}  # fmt: skip


def keep(arbres, choices: Choices, identifier: str = "essences", *, is_default: bool = True) -> None:
    save_style(viewer=OPERATOR, dataset=arbres, identifier=identifier, encoding=Encoding.CHOICES, content=choices.written(),
               title="Par essence", is_default=is_default)  # fmt: skip


def colours(content: bytes) -> set[tuple[int, int, int]]:
    """Those that are there without blending."""
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))
    opaque = pixels[pixels[:, :, 3] == 255][:, :3]
    found, counts = np.unique(opaque, axis=0, return_counts=True)
    return {tuple(int(one) for one in color) for color, count in zip(found, counts, strict=True) if count > 20}


def rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def rule(arbres, **limits) -> None:
    DataRule.objects.create(dataset=arbres.uid, audience="everyone", reason="RGPD", **limits)


def test_every_door_tells_the_style(ask, arbres):
    keep(arbres, BY_KIND)
    for name, address in DOORS.items():
        response = ask.raw(address)
        assert response.status_code == 200, name
        if name not in ("styles", "wms", "wmts", "metadata"):
            assert "chêne" in response.content.decode() or r"ch\u00ea" in response.content.decode(), name
    assert ask(DOORS["styles"])["default"] == "essences"
    assert b">essences<" in ask.raw(DOORS["wms"]).content
    page = ask.raw(DOORS["map"]).content.decode()
    assert "properties=kind" in page
    assert "Grands chênes" in page
    assert 'fill="#cc0011"' in page


def test_images_are_drawn_by_it(ask, arbres):
    plain = ask.raw(f"{WMS}request=GetMap&layers=arbres&styles=&{HERE}")
    keep(arbres, BY_KIND)
    drawn = ask.raw(f"{WMS}request=GetMap&layers=arbres&styles=&{HERE}")
    assert {rgb(RED), rgb(BLUE), rgb(GREEN)} <= colours(drawn.content)
    assert drawn["ETag"] != plain["ETag"]
    assert ask.raw(f"{WMS}request=GetMap&layers=arbres&styles=essences&{HERE}").content == drawn.content
    assert ask.raw(f"{WMS}request=GetMap&layers=arbres&styles=usual&{HERE}").content == plain.content
    assert ask.raw(f"{WMS}request=GetMap&layers=arbres&styles=absent&{HERE}").status_code == 400
    oaks = f"{WMS}request=GetMap&layers=arbres&styles=&{HERE}&cql_filter=kind='chêne'"
    assert colours(ask.raw(oaks).content) & {rgb(RED), rgb(BLUE), rgb(GREEN)} == {rgb(RED)}
    legend = ask.raw(f"{WMS}request=GetLegendGraphic&layer=arbres&format=image/png").content
    assert {rgb(RED), rgb(BLUE), rgb(GREEN)} <= colours(legend)
    tile = ask.raw("/wmts/arbres/default/WebMercatorQuad/7/44/63.png")
    assert rgb(RED) in colours(tile.content)


def test_a_style_by_a_masked_column_does_not_exist_for_its_readers(ask, arbres):
    nothing = {name: ask.raw(address).content for name, address in DOORS.items()}
    plain = ask.raw(f"{WMS}request=GetMap&layers=arbres&styles=&{HERE}").content
    keep(arbres, BY_KIND)
    rule(arbres, columns={"kind": {"mask": "hide"}})
    for name, address in DOORS.items():
        told = ask.raw(address).content.decode()
        for secret in ("hêtre", "Hêtres", "h\\u00ea", "cachés", "essences", "Par essence", BLUE, "17,68,204"):
            assert secret not in told.replace("style=essences", "").replace("styles/essences", ""), (name, secret)
    assert ask.raw(DOORS["named"]).status_code == 404
    assert ask.raw(f"{WMS}request=GetMap&layers=arbres&styles=&{HERE}").content == plain
    assert ask.raw(f"{WMS}request=GetMap&layers=arbres&styles=essences&{HERE}").status_code == 400
    legend = ask.raw(f"{WMS}request=GetLegendGraphic&layer=arbres&style=essences&format=image/png")
    assert legend.status_code == 400
    assert json.loads(nothing["maplibre"])["layers"] == ask(DOORS["maplibre"])["layers"]


@pytest.mark.parametrize("columns", [{"kind": {"mask": "truncate", "to": "1"}}, {"kind": {"mask": "pseudonym"}}])
def test_other_masks_too(ask, arbres, columns):
    keep(arbres, BY_KIND)
    rule(arbres, columns=columns)
    for name in ("maplibre", "sld", "map", "qgs"):
        assert "Hêtres" not in ask.raw(DOORS[name]).content.decode()


def test_classes_that_no_row_of_the_reader_has_are_told_by_no_door(ask, arbres):
    keep(arbres, BY_KIND)
    rule(arbres, rows="kind != 'hêtre'")
    for name, address in DOORS.items():
        told = ask.raw(address)
        assert told.status_code == 200, name
        content = told.content.decode()
        assert not [one for one in ("hêtre", "Hêtres", "h\\u00eatre", BLUE, "17,68,204") if one in content], name
    assert "Grands chênes" in ask.raw(DOORS["map"]).content.decode()
    seen = colours(ask.raw(f"{WMS}request=GetMap&layers=arbres&styles=&{HERE}").content)
    assert seen & {rgb(RED), rgb(BLUE), rgb(GREEN)} == {rgb(RED), rgb(GREEN)}
    assert rgb(BLUE) not in colours(ask.raw(f"{WMS}request=GetLegendGraphic&layer=arbres&format=image/png").content)


def test_small_counts_that_are_suppressed_are_in_no_legend(ask, arbres):
    keep(arbres, BY_KIND)
    rule(arbres, threshold=5, dimensions=["kind", "geo"])  # no two trees are at the same place
    for name in ("maplibre", "sld", "map", "qgs"):
        content = ask.raw(DOORS[name]).content.decode()
        assert not [one for one in ("hêtre", "chêne", "frêne", "Hêtres") if one in content], name


def test_bounds_of_all_the_rows_are_not_for_who_sees_some(ask, arbres):
    keep(arbres, BY_NUMBER)
    assert "Au-dessus de la limite" in ask.raw(DOORS["map"]).content.decode()
    rule(arbres, rows="kind = 'chêne'")
    for name, address in DOORS.items():
        told = ask.raw(address).content.decode()
        assert not [one for one in ("437.25", "437,25", "limite") if one in told], name
    assert ask(DOORS["styles"])["default"] == "usual"


def test_layers_of_maplibre_that_name_a_field_are_not_for_who_sees_some_rows(ask, arbres):
    paint = {"circle-color": ["match", ["get", "kind"], "hêtre", BLUE, RED]}
    content = json.dumps({"version": 8, "layers": [layer(paint=paint)]}).encode()
    save_style(
        viewer=OPERATOR, dataset=arbres, identifier="x", encoding=Encoding.MAPLIBRE, content=content, is_default=True
    )
    assert rgb(BLUE) in colours(ask.raw(f"{WMS}request=GetMap&layers=arbres&styles=&{HERE}").content)
    assert "PropertyIsEqualTo" in ask.raw(DOORS["sld"]).content.decode()
    assert "hêtre" in ask.raw(DOORS["qgs"]).content.decode()
    rule(arbres, rows="kind != 'hêtre'")
    for name in ("maplibre", "sld", "map", "qgs", "qlr", "styles"):
        assert "hêtre" not in ask.raw(DOORS[name]).content.decode()


def test_labels_alone_are_for_who_sees_some_rows(ask, arbres):
    keep(arbres, Choices(color=BLUE, label="kind"))
    rule(arbres, rows="kind = 'chêne'")
    assert ["to-string", ["get", "kind"]] in [
        one.get("layout", {}).get("text-field") for one in ask(DOORS["maplibre"])["layers"]
    ]
    DataRule.objects.all().delete()
    rule(arbres, columns={"kind": {"mask": "hide"}})
    assert ask(DOORS["styles"])["default"] == "usual"


def test_filtered_tiles_hold_the_values_that_draw_them(ask, arbres):
    keep(arbres, BY_KIND)
    address = "/explore/dataset/arbres/map/tiles/9/255/180.mvt"
    found = [
        one
        for row in range(176, 184)
        for one in ask.features(f"/explore/dataset/arbres/map/tiles/9/253/{row}.mvt?style=essences")
    ]
    assert {one["kind"] for one in found if "kind" in one} <= {"chêne", "hêtre", "frêne"}
    assert found
    rule(arbres, columns={"kind": {"mask": "hide"}})
    assert ask.raw(f"{address}?style=essences").status_code == 200
    hidden = [
        one
        for row in range(176, 184)
        for one in ask.features(f"/explore/dataset/arbres/map/tiles/9/253/{row}.mvt?style=essences")
    ]
    assert not any("kind" in one for one in hidden)


def test_another_style_is_chosen_on_the_map(ask, arbres):
    keep(arbres, BY_KIND)
    keep(arbres, BY_NUMBER, "nombres", is_default=False)
    page = ask.raw("/explore/dataset/arbres/map/?style=nombres").content.decode()
    assert "Au-dessus de la limite" in page
    assert 'name="style" value="nombres"' in page
    assert '<option value="nombres" selected>' in page
    assert "Grands chênes" in ask.raw("/explore/dataset/arbres/map/?style=absent").content.decode()
    with translation.override("fr"):
        assert "Seen from afar" not in ask.raw("/explore/dataset/arbres/map/?style=usual").content.decode()


def test_one_style_at_most_draws_the_dataset(ask, arbres):
    keep(arbres, BY_KIND)
    keep(arbres, BY_NUMBER, "nombres")
    assert list(Style.objects.filter(is_default=True).values_list("identifier", flat=True)) == ["nombres"]
    draw_with(viewer=OPERATOR, dataset=arbres, identifier="usual")
    assert ask(DOORS["styles"])["default"] == "usual"


def test_qgis_is_told_categories_and_classes(ask, arbres):
    keep(arbres, BY_KIND)
    renderer = next(ET.fromstring(ask.raw(DOORS["qgs"]).content).iter("renderer-v2"))
    assert (renderer.get("type"), len(list(renderer.iter("rule")))) == (
        "RuleRenderer",
        5,
    )  # others, and without a value
    keep(arbres, replace(BY_KIND, missing=Rest("", "#888888", drawn=False)))
    root = ET.fromstring(ask.raw(DOORS["qgs"]).content)
    renderer = next(root.iter("renderer-v2"))
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", '"kind"')
    assert {one.get("value"): one.get("label") for one in renderer.iter("category")}["chêne"] == "Grands chênes"
    assert any("\"kind\" = 'chêne'" in (one.get("expression") or "") for one in root.iter("style"))
    keep(arbres, replace(BY_NUMBER, missing=Rest("", "#888888", drawn=False)))
    renderer = next(ET.fromstring(ask.raw(DOORS["qgs"]).content).iter("renderer-v2"))
    assert renderer.get("type") == "graduatedSymbol"
    assert [(one.get("lower"), one.get("upper")) for one in renderer.iter("range")] == [
        ("437.25", "1e+300"),
        ("-1e+300", "437.25"),
    ]
