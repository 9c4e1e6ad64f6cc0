"""The FeatureServer as QGIS 3.22 (`arcgisfeatureserver`) and GDAL 3.6 (ESRIJSON) of Debian open it, unmodified."""

from __future__ import annotations

import json

import pytest

from tests.interfaces.geo.desktop import gdal, qgis
from tests.interfaces.geo.test_qgis import FRAME, KINDS, TABLE, requests, wanted
from tests.interfaces.geo.world import OF

pytestmark = pytest.mark.django_db(transaction=True)
SERVICES = "arcgis/rest/services"
DRAWN = [slug for slug, kind in KINDS.items() if kind != TABLE]
"""This release opens no table of these services, of whatever server: it wants a kind of geometry."""

MOST_REQUESTS = 40
"""By layer: its description, its numbers, and features by hundreds, as this provider reads."""

__all__ = ["requests"]


def test_qgis_adds_counts_filters_and_draws(server, requests, tmp_path):
    source = f"crs='EPSG:4326' url='{server}/{SERVICES}/{{}}/FeatureServer/0'"
    asked = {
        slug: {"provider": "arcgisfeatureserver", "source": source.format(slug), "filter": "nom LIKE '%1%'"}
        for slug in DRAWN
    }
    asked["arrets"] |= {"filter": "quais > 8 AND nom = 'Gare Sud'"}
    for slug in DRAWN:
        asked[slug] |= {"box": FRAME, "image": str(tmp_path / f"{slug}.png")}
    found = qgis(tmp_path, asked)
    for slug in DRAWN:
        told, layer = found[slug], OF[slug]
        assert told["valid"], told
        assert (told["geometry"], told["count"], told["read"]) == (KINDS[slug], layer.rows, layer.rows), slug
        assert {one.name for one in layer.fields if one.name != "geom"} <= set(told["fields"])
        assert told["filtered"] == wanted(slug), slug
        assert not told["editable"]  # this release reads these services, whatever they allow; later ones edit
        assert told["boxed"] == layer.rows
        assert told["extent"] == pytest.approx(layer.bbox, abs=1e-3)
        assert told["painted"] > 200, slug
    assert len(requests) < MOST_REQUESTS * len(DRAWN), requests


@pytest.mark.parametrize("slug", ["arrets", "zones"])
def test_gdal_puts_the_pages_together(server, tmp_path, slug):
    address = f"ESRIJSON:{server}/{SERVICES}/{slug}/FeatureServer/0/query?where=1%3D1&outFields=*&f=json"
    gdal(tmp_path, "ogr2ogr", "-f", "GeoJSON", "read.json", address)
    read = json.loads((tmp_path / "read.json").read_text())["features"]
    assert len(read) == OF[slug].rows
    assert len({one["properties"]["code"] for one in read}) == OF[slug].rows
    assert {one["geometry"]["type"] for one in read} <= {OF[slug].kind, f"Multi{OF[slug].kind}"}
