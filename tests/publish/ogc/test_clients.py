"""Unmodified clients against a real server: GDAL (the engine of QGIS's own layers) and OWSLib."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import shapely

from tests.oracles import Oracle
from tests.publish.ogc.conftest import LAYERS
from tests.query.table import ROWS

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = Path(__file__).parent / "clients"
OWSLIB = Oracle("owslib-0.35.0", ("OWSLib==0.35.0",))
BOX = shapely.box(-2.0, 46.0, -1.0, 47.0)


@pytest.fixture
def server(live_server, settings, published):
    """Address of a server on loopback."""
    published.take(settings)
    return live_server.url


def boxed() -> list[str]:
    return [row["code"] for row in ROWS if row["contour"] is not None and row["contour"].intersects(BOX)]


def test_gdal_reads_everything(server):
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(CLIENTS / "read_gdal.py"), server, "lieux"], capture_output=True, text=True,
        timeout=120, check=False, env=kept,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["layers"] == sorted({"lieux", *LAYERS.values()})
    assert found["features"] == len(ROWS)
    assert found["codes"] == found["small"] == [row["code"] for row in ROWS]
    assert found["boxed"] == boxed()
    assert found["filtered"] == [
        row["code"] for row in ROWS if (row["nom"] or "").lower() == "nantes"
    ]  # as OGR compares
    assert (found["fields"]["pop"], found["fields"]["surface"]) in (
        ("int32", "float64"),
        ("int64", "float64"),
        ("float64", "float64"),
    )
    assert found["crs"] == "EPSG:2154"
    for point, row in zip(found["points"], ROWS, strict=True):
        assert point == (
            None if row["contour"] is None else [list(one) for one in shapely.get_coordinates(row["contour"])]
        )
    assert all(one is None or 2e5 < one[0][0] < 6e5 for one in found["projected"])


def test_owslib_reads_everything(server):
    found = json.loads(OWSLIB.run(CLIENTS / "read_owslib.py", server, "lieux"))
    assert found["collections"] == sorted({"lieux", *LAYERS.values()})
    assert (found["matched"], found["returned"], found["item"]) == (len(ROWS), 5, ROWS[0]["code"])
    assert found["filtered"] == sum(row["pop"] is not None and row["pop"] > 20 for row in ROWS)
    assert (found["boxed"], found["openapi"], found["title"]) == (len(boxed()), "3.0.3", "Titre de lieux")
    assert "contour" in found["queryables"]
