"""Unmodified clients against a real server: GDAL (WFS) and OWSLib (WFS, WMS, WMTS)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import shapely

from tests.publish.ogc.conftest import LAYERS
from tests.publish.ogc.test_clients import OWSLIB, boxed
from tests.query.table import ROWS

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = Path(__file__).parent / "clients"
PNG = "89504e47"


@pytest.fixture
def server(live_server, settings, published):
    """Address of a server on loopback."""
    published.take(settings)
    return live_server.url


def test_gdal_reads_everything(server):
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(CLIENTS / "read_gdal.py"), server, "lieux"], capture_output=True, text=True,
        timeout=120, check=False, env=kept,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["layers"] == sorted(f"bocage:{one}" for one in ("lieux", *LAYERS.values()))
    assert found["features"] == len(ROWS)
    assert found["codes"] == found["paged"] == [row["code"] for row in ROWS]
    assert found["boxed"] == boxed()
    assert found["filtered"] == [row["code"] for row in ROWS if row["nom"] == "Nantes" and (row["pop"] or 0) > 10]
    assert (found["fields"]["pop"], found["fields"]["surface"]) == ("int64", "float64")
    assert found["crs"] == "EPSG:4326"
    for shape, row in zip(found["shapes"], ROWS, strict=True):
        assert (shape is None) == (row["contour"] is None)
        if shape is not None:  # longitude first again: the client knows the order of the axes
            assert shapely.from_wkt(shape).normalize().equals_exact(row["contour"].normalize(), 1e-9)


def test_owslib_reads_everything(server):
    found = json.loads(OWSLIB.run(CLIENTS / "read_owslib.py", server, "lieux"))
    types = sorted(f"bocage:{one}" for one in ("lieux", *LAYERS.values()))
    assert (found["types"], found["title"]) == (types, "Titre de lieux")
    assert {"EPSG:4326", "EPSG:2154", "EPSG:3947"} <= set(found["crs"])
    assert (found["all"], found["boxed"]) == (len(ROWS), len(boxed()))
    assert found["filtered"] == sum((row["pop"] or 0) > 20 and "a" in (row["nom"] or "") for row in ROWS)
    assert "pop" in found["schema"]
    assert found["stored"] == ["urn:ogc:def:query:OGC-WFS::GetFeatureById"]
    assert found["layers"] == found["older"] == sorted({"lieux", *LAYERS.values()})
    assert [found["tile"], *found["maps"]] == [PNG] * 3
    assert found["grids"] == ["LAMB93", "WebMercatorQuad"]
    here = shapely.Point(-0.99, 46.99).buffer(0.2)
    assert {one["properties"]["code"] for one in json.loads(found["info"])["features"]} <= {
        row["code"] for row in ROWS if row["contour"] is not None and row["contour"].intersects(here)
    }
