"""GDAL, unmodified, against a real server: pages of four features are put together by the driver."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CLIENT = Path(__file__).parent / "clients" / "read_gdal.py"


@pytest.mark.django_db(transaction=True)
def test_gdal_reads_everything(live_server, settings, served):
    served.take(settings)
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(CLIENT), live_server.url, "bornes"], capture_output=True, text=True, timeout=120,
        check=False, env=kept,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert (found["ids"], found["drawn"]) == ([10, 11, 12, 13, 14, 15], 6)
    assert (found["crs"], found["geometry"], found["moved"], found["filtered"]) == (
        "EPSG:4326",
        "Point",
        "EPSG:2154",
        3,
    )
    assert (found["fields"]["prix"], found["fields"]["nom"]) == ("float64", "object")
    assert found["fields"]["maj"].startswith("datetime64")
