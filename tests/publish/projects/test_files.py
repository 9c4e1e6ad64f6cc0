"""The files for QGIS: well-formed whatever people wrote, made for readers only, opened by QGIS itself."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from bocage.organizations.models import Organization
from bocage.publish.projects.files import layer_definition, project
from bocage.publish.projects.layers import Subject, features_of, tiles_of
from tests.publish.published import SHAPES, Published, member_of, published_in

HOSTILE = "L'eau \\ \"<b>&amp;]]>\x00\x0b\ufffe é {z}' url='http://evil.example/"
QGIS = "/usr/bin/python3"
OPENS = """
import json, sys
from qgis.core import QgsApplication, QgsProject, QgsLayerDefinition, QgsDataSourceUri
application = QgsApplication([], False)
application.initQgis()
project = QgsProject.instance()
found = {}
for file in sys.argv[1:]:
    project.clear()
    if file.endswith("qgs"):
        assert project.read(file)
    else:
        assert QgsLayerDefinition.loadLayerDefinition(file, project, project.layerTreeRoot())[0]
    extent = project.viewSettings().defaultViewExtent()
    told = {"crs": project.crs().authid(), "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]}
    for layer in project.mapLayers().values():
        renderer, uri = layer.renderer(), QgsDataSourceUri(layer.source())
        plain = hasattr(renderer, "symbol")
        told["features" if plain else "tiles"] = {
            "provider": layer.providerType() if plain else "vectortile", "crs": layer.crs().authid(), "name": layer.name(),
            "visible": project.layerTreeRoot().findLayer(layer.id()).isVisible(),
            "drawn": [renderer.symbol().color().name(), renderer.symbol().type()] if plain else len(renderer.styles()),
            "source": [uri.param("typename"), uri.param("url")] if plain else layer.source(),
        }
    found[file] = told
print(json.dumps(found))
"""


def subject(**changes) -> Subject:
    facts = {
        "root": "https://data.example", "slug": "arbres", "title": "Arbres", "abstract": "Tous", "attribution": "Ville",
        "licence": "ODbL", "page": "https://data.example/explore/dataset/arbres/", "geometry_types": ("Point",),
        "bbox": (-1.6, 47.1, -1.4, 47.3), "row_count": 12,
    }  # fmt: skip
    return Subject(**(facts | changes))


def written(one: Subject) -> tuple[bytes, bytes]:
    layers = [features_of(one), tiles_of(one, f"{one.title} (tuiles)")]
    return layer_definition(one, layers), project(one, layers)


@pytest.mark.parametrize("kind", ["Point", "MultiLineString", "Polygon"])
@pytest.mark.parametrize("title", ["Arbres", HOSTILE])
def test_what_people_write_stays_text(kind: str, title: str) -> None:
    for content in written(subject(title=title, abstract=title, attribution=title, geometry_types=(kind,))):
        root = ET.fromstring(content)
        sources = [one.text or "" for one in root.iter("datasource")]
        assert len(sources) == 2
        assert all("evil" not in source for source in sources)
        names = {one.text for one in root.iter("layername")}
        assert "".join(one for one in title if one.isprintable() and one != "\ufffe") in names


def test_large_datasets_are_seen_as_tiles_first() -> None:
    for count, expected in ((12, ["Qt::Checked", "Qt::Unchecked"]), (500_000, ["Qt::Unchecked", "Qt::Checked"])):
        root = ET.fromstring(written(subject(row_count=count))[1])
        assert [one.get("checked") for one in root.iter("layer-tree-layer")] == expected


@pytest.fixture(scope="session")
def qgis() -> str:
    """A Python that has QGIS; skips, and says how to get it, where there is none."""
    found = subprocess.run([QGIS, "-c", "import qgis.core"], capture_output=True, check=False)
    if found.returncode:
        pytest.skip("no QGIS: on Debian, `apt install python3-qgis`")
    return QGIS


KINDS = {"Point": 0, "LineString": 1, "MultiPolygon": 2}


def test_qgis_opens_them(qgis: str, tmp_path: Path) -> None:
    files = {tmp_path / f"{kind}.{suffix}": kind for kind in KINDS for suffix in ("qlr", "qgs")}
    for file, kind in files.items():
        file.write_bytes(written(subject(title=f"Arbres & {kind}", geometry_types=(kind,)))[file.suffix == ".qgs"])
    environment = {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    command = [qgis, "-c", OPENS, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    for file, told in json.loads(done.stdout).items():
        kind = files[Path(file)]
        assert told["features"] == {
            "provider": "OAPIF", "crs": "OGC:CRS84", "name": f"Arbres & {kind}", "visible": True,
            "drawn": ["#1f6b4a", KINDS[kind]], "source": ["arbres", "https://data.example/ogc/"],
        }  # fmt: skip
        assert told["tiles"]["crs"] == "EPSG:3857"
        assert (told["tiles"]["visible"], told["tiles"]["drawn"]) == (False, 4)
        assert "url=https://data.example/tiles/arbres/%7Bz%7D/%7Bx%7D/%7By%7D.mvt" in told["tiles"]["source"]
        if file.endswith("qgs"):
            west, south, east, north = told["extent"]
            assert (west, east) == pytest.approx((-178_111 - 1_113, -155_847 + 1_113), abs=1_500)
            assert (south, north) == pytest.approx((5_961_600, 5_995_500), abs=20_000)
            assert told["crs"] == "EPSG:3857"


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    with django_db_blocker.unblock():
        return published_in(tmp_path_factory.mktemp("projects"), SHAPES)


@pytest.mark.parametrize("suffix", ["qlr", "qgs"])
def test_they_are_made_for_readers_only(kept: Published, settings, db: None, client: Client, suffix: str) -> None:
    kept.take(settings)
    opened = client.get(f"/qgis/lieux.{suffix}")
    assert (opened.status_code, opened["Cache-Control"]) == (200, "no-cache")
    assert opened["Content-Disposition"] == f'attachment; filename="lieux.{suffix}"'
    assert b"http://testserver/ogc/" in opened.content
    hidden, absent = client.get(f"/qgis/agents.{suffix}"), client.get(f"/qgis/nulle-part.{suffix}")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content.replace(b"agents", b"nulle-part") == absent.content
    client.force_login(member_of(Organization.objects.get()))
    private = client.get(f"/qgis/agents.{suffix}")
    assert (private.status_code, private["Cache-Control"]) == (200, "private, no-store")
    assert client.post(f"/qgis/lieux.{suffix}").status_code == 405
