"""A style that looks at what is kept from a reader draws nothing for them: neither its rules, nor its legend, nor its pictures."""

from __future__ import annotations

import pytest

from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from tests.security.gis.test_two_worlds import AROUND, same
from tests.security.gis.world import first, ows
from tests.security.hidden.world import World

pytestmark = pytest.mark.django_db
RULE = (
    "<Rule><Title>Au-dessus</Title><Filter xmlns='http://www.opengis.net/ogc'><PropertyIsGreaterThan><PropertyName>prix</PropertyName>"
    "<Literal>6000000</Literal></PropertyIsGreaterThan></Filter><PointSymbolizer><Graphic><Mark><WellKnownName>circle"
    "</WellKnownName><Fill><CssParameter name='fill'>#ff0000</CssParameter></Fill></Mark><Size>40</Size></Graphic>"
    "</PointSymbolizer></Rule>"
)
SLD = (
    "<StyledLayerDescriptor version='1.0.0' xmlns='http://www.opengis.net/sld'><NamedLayer><Name>arbres</Name><UserStyle>"
    f"<FeatureTypeStyle>{RULE}</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"
)
DOORS = {
    "map": ows("wms", "GetMap", layers="arbres", styles="", **AROUND),
    "map named": ows("wms", "GetMap", layers="arbres", styles="prix", **AROUND),
    "legend": ows("wms", "GetLegendGraphic", layer="arbres", format="image/png"),
    "wmts": "/wmts/arbres/default/WebMercatorQuad/9/179/253.png",
    "capabilities": "/wms/arbres?service=WMS&request=GetCapabilities",
    "wmts capabilities": "/wmts/arbres?service=WMTS&request=GetCapabilities",
    "styles": "/ogc/collections/arbres/styles",
    "style": "/ogc/collections/arbres/styles/default?f=mapbox",
    "sld": "/ogc/collections/arbres/styles/prix?f=sld10",
    "metadata": "/ogc/collections/arbres/styles/prix/metadata",
    "qgis": "/qgis/arbres.qlr",
    "project": "/qgis/arbres.qgs",
    "page": "/explore/dataset/arbres/map/",
    "sheet": "/explore/dataset/arbres/map/sheet/?paper=a4&scale=25000",
}
QUICK = frozenset({"map", "legend", "style"})
PICTURES = frozenset({"map", "map named", "wmts"})


@pytest.fixture
def styled(world: World) -> World:
    owner = world.people["steward"]
    _key, text = create_key(viewer=viewer_of(owner), owner=owner, name="Styles", read_only=False)
    for name in ("default", "prix"):
        answer = world.clients["stranger"].put(
            f"/ogc/collections/arbres/styles/{name}?title=Selon", SLD, content_type="application/vnd.ogc.sld+xml",
            headers={"authorization": f"Apikey {text}"},
        )  # fmt: skip
        assert answer.status_code == 201, answer.content
    return world


@pytest.mark.parametrize("door", first(QUICK, DOORS))
def test_a_style_of_what_is_hidden_does_not_exist(styled: World, door: str) -> None:
    """The prices of the two worlds are on either side of the rule."""
    same(styled, DOORS[door], steward=door in PICTURES)
    for reader in ("member",):
        body = styled.ask(reader, DOORS[door])[1]
        assert b"6000000" not in body
        assert b"Au-dessus" not in body
