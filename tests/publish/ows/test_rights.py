"""What a reader does not see is in no feature, no schema, no count, no extent, no image, no tile, no information."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image

from bocage.access.models import DataRule
from bocage.access.services import create_key
from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from tests.publish.ows.conftest import NS, found, words
from tests.query.table import ROWS

MAP = {
    "request": "GetMap", "styles": "", "format": "image/png", "crs": "CRS:84", "bbox": "-2.2,45.9,0.2,48.3", "width": 480,
    "height": 480,
    "transparent": "true",
}  # fmt: skip
INSIDE = {
    "request": "GetFeatureInfo",
    "layers": "lieux",
    "query_layers": "lieux",
    "width": 8,
    "height": 8,
    "i": 4,
    "j": 4,
}
SEEN = [row for row in ROWS if row["pop"] is not None and row["pop"] > 20]


@pytest.fixture
def ruled(data):
    """Everyone sees the rows of more than 20, without names, on a grid of ten kilometres."""
    DataRule.objects.create(
        dataset=Dataset.objects.get(slug="lieux").uid, audience="everyone", reason="RGPD", rows="pop > 20", grid_m=10_000,
        columns={"nom": {"mask": "hide"}},
    )  # fmt: skip


def private(asking, path: str, **given):
    return asking.raw(path, **given)


ADDRESSES = [
    ("/wfs", {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "{}"}),
    ("/wfs", {"service": "WFS", "version": "2.0.0", "request": "DescribeFeatureType", "typeNames": "{}"}),
    ("/wfs", {"service": "WFS", "version": "2.0.0", "request": "GetPropertyValue", "typeNames": "{}", "valueReference": "nom"}),
    ("/wfs", {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "{}", "resultType": "hits"}),
    ("/wfs/{}", {"service": "WFS", "request": "GetCapabilities"}),
    ("/wms", MAP | {"layers": "{}"}),
    ("/wms", MAP | {"request": "GetFeatureInfo", "layers": "{}", "query_layers": "{}", "i": 1, "j": 1}),
    ("/wms", {"request": "GetLegendGraphic", "layer": "{}"}),
    ("/wms/{}", {"service": "WMS", "request": "GetCapabilities"}),
    ("/wmts/{}", {"service": "WMTS", "request": "GetCapabilities"}),
    ("/wmts/{}/default/WebMercatorQuad/7/44/63.png", {}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "given"), ADDRESSES)
def test_hidden_is_like_absent_and_readers_are_let_in(ask, member, path, given):
    def asked(slug: str):
        return ask.raw(
            path.format(slug),
            **{name: value.format(slug) if isinstance(value, str) else value for name, value in given.items()},
        )

    hidden, absent = asked("agents"), asked("zutzut")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content.replace(b"agents", b"zutzut") == absent.content
    assert asked("lieux")["Cache-Control"] == "no-cache"
    ask.client.force_login(member)
    response = asked("agents")
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store"), response.content[:300]


@pytest.mark.parametrize("name", ["wfs", "wms", "wmts"])
def test_a_key_in_the_address_opens_what_its_owner_reads(ask, member, request, name):
    service = request.getfixturevalue(name)
    _key, secret = create_key(viewer=Viewer(member.pk), owner=member, name="QGIS")
    for parameter in ("apikey", "APIKEY"):
        response = service.raw(request="GetCapabilities", **{parameter: secret})
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
        assert b"agents" in response.content
    # Tools that cannot send a header ask the addresses of the capabilities: the key of the asker is there, for the asker alone.
    by_header = service.raw(request="GetCapabilities", headers={"Authorization": f"Apikey {secret}"})
    assert b"agents" in by_header.content
    assert secret.encode() not in by_header.content
    assert service.raw(request="GetCapabilities", apikey="wrong").status_code == 401


def test_a_key_is_in_no_feature(wfs, member):
    _key, secret = create_key(viewer=Viewer(member.pk), owner=member, name="QGIS")
    response = wfs.raw(request="GetFeature", typeNames="agents", count=1, apikey=secret)
    assert response.status_code == 200
    assert secret not in response.content.decode()


def test_features_are_those_that_are_seen(wfs, ruled):
    root = wfs(request="GetFeature", typeNames="lieux")
    assert words(root, "wfs:member/bocage:lieux/bocage:code") == [row["code"] for row in SEEN]
    assert root.get("numberMatched") == str(len(SEEN))
    assert not found(root, ".//bocage:nom")
    assert not found(root, ".//gml:Polygon")
    schema = wfs(request="DescribeFeatureType", typeNames="lieux")
    assert "nom" not in {one.get("name") for one in schema.iter()}
    types = {
        one.findtext("wfs:Name", None, NS): one for one in found(wfs(request="GetCapabilities"), ".//wfs:FeatureType")
    }
    box = types["bocage:lieux"]
    assert box.findtext("ows:WGS84BoundingBox/ows:LowerCorner", None, NS) == "-180 -90"


@pytest.mark.parametrize(
    "given",
    [{"propertyName": "nom"}, {"sortBy": "nom"},
     {"filter": "<Filter><PropertyIsNull><ValueReference>nom</ValueReference></PropertyIsNull></Filter>"},
     {"filter": "<Filter><PropertyIsLike><ValueReference>NOM</ValueReference><Literal>N*</Literal></PropertyIsLike></Filter>"},
     {"request": "GetPropertyValue", "valueReference": "nom"}],
)  # fmt: skip
def test_a_hidden_field_does_not_exist(wfs, ruled, given):
    hidden = wfs.raw(**({"request": "GetFeature", "typeNames": "lieux"} | given))
    absent = wfs.raw(
        **{
            name: value.replace("nom", "zut").replace("NOM", "ZUT")
            for name, value in ({"request": "GetFeature", "typeNames": "lieux"} | given).items()
        }
    )
    assert hidden.status_code == absent.status_code == 400
    assert hidden.content.lower().replace(b"nom", b"zut") == absent.content.lower().replace(b"nom", b"zut")


def test_hidden_rows_answer_no_question(wfs, wms, ruled):
    hidden = next(row for row in ROWS if row["pop"] is not None and row["pop"] <= 20)
    compared = f"<ValueReference>code</ValueReference><Literal>{hidden['code']}</Literal>"
    equal = f"<Filter><PropertyIsEqualTo>{compared}</PropertyIsEqualTo></Filter>"
    assert wfs(request="GetFeature", typeNames="lieux", resultType="hits", filter=equal).get("numberMatched") == "0"
    every = wms.raw(**(MAP | INSIDE | {"feature_count": 50}), info_format="application/json")
    features = json.loads(every.content)["features"]
    assert features
    assert {one["properties"]["code"] for one in features} <= {row["code"] for row in SEEN}
    assert all("nom" not in one["properties"] for one in features)


def test_images_show_what_is_seen(wms, ask, data):
    def image():
        return np.asarray(Image.open(io.BytesIO(wms.raw(**MAP, layers="lieux").content)))

    whole = image()
    DataRule.objects.create(
        dataset=Dataset.objects.get(slug="lieux").uid, audience="everyone", reason="RGPD", rows="pop > 20"
    )
    part = image()
    assert (part[..., 3] > 0).sum() < (whole[..., 3] > 0).sum()
    hidden = [row for row in ROWS if row["contour"] is not None and row not in SEEN]
    shown = [row for row in ROWS if row["contour"] is not None and row in SEEN]
    union = shown[0]["contour"].buffer(0.02)
    for row in shown:
        union = union.union(row["contour"].buffer(0.02))
    alone = [row["contour"].centroid for row in hidden if not union.contains(row["contour"].centroid)]
    assert alone
    for place in alone:
        assert part[int((48.3 - place.y) / 2.4 * 480), int((place.x + 2.2) / 2.4 * 480)][3] == 0
    before = wms.raw(**MAP, layers="lieux")["ETag"]
    DataRule.objects.filter(rows="pop > 20").update(rows="pop > 30")
    assert wms.raw(**MAP, layers="lieux")["ETag"] != before
    assert ask.raw("/wmts/lieux/default/WebMercatorQuad/7/44/63.png").status_code == 200


def test_blurred_positions_are_drawn_where_they_are_said_to_be(wms, ruled):
    """No outline of a shape is left: discs alone."""
    blurred = np.asarray(Image.open(io.BytesIO(wms.raw(**MAP, layers="lieux").content)))
    assert (blurred[..., 3] > 0).any()
    from bocage.access.viewer import ANONYMOUS
    from bocage.query.coordinates import CRS84
    from bocage.query.drawings import drawing
    from bocage.query.windows import Window
    from tests.publish.ows.test_images import relation

    made = drawing(ANONYMOUS, relation("lieux"), Window(CRS84, -2.2, 45.9, 0.2, 48.3, 480, 480))
    assert (made.areas, made.lines) == ((), ())
    assert sum(made.dots.column("count").to_pylist()) == sum(row["contour"] is not None for row in SEEN)


def test_a_hidden_geometry_is_no_layer(wms, wfs, data):
    DataRule.objects.create(
        dataset=Dataset.objects.get(slug="lieux").uid, audience="everyone", reason="RGPD",
        columns={"centre": {"mask": "hide"}, "contour": {"mask": "hide"}},
    )  # fmt: skip
    assert "lieux" not in words(wms(request="GetCapabilities"), ".//wms:Name")
    assert not np.asarray(Image.open(io.BytesIO(wms.raw(**MAP, layers="lieux").content))).any()
    info = wms.raw(**(MAP | INSIDE), info_format="application/json")
    assert json.loads(info.content)["features"] == []
    assert not found(wfs(request="GetFeature", typeNames="lieux"), ".//gml:pos")
