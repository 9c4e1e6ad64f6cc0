"""Requests made to cost much: refused by their size, before they are worked on."""

from __future__ import annotations

import json
import time

import pytest

from tests.security.hidden.world import World

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
POLYGON = (
    "<gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>{}</gml:posList></gml:LinearRing>"
    "</gml:exterior></gml:Polygon></gml:surfaceMember>"
)
LONGEST = 5.0
"""Seconds of this process, of what took minutes."""


def square(x: float, y: float, *, hole: bool = False) -> list[list[float]]:
    corners = [[x, y], [x, y + 1], [x + 1, y + 1], [x, y]]
    return corners[::-1] if hole else corners


def asked(world: World, rings: list[list[list[float]]]) -> dict[str, object]:
    given = {"f": "json", "where": "1=1", "returnCountOnly": "true", "geometryType": "esriGeometryPolygon",
             "geometry": json.dumps({"rings": rings})}  # fmt: skip
    address = "/arcgis/rest/services/arbres/FeatureServer/0/query"
    answer = world.clients["steward"].post(address, given)
    found: dict[str, object] = json.loads(answer.content)
    return found


def test_holes_are_not_looked_for_in_thousands_of_rings(world: World) -> None:
    """Nine thousand of each: every hole was compared with every ring, for minutes, with the interpreter's lock held."""
    rings = [square(rank % 100, rank % 80) for rank in range(9_000)]
    started = time.process_time()
    found = asked(world, rings + [square(-150, -60, hole=True)] * 9_000)
    assert time.process_time() - started < LONGEST
    assert found["error"]["code"] == 400  # type: ignore[index]


def test_a_filter_of_this_interface_has_no_more_positions_than_in_another(world: World) -> None:
    ring = [[rank / 1e4, rank % 2] for rank in range(5_100)]
    assert asked(world, [[*ring, ring[0]]])["error"]["code"] == 400  # type: ignore[index]
    assert "count" in asked(world, [[*ring[:4_000], ring[0]]])


def test_positions_are_counted_in_all_the_geometries_of_a_filter(world: World) -> None:
    """Sixteen rings of four thousand positions were compared with each row."""
    ring = " ".join(f"{47 + rank / 1e4} {rank % 2}" for rank in range(2_000)) + " 47.0 0"
    surface = f'<gml:MultiSurface srsName="EPSG:4326">{POLYGON.format(ring) * 4}</gml:MultiSurface>'
    document = (
        '<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0" '
        'xmlns:gml="http://www.opengis.net/gml/3.2" service="WFS" version="2.0.0"><wfs:Query typeNames="arbres"><fes:Filter>'
        f"<fes:Intersects><fes:ValueReference>centre</fes:ValueReference>{surface}</fes:Intersects></fes:Filter></wfs:Query>"
        "</wfs:GetFeature>"
    )
    answer = world.clients["steward"].post("/wfs", document, content_type="text/xml")
    assert answer.status_code == 400
